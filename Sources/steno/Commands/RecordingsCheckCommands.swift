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
            usable. The exit code is 0 when all is well, 74 when something is damaged, and 78 when a sealed recording \
            could not be opened, so that only what is around its content was checked.
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
                if let trouble = verification.trouble { code = code.combined(with: ExitCode(trouble)) }
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
        discussion: """
            Everything that was on the disk is kept. What is being written is left alone. No key is needed.
            """
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
