import ArgumentParser

/// `steno notes`: what ConnectVets made of recordings.
struct NotesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notes",
        abstract: "Read, export, correct and reprocess the notes that ConnectVets made.",
        discussion: """
            Needs CONNECTVETS_API_KEY, or --sandbox. On a terminal lists are tables; a pipe gets a line for each row with \
            tabs between its fields. --json is for programs.
            """,
        subcommands: [
            NotesListCommand.self, NotesShowCommand.self, NotesStatusCommand.self, NotesExportCommand.self,
            NotesRetryCommand.self, NotesEditCommand.self,
        ]
    )
}
