import ArgumentParser
import Steno
import StenoALSA
import StenoAudio
import StenoCore
import StenoStore

/// `steno live`: dictation from a microphone.
struct LiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "live",
        abstract: "Dictate from a microphone, and see the text as it is spoken.",
        discussion: """
            Records first and connects then, so that nothing said meanwhile is lost. Standard output carries the \
            finished text and nothing else. On a terminal: space pauses and resumes, 's' makes a summary now, 'q' or \
            Ctrl-C stops and waits for the last words, a second Ctrl-C stops at once and keeps the audio.

              steno live --summary soep
              steno live --engine local --language en --duration 5m --output visit.md
              steno live --device hw:1,0 --channel 2 --until-silence 30s
            """
    )

    @OptionGroup(title: "Microphone")
    var microphone: MicrophoneOptions

    @OptionGroup(title: "Recognition and results")
    var recognition: RecognitionOptions

    @OptionGroup(title: "About the visit, for --upload")
    var visit: VisitOptions

    @OptionGroup(title: "What is kept")
    var storage: StorageOptions

    @OptionGroup(title: "Everywhere")
    var common: CommonOptions

    func validate() throws {
        try self.recognition.check()
        try self.visit.check(isUploading: self.recognition.upload != nil)
        try self.storage.check()
    }

    func run() async throws {
        try await Program.run(self.common) { program in
            try await LiveJob(self, in: program).run()
        }
    }
}

/// What is recorded, and until when.
struct MicrophoneOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Record from this ALSA device, or from this id of 'steno devices'.", valueName: "name")
    )
    var device = "default"

    @Option(help: ArgumentHelp("Use this channel of the device, counted from 1, or a mix of all.", valueName: "n|mix"))
    var channel: ChannelChoice = .mix

    @Option(
        help: ArgumentHelp(
            "Stop after recording for this long, such as 90s, 5m or 1h (default: no limit).",
            valueName: "time"
        )
    )
    var duration: TimeChoice?

    @Option(
        help: ArgumentHelp(
            "Stop when nobody has spoken for this long, such as 30s (default: no limit).",
            valueName: "time"
        )
    )
    var untilSilence: TimeChoice?

    @Flag(help: "Play a short tone before the recording begins and after it has ended; it is never recorded.")
    var tones = false

    var limit: RecordingLimit {
        RecordingLimit(duration: self.duration?.frames, silence: self.untilSilence?.frames)
    }
}

/// What stays on this machine.
struct StorageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Remove recordings this many days after everything was done; what is unfinished stays.",
            valueName: "days"
        )
    )
    var keep = 30

    @Flag(help: "Remove this recording as soon as everything is done (default: it is kept).")
    var noStore = false

    @Flag(help: "Store this recording unsealed: whoever has the disk can read it (default: sealed).")
    var noSeal = false

    /// The keys for a new recording; `nil` when it is not to be sealed.
    ///
    /// - Throws: what is wrong with the master key, before anything is recorded with it.
    func vault(of library: RecordingLibrary, _ settings: Settings) throws(StoreError) -> RecordingVault? {
        guard !self.noSeal, settings.storage.isSealed.value else { return nil }
        try library.vault?.prepare()
        return library.vault
    }

    func check() throws {
        guard (0...36_500).contains(self.keep) else { throw ValidationError("--keep takes 0 to 36500 days.") }
    }
}

extension TimeChoice {
    /// On the timeline.
    fileprivate var frames: Int64 { SamplePosition(seconds: self.value.inSeconds).frames }
}

extension ChannelChoice: ExpressibleByArgument {
    public init?(argument: String) {
        if argument == "mix" {
            self = .mix
        } else if let number = Int(argument), (1...64).contains(number) {
            self = .one(number)
        } else {
            return nil
        }
    }

    public var defaultValueDescription: String { "mix" }
}
