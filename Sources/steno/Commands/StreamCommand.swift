import ArgumentParser
import Steno

/// `steno stream`: the whole way from recorded audio to a note.
struct StreamCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stream",
        abstract: "Recognise recordings, and hand over what was said.",
        discussion: """
            Reads WAV, FLAC, OGG, MP3, AIFF and others; '-' is WAV or raw 16-bit PCM on standard input. Standard \
            output carries the text and nothing else, progress goes to standard error. Ctrl-C ends in order, a second \
            one at once. The same command goes on with what was left unfinished; what came by standard input is \
            finished by 'steno deliver'.

              steno stream visit.wav --summary soep
              steno stream visit.flac --format jsonl --output visit.srt
              arecord -f S16_LE -r 16000 | steno stream -
            """
    )

    @Argument(help: "Recordings, or '-' for standard input.", completion: .file())
    var files: [String]

    @OptionGroup(title: "Recognition and results")
    var recognition: RecognitionOptions

    @OptionGroup(title: "About the visit, for --upload")
    var visit: VisitOptions

    @OptionGroup(title: "Input and pace")
    var input: StreamInputOptions

    @OptionGroup(title: "What is kept")
    var storage: StorageOptions

    @OptionGroup(title: "Everywhere")
    var common: CommonOptions

    func validate() throws {
        if let address = self.files.first(where: { $0.hasPrefix("http://") || $0.hasPrefix("https://") }) {
            throw ValidationError(
                "'\(address)' is an address and not a recording. A sandbox's address is given as --sandbox=URL."
            )
        }
        guard self.files.count == 1 || self.recognition.output.isEmpty else {
            throw ValidationError("--output takes one recording at a time. Run it once for each of the files.")
        }
        guard self.files.filter({ $0 == "-" }).count <= 1 else {
            throw ValidationError("Standard input ('-') can be read once only.")
        }
        try self.input.check()
        try self.storage.check()
        try self.recognition.check()
        try self.visit.check(isUploading: self.recognition.upload != nil)
    }

    func run() async throws {
        try await Program.run(self.common) { program in
            try await StreamJob(self, in: program).run(self.files)
        }
    }
}

extension StreamCommand {
    /// Options that lead to the same result, without any that name somebody.
    var words: [String] {
        var words = self.recognition.words
        if self.recognition.upload != nil, let visit = self.visit.visit {
            words += ["--upload", UploadTarget.connectvets.rawValue, "--visit", visit]
        }
        return words + self.common.words
    }
}

/// What is read, and how fast it is sent.
struct StreamInputOptions: ParsableArguments {
    @OptionGroup var pace: PaceOptions

    @Option(help: ArgumentHelp("Sampling rate of raw standard input, in Hz.", valueName: "hz"))
    var rate = 16_000

    @Option(help: ArgumentHelp("Channels of raw standard input.", valueName: "n"))
    var channels = 1

    @Flag(help: "Begin anew, even if the same recording was left unfinished (default: go on with it).")
    var noResume = false

    @Flag(help: "Hand the recording over even if there is a note of it already (default: that is refused).")
    var again = false

    func check() throws {
        guard (1...768_000).contains(self.rate) else { throw ValidationError("--rate takes 1 to 768000 Hz.") }
        guard (1...64).contains(self.channels) else { throw ValidationError("--channels takes 1 to 64.") }
    }
}

/// `--speed`: 0.01 to 1000 times real time.
enum SpeedChoice: ExpressibleByArgument {
    case max
    case times(Double)

    init?(argument: String) {
        if argument == "max" {
            self = .max
        } else if let times = Double(argument), times.isFinite, (0.01...1_000).contains(times) {
            self = .times(times)
        } else {
            return nil
        }
    }
}

/// A length of time on the command line: `90s`, `5m`, `1h`, `500ms`.
struct TimeChoice: ExpressibleByArgument {
    let value: Duration
    /// As it was written.
    let defaultValueDescription: String

    /// - Precondition: `text` is a length of time; for defaults.
    init(_ text: String) {
        guard let choice = TimeChoice(argument: text) else { preconditionFailure("'\(text)' is no length of time") }
        self = choice
    }

    init?(argument: String) {
        guard let value = DurationText.parse(argument), value > .zero else { return nil }
        self.value = value
        self.defaultValueDescription = argument
    }
}
