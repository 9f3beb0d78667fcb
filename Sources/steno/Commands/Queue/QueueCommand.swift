import ArgumentParser
import Steno
import StenoStore

/// `steno queue`: what is to be handed over, and what became of it.
struct QueueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue",
        abstract: "See what waits to be handed over, and decide about it.",
        discussion: """
            Every summary and note that was asked for stands in its recording, from before the first byte is sent until \
            the service has it. Nothing leaves the queue by itself but what is done. An ID is that of a recording, which \
            means all of its hand-offs, or of one hand-off; as much of it as tells it from the others is enough.
            """,
        subcommands: [
            QueueListCommand.self, QueueShowCommand.self, QueueRetryCommand.self, QueueHoldCommand.self,
            QueueReleaseCommand.self, QueueDropCommand.self, QueueExportCommand.self,
        ]
    )
}

/// `steno queue list`.
struct QueueListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List hand-offs with their states, oldest first.",
        usage: "steno queue list [<options>]",
        discussion: """
            States: intended (nothing was sent yet), sending, unknown (it was sent, and no answer came), processing (the \
            service has it and works on it), parked (a person is needed; the reason says why), done, skipped (there was \
            nothing to hand over) and dropped.
            """
    )

    @Flag(help: "List what is done, skipped and dropped as well (default: only what is still to do).")
    var all = false

    @Flag(help: "Write one JSON object per line.")
    var json = false

    @Flag(help: "Write comma-separated values (RFC 4180) with a line of names.")
    var csv = false

    @OptionGroup var options: RecordingsOptions

    func validate() throws {
        guard !self.json || !self.csv else {
            throw ValidationError("--json and --csv are two forms. Give one of them.")
        }
    }

    func run() async throws {
        try await Program.run(self.options.common) { program in
            let shelf = QueueShelf(try self.options.library(program))
            let found = shelf.entries(openOnly: !self.all)
            if found.entries.isEmpty { program.say(self.all ? "Nothing was handed over yet." : "Nothing waits.") }
            let form = Listing.Form(json: self.json, csv: self.csv)
            try program.write(QueueReport.listing(found.entries).text(form))
            for unreadable in found.unreadable { program.say(unreadable.description, .warning) }
            return found.unreadable.first.map { ExitCode($0) } ?? .success
        }
    }
}

/// `steno queue show`.
struct QueueShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what went where, when and with which id, and what is still to do.",
        usage: "steno queue show <id> [<options>]"
    )

    @Argument(help: "The id of a recording or of one hand-off.")
    var id: String

    @Flag(help: "Write one JSON object per line.")
    var json = false

    @OptionGroup var options: RecordingsOptions

    func run() async throws {
        try await Program.run(self.options.common) { program in
            let entries = try QueueShelf(try self.options.library(program)).entries(named: self.id)
            if entries.isEmpty { program.say("Nothing was asked for with this recording.") }
            guard !self.json else {
                try program.write(QueueReport.listing(entries).text(.json))
                return .success
            }
            try program.write(entries.map { QueueReport.text($0) }.joined(separator: "\n"))
            return .success
        }
    }
}
