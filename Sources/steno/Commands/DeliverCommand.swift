import ArgumentParser
import Steno
import StenoJuvoly

/// `steno deliver`: finishes what was recorded.
struct DeliverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliver",
        abstract: "Finish what was recorded, and hand it over.",
        usage: "steno deliver <id> ... --to <target> [<options>]",
        discussion: """
            transcript: what is still without text is recognised, by the engine and with the service that the recording \
            was made with; of a recording that needs nothing more the text is printed. invox, invox-soap, connectvets: \
            what was said is handed over, once. soep: the recording is heard once more, in real time. What cannot be \
            done now stays in the queue.

              steno deliver 20261122-101500-k3v9 --to transcript
              steno deliver 20261122 --to connectvets --visit visit.json
              steno deliver letter.txt --to invox-soap --language nl
            """
    )

    @Argument(help: "Ids, beginnings of ids, or paths of folders or files; for the invox targets also text files.")
    var recordings: [String]

    @OptionGroup(title: "What is to be done")
    var aim: DeliverAim

    @OptionGroup(title: "Recognition and results")
    var recognition: DeliverOptions

    @OptionGroup(title: "About the visit, for --to connectvets")
    var visit: VisitOptions

    @OptionGroup(title: "Pace")
    var pace: PaceOptions

    @OptionGroup(title: "Everywhere")
    var common: CommonOptions

    func validate() throws {
        guard self.recordings.count == 1 || self.recognition.output.isEmpty else {
            throw ValidationError("--output takes one recording at a time. Run it once for each of them.")
        }
        guard self.visit.isEmpty || self.aim.to.contains(.connectvets) else {
            throw ValidationError("The options about the visit are for --to connectvets, which is missing.")
        }
        guard !self.aim.wait || self.aim.to.contains(.connectvets) else {
            throw ValidationError("--wait waits for the note of --to connectvets, which is missing.")
        }
        if self.aim.to.contains(.connectvets), !self.visit.isEmpty { try self.visit.check(isUploading: true) }
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

    @Option(
        help: ArgumentHelp(
            "Language of Invox summaries, as an ISO 639 code such as en (default: not said).",
            valueName: "code"
        )
    )
    var language: String?

    @Flag(help: "Wait until the far side has finished the note, and show it.")
    var wait = false

    @Flag(help: "Repeat what is done already, from the beginning (default: only what is missing).")
    var again = false

    /// Everything that was said is recognised anew: because it is asked for, or because a summary of it is made by
    /// hearing it.
    var isHeardAgain: Bool { self.to.contains(.soep) || (self.again && self.to.contains(.transcript)) }

    var summaries: [SummaryKind] {
        self.to.compactMap { target in
            switch target {
            case .soep: .soep
            case .invox: .invox
            case .invoxSOAP: .invoxSOAP
            case .transcript, .connectvets: nil
            }
        }
    }
}

enum DeliverTarget: String, ExpressibleByArgument, CaseIterable {
    /// Everything that was said has its text.
    case transcript
    case soep
    case invox
    case invoxSOAP = "invox-soap"
    case connectvets
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
