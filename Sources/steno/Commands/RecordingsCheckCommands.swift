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
                let verification: RecordingVerification
                do throws(StoreError) {
                    verification = try RecordingVerification(place)
                } catch {
                    code = code.combined(with: Self.tell(error, program))
                    continue
                }
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

    /// One that cannot be opened does not keep the others from being looked at.
    fileprivate static func tell(_ error: StoreError, _ program: Program) -> ExitCode {
        program.say("\(error)", .error)
        return ExitCode(error)
    }
}

/// `steno recordings recover`.
struct RecordingsRecoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Finish recordings that a crash or a power cut left unfinished.",
        usage: "steno recordings recover [<id> ...] [<options>]",
        discussion: """
            Everything that was on the disk is kept, and what cannot be read is told with its place. What is being \
            written is left alone. No key is needed.
            """
    )

    @Argument(help: "Ids, beginnings of ids, or paths of folders or files (default: all unfinished recordings).")
    var ids: [String] = []

    @OptionGroup var options: RecordingsOptions

    func run() async throws {
        try await Program.run(self.options.common) { program in
            let library = try self.options.library(program)
            let places =
                try self.ids.isEmpty ? library.places().filter(Self.isLeft) : self.ids.map { try library.place($0) }
            if places.isEmpty { program.say("No recording is unfinished.") }
            var code = ExitCode.success
            for place in places {
                let finished = (try? RecordingInfo(place))?.finished
                let info: RecordingInfo
                do throws(StoreError) {
                    info = try library.recover(place)
                } catch {
                    code = code.combined(with: RecordingsVerifyCommand.tell(error, program))
                    continue
                }
                let length = ClockText.text(info.end.seconds)
                let wasFinished = finished != nil && finished == info.finished
                try program.write("\(place.id)  \(wasFinished ? "was finished" : "recovered"), \(length)\n")
                for line in RecordingsReport.losses(info) { program.say("\(place.id): \(line)", .warning) }
            }
            return code
        }
    }

    /// Its writer left it, or its file cannot be opened any more.
    private static func isLeft(_ place: RecordingPlace) -> Bool {
        do throws(StoreError) {
            return try RecordingInfo(place).state == .unfinished
        } catch {
            return error.reason == .failing || error.reason == .notARecording
        }
    }
}
