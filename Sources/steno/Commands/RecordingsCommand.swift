import ArgumentParser
import Steno
import StenoStore

/// `steno recordings`: what is kept on this machine.
struct RecordingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recordings",
        abstract: "List, show, export, check, recover and delete the recordings kept on this machine.",
        subcommands: [
            RecordingsListCommand.self, RecordingsShowCommand.self, RecordingsExportCommand.self,
            RecordingsVerifyCommand.self, RecordingsRecoverCommand.self, RecordingsDeleteCommand.self,
        ]
    )
}

/// Which library is meant.
struct RecordingsOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Look only at the recordings that were made with --sandbox (default: at all).",
            valueName: "URL"
        )
    )
    var sandbox: SandboxChoice?

    @OptionGroup var common: CommonOptions

    func library(_ program: Program) throws -> RecordingShelves {
        let settings = try program.settings(sandbox: self.sandbox?.address)
        let home = settings.storage.home.value
        guard let sandbox = self.sandbox else {
            return RecordingShelves(
                libraries: [program.library(home: home), program.library(home: "\(home)/sandbox")]
            )
        }
        // An address has led into the sandbox's folder already.
        return RecordingShelves(
            libraries: [program.library(home: sandbox.address == nil ? "\(home)/sandbox" : home)]
        )
    }
}

/// `steno recordings list`.
struct RecordingsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List recordings, oldest first.",
        usage: "steno recordings list [<options>]"
    )

    @Flag(help: "Write one JSON object per line.")
    var json = false

    @OptionGroup var options: RecordingsOptions

    func run() async throws {
        try await Program.run(self.options.common) { program in
            let places = try self.options.library(program).places()
            if places.isEmpty { program.say("There are no recordings yet.") }
            for place in places {
                try program.write("\(self.line(place))\n")
            }
            return .success
        }
    }
}

extension RecordingsListCommand {
    /// One that cannot be read is listed too: it is there.
    private func line(_ place: RecordingPlace) -> String {
        do throws(StoreError) {
            let info = try RecordingInfo(place)
            return self.json ? RecordingsReport.json(info) : RecordingsReport.line(info)
        } catch {
            return self.json ? RecordingsReport.json(place, error) : "\(place.id)  unreadable: \(error)"
        }
    }
}

/// `steno recordings show`.
struct RecordingsShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is known of a recording, with a picture of its timeline.",
        usage: "steno recordings show <id> [<options>]",
        discussion: """
            Also while it is written, and of a copied folder or file. With --follow each utterance is written as it is \
            stored, until the recording ends; the exit code then is 75 when something is unfinished.
            """
    )

    @Argument(help: "Its id, as much of it as tells it from the others, or the path of a folder or file.")
    var id: String

    @Flag(help: "Stay, and write what is said while it is being recorded.")
    var follow = false

    @Flag(help: "Write one JSON object, or with --follow one whenever there is news.")
    var json = false

    @OptionGroup var options: RecordingsOptions

    func run() async throws {
        try await Program.run(self.options.common) { program in
            let place = try self.options.library(program).place(self.id)
            let info = try RecordingInfo(place)
            if self.follow, case .running = info.state {
                var following = RecordingsFollow(place, isJSON: self.json, in: program)
                return try await following.run()
            }
            let text = self.json ? RecordingsReport.json(info) : RecordingsReport.text(info, width: 72)
            try program.write("\(text)\n")
            return .success
        }
    }
}

/// `steno recordings delete`.
struct RecordingsDeleteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete recordings for ever, and leave a line in the audit log.",
        usage: "steno recordings delete <id> ... [<options>]",
        discussion: """
            What is being written is not deleted. The key of a sealed recording is destroyed, so that no copy of it can \
            be read any more, wherever it is. The audit log is $STENO_HOME/audit.log.
            """
    )

    @Argument(help: "Their ids, or as much of each as tells it from the others.")
    var ids: [String]

    @OptionGroup var options: RecordingsOptions

    func run() async throws {
        try await Program.run(self.options.common) { program in
            let library = try self.options.library(program)
            // All names first: a mistake in the third must not cost the first.
            let places = try self.ids.map { try library.place($0) }
            for place in places {
                let info = try? RecordingInfo(place)
                try library.delete(place)
                let open = info.flatMap(RecordingsReport.open).map { " It was not finished: \($0)." } ?? ""
                program.say("Deleted \(place.id).\(open)")
            }
            return .success
        }
    }
}
