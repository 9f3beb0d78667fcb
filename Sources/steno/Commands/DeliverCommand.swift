import ArgumentParser
import Steno
import StenoJuvoly

/// `steno deliver`: finishes what was recorded.
struct DeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliver",
        abstract: "Finish what was recorded: have what is still without text recognised.",
        usage: "steno deliver <id> ... --to <target> [<options>]",
        discussion: """
            For dictations and streams that ended early, by a crash, without a network or because they were stopped: \
            only what is missing is sent, by the engine and to the service that the recording was made with, and the \
            whole text is on standard output. Of a recording that needs nothing more the text is printed.

              steno deliver 20261122-101500-k3v9 --to transcript
              steno deliver 20261122 --to transcript --format srt --output visit.srt
            """
    )

    @Argument(help: "Ids, beginnings of ids, or paths of folders or files.")
    var recordings: [String]

    @OptionGroup(title: "What is to be done")
    var aim: DeliverAim

    @OptionGroup(title: "Recognition and results")
    var recognition: DeliverOptions

    @OptionGroup(title: "Pace")
    var pace: PaceOptions

    @OptionGroup(title: "Everywhere")
    var common: CommonOptions

    func validate() throws {
        guard self.recordings.count == 1 || self.recognition.output.isEmpty else {
            throw ValidationError("--output takes one recording at a time. Run it once for each of them.")
        }
        try self.recognition.options().check()
    }

    func run() async throws {
        try await Program.run(self.common) { program in
            try await DeliverJob(self, in: program).run()
        }
    }
}

/// What a stored recording is still to become.
struct DeliverAim: ParsableArguments {
    @Option(help: ArgumentHelp("What is to be done; repeatable.", valueName: "target"))
    var to: [DeliverTarget]

    @Flag(help: "Repeat what is done already, from the beginning (default: only what is missing).")
    var again = false
}

enum DeliverTarget: String, ExpressibleByArgument, CaseIterable {
    /// Everything that was said has its text.
    case transcript
}

/// The options about recognising that fit a recording which is there already.
struct DeliverOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The engine of the recording; no other can finish it.", valueName: "engine"))
    var engine: EngineChoice?

    @Option(help: ArgumentHelp("The Juvoly model of the recording; no other can finish it.", valueName: "name"))
    var model: String?

    @Option(
        help: ArgumentHelp("What is sent: raw PCM, or FLAC at about half the bytes (default: pcm).", valueName: "form")
    )
    var uplink: JuvolyConfiguration.Uplink?

    @Option(
        help: ArgumentHelp(
            "For recordings that were made with --sandbox: the one at URL, or a new one (default: real services).",
            valueName: "URL"
        )
    )
    var sandbox: SandboxChoice?

    @Option(help: ArgumentHelp("What standard output carries; jsonl is live.", valueName: "format"))
    var format: OutputFormat = .text

    @Option(
        help: ArgumentHelp(
            "Write the result to this file too, in the format of its suffix (\(OutputFormat.suffixes)); repeatable.",
            valueName: "file"
        ),
        completion: .file()
    )
    var output: [String] = []

    @Flag(help: "Ask the service for codings, resources and measurements.")
    var information = false

    /// As the options of a recognition, for a recording made by `engine` with `model`.
    func options(engine: EngineChoice? = nil, model: String? = nil) throws -> RecognitionOptions {
        var options = try RecognitionOptions.parse([])
        options.engine = engine ?? self.engine
        options.model = model ?? self.model
        options.uplink = self.uplink
        options.sandbox = self.sandbox
        options.format = self.format
        options.output = self.output
        options.information = self.information
        return options
    }
}
