import ArgumentParser
import Steno
import StenoCore
import StenoStore

/// `steno recordings verify`.
struct RecordingsVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that every piece of audio can be read and nothing is missing without a reason.",
        usage: "steno recordings verify [<id> ...] [<options>]",
        discussion: """
            Decodes everything, so an hour of audio takes some seconds. Damage is told with its place; all else stays \
            usable. The exit code is 0 when all is well and 74 when something is damaged.
            """
    )

    @Argument(help: "Ids, beginnings of ids, or paths of folders or files (default: all recordings).")
    var ids: [String] = []

    @Flag(help: "Write one JSON object per line.")
    var json = false

    @OptionGroup var options: RecordingsOptions

    func run() async throws {
        try await Program.run(self.options.common) { program in
            let library = try self.options.library(program)
            let places = try self.ids.isEmpty ? library.places() : self.ids.map { try library.place($0) }
            var code = ExitCode.success
            for place in places {
                let verification = try RecordingVerification(place)
                if !verification.isSound { code = code.combined(with: .disk) }
                let lines =
                    self.json
                    ? [RecordingsReport.json(place, verification)] : RecordingsReport.lines(place, verification)
                for line in lines { try program.write("\(line)\n") }
            }
            return code
        }
    }
}

/// `steno recordings recover`.
struct RecordingsRecoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Finish recordings that a crash or a power cut left unfinished.",
        usage: "steno recordings recover [<id> ...] [<options>]",
        discussion: "Everything that was on the disk is kept. What is being written is left alone."
    )

    @Argument(help: "Ids, beginnings of ids, or paths of folders or files (default: all unfinished recordings).")
    var ids: [String] = []

    @OptionGroup var options: RecordingsOptions

    func run() async throws {
        try await Program.run(self.options.common) { program in
            let library = try self.options.library(program)
            let places =
                try self.ids.isEmpty
                ? library.places().filter { (try? RecordingInfo($0))?.state == .unfinished }
                : self.ids.map { try library.place($0) }
            if places.isEmpty { program.say("No recording is unfinished.") }
            for place in places {
                let wasFinished = try RecordingInfo(place).finished != nil
                let info = try library.recover(place)
                let length = ClockText.text(info.end.seconds)
                try program.write("\(place.id)  \(wasFinished ? "was finished" : "recovered"), \(length)\n")
            }
            return .success
        }
    }
}

/// `steno recordings export`.
struct RecordingsExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the audio of a recording as WAV or FLAC.",
        usage: "steno recordings export <id> --output <file> [<options>]",
        discussion: """
            16 kHz, mono, 16 bits. Gaps are silence, so that times stay right. The file appears when it is whole, with \
            mode 0600. The exit code is 74 when some audio is damaged; then that is silence too.
            """
    )

    @Argument(help: "Its id, as much of it as tells it from the others, or the path of a folder or file.")
    var id: String

    @Option(help: ArgumentHelp("The file to write; its suffix, .wav or .flac, chooses the form.", valueName: "file"))
    var output: String

    @OptionGroup var options: RecordingsOptions

    func validate() throws {
        guard RecordingExport(fileName: self.output) != nil else {
            throw ValidationError("--output '\(self.output)' has no suffix that names a form. Use .wav or .flac.")
        }
    }

    func run() async throws {
        try await Program.run(self.options.common) { program in
            guard let form = RecordingExport(fileName: self.output) else { return .usage }
            let reader = try RecordingReader(try self.options.library(program).place(self.id))
            try form.write(reader, to: self.output)
            let gaps = reader.info.gaps.isEmpty ? "" : ", gaps as silence"
            program.say("Wrote \(ClockText.text(reader.info.end.seconds)) to '\(self.output)'\(gaps).")
            guard !reader.damaged.isEmpty else { return .success }
            let seconds = SamplePosition(frames: reader.damaged.frames).seconds
            program.say(
                "\(RecordingsReport.text(seconds: seconds)) s are damaged and silent. 'steno recordings verify' tells where.",
                .warning
            )
            return .disk
        }
    }
}
