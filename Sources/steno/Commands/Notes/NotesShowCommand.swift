import ArgumentParser
import Steno
import StenoHTTP
import StenoHandoff
import StenoWire

/// `steno notes show`.
struct NotesShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a note with its sections and its transcript.",
        usage: "steno notes show <note> [<options>]",
        discussion: "What is still being made is said to be. A note takes 1 to 5 minutes, as a rule."
    )

    @Argument(help: "Its id.")
    var note: String

    @OptionGroup var options: NotesOptions

    func run() async throws {
        try await self.options.run { session in
            let note = try await session.client.note(self.note)
            var transcript: String?
            var trouble: ServiceError?
            do throws(ServiceError) {
                transcript = try await session.client.transcript(of: note)
            } catch {
                trouble = error
            }
            try session.write(FieldView(note, transcript: transcript))
            switch note.status {
            case .completed: break
            case .failed:
                session.say("ConnectVets could not process it. 'steno notes retry \(note.id)' has it tried again.")
            case .pending, .processing, .unknown:
                session.say("It is not ready yet. 'steno notes status \(note.id) --wait' waits for it.")
            }
            guard let trouble else { return .success }
            session.say(trouble.message, .warning)
            return .unfinished
        }
    }
}

extension FieldView {
    init(_ note: ConnectVetsNote, transcript: String?) {
        self.init(
            note.members + [
                ("note_sections", .array(note.sections.map(\.object))), ("transcript", .text(transcript)),
                ("error_message", .text(note.failure)),
            ],
            fields: [
                ("note", note.id), ("status", note.status.text), ("patient", note.name), ("gender", note.gender),
                ("external id", note.externalID), ("made", note.createdAt), ("changed", note.updatedAt),
                ("failure", note.failure),
            ] + (note.metadata ?? []).map { ("meta \($0.key)", $0.value) }
        )
        self.texts =
            note.sections.map { ($0.heading, $0.content) } + [(heading: "transcript", text: transcript)]
    }
}

extension NoteSection {
    /// Under the vendor's names, and what it is about in one word.
    var object: JSONValue {
        [
            "id": .text(self.id), "title": .string(self.title), "label": .string(self.label),
            "kind": .string(self.kind), "content": .string(self.content), "order": .string(self.order),
        ]
    }

    /// For a person: the title, and the name to edit it by where that is another.
    var heading: String {
        let name = self.label.isEmpty ? self.kind : self.label
        return NoteSection.isAlike(self.title, name) ? self.title : "\(self.title) (\(name))"
    }

    private static func isAlike(_ left: String, _ right: String) -> Bool {
        left.lowercased().filter(\.isLetter) == right.lowercased().filter(\.isLetter)
    }
}
