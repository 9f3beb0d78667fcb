import ArgumentParser
import Steno
import StenoAudio
import StenoCore

/// `steno stream`: the whole way from recorded audio to a note.
struct StreamCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stream",
        abstract: "Recognise recordings: WAV, FLAC, OGG, MP3 and others, or '-' for WAV or raw PCM on standard input.",
        discussion: """
            Standard output carries the text and nothing else; progress goes to standard error.

              steno stream visit.wav --summary soep
              steno stream visit.flac --format jsonl --output visit.srt
              arecord -f S16_LE -r 16000 | steno stream -
            """
    )

    @Argument(help: "Recordings, or '-' for standard input.", completion: .file())
    var files: [String]

    @OptionGroup(title: "Recognition and results")
    var recognition: RecognitionOptions

    @Option(help: ArgumentHelp("Times real time, or max (default: 1 for juvoly, max for local and the sandbox).", valueName: "n"))
    var speed: SpeedChoice?

    @Option(help: ArgumentHelp("Sampling rate of raw standard input, in Hz (default: 16000).", valueName: "hz"))
    var rate = 16_000

    @Option(help: ArgumentHelp("Channels of raw standard input (default: 1).", valueName: "n"))
    var channels = 1

    @Option(help: ArgumentHelp("Stop after this long without a ready connection, as 90s, 5m or 1h (default: 60s).", valueName: "time"))
    var giveUp: DurationChoice = .init(.seconds(60))

    @OptionGroup(title: "Everywhere")
    var common: CommonOptions

    func validate() throws {
        guard self.files.count == 1 || self.recognition.output.isEmpty else {
            throw ValidationError("--output takes one recording at a time. Run it once for each of the files.")
        }
        guard self.files.filter({ $0 == "-" }).count <= 1 else {
            throw ValidationError("Standard input ('-') can be read once only.")
        }
        guard (1...768_000).contains(self.rate), (1...64).contains(self.channels) else {
            throw ValidationError("--rate takes 1 to 768000 Hz, --channels 1 to 64.")
        }
        try self.recognition.check()
    }

    func run() async throws {
        try await Program.run(self.common) { program in
            let job = try await StreamJob(self, in: program)
            var code = ExitCode.success
            for file in self.files {
                do {
                    code = code.combined(with: try await job.run(file))
                } catch {
                    let failure = Failure(error)
                    program.say("steno: \(failure.description)")
                    code = code.combined(with: failure.code)
                }
            }
            await job.end()
            return code
        }
    }
}

/// `--speed`.
enum SpeedChoice: ExpressibleByArgument {
    case max
    case times(Double)

    init?(argument: String) {
        if argument == "max" {
            self = .max
        } else if let times = Double(argument), times.isFinite, times > 0, times <= 1_000 {
            self = .times(times)
        } else {
            return nil
        }
    }
}

/// A length of time on the command line: `90s`, `5m`, `1h`, `500ms`.
struct DurationChoice: ExpressibleByArgument, CustomStringConvertible {
    var value: Duration

    init(_ value: Duration) {
        self.value = value
    }

    init?(argument: String) {
        guard let value = DurationText.parse(argument), value > .zero else { return nil }
        self.value = value
    }

    var description: String { "\(self.value)" }
}
