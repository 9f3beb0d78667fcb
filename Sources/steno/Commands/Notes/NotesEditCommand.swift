import ArgumentParser
import Steno
import StenoHandoff
import StenoWire

/// `steno notes edit`.
struct NotesEditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Write a new text into one section of a note.",
        usage: "steno notes edit <note> <section> --content <file> [<options>]",
        discussion: """
            The section is named by its id, label or title, as 'steno notes show' tells them. It is read before the file \
            is, and again before it is written: when somebody changed it meanwhile, nothing is written.
            """
    )

    @Argument(help: "The note's id.")
    var note: String

    @Argument(help: "The section's id, label or title.")
    var section: String

    @Option(
        help: ArgumentHelp("The new text, UTF-8; '-' is standard input.", valueName: "file"),
        completion: .file()
    )
    var content: String

    @OptionGroup var options: NotesOptions

    func run() async throws {
        try await self.options.run { session in
            if self.content != "-" { _ = try ContentFile.read(self.content) }
            let note = try await session.client.note(self.note)
            let seen: NoteSection
            switch note.section(named: self.section) {
            case .found(let section): seen = section
            case .none: return self.end(.noSection, session)
            case .several(let count): return self.end(.ambiguous(count), session)
            }
            // Typed text may take an hour; what was seen before is what it must still stand on.
            let text = try ContentFile.read(self.content)
            let update = try await session.client.update(
                seen.id ?? self.section,
                of: self.note,
                to: text,
                seen: seen.content
            )
            if case .written(let section) = update { try session.write(self.view(section)) }
            return self.end(update, session)
        }
    }

    private func view(_ section: NoteSection) -> FieldView {
        var view = FieldView(
            [("note", .string(self.note)), ("section", section.object)],
            fields: [("note", self.note), ("section", section.heading), ("id", section.id)]
        )
        view.texts = [(section.title, section.content)]
        return view
    }

    private func end(_ update: SectionUpdate, _ session: NotesSession) -> ExitCode {
        let name = "'\(self.section)'"
        let show = "'steno notes show \(self.note)'"
        switch update {
        case .written: return .success
        case .changedBefore:
            return session.fail(
                .unfinished,
                "Somebody changed the section \(name) meanwhile, so nothing was written. Read it with \(show), then edit again."
            )
        case .changedAfter:
            return session.fail(
                .unfinished,
                "The section \(name) has another text now: somebody else is writing too. Read it with \(show)."
            )
        case .noSection:
            return session.fail(.noInput, "The note has no section \(name). \(show) lists them.")
        case .ambiguous(let count):
            return session.fail(.usage, "\(count) sections are called \(name). Name one by its id; \(show) lists them.")
        case .readOnly:
            return session.fail(
                .refused,
                "The section \(name) has no id at ConnectVets, so it can be read and not written. Ask their team."
            )
        }
    }
}
