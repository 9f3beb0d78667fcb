package import StenoHTTP
internal import StenoWire

extension ConnectVetsClient {
    /// Writes a new text into one section of a note: reads the note, compares, writes all four fields, reads back.
    ///
    /// - Parameters:
    ///   - name: the section's id, label or title.
    ///   - seen: what the person saw when they began to write; when somebody changed it since, nothing is written. `nil`
    ///     compares nothing.
    /// - Returns: the section as the service has it now.
    package func update(
        _ name: String,
        of id: String,
        to content: String,
        seen: String? = nil
    ) async throws(ServiceError) -> NoteSection {
        let section = try Self.section(name, of: try await self.note(id))
        guard let sectionID = section.id else {
            throw Self.refusal("The section '\(name)' has no id at ConnectVets, so it can be read and not written.")
        }
        if let seen, seen != section.content {
            throw Self.refusal("Somebody changed the section '\(name)' meanwhile. Read it again, then write.")
        }
        let url = self.configuration.base.appending("note_sections").querying([("section_id", sectionID)])
        let body: JSONValue = [
            "title": .string(section.title), "content": .string(content), "order": .string(section.order),
            "label": .string(section.label),
        ]
        // The same text written twice is written once, so this may be repeated.
        let request = HTTPRequest(
            .patch,
            url,
            body: .json(body.serialized()),
            timeLimit: self.configuration.callTimeLimit
        )
        _ = try await self.patient.run(self.time) { () throws(ServiceError) in try await self.send(request) }
        let written = try Self.section(sectionID, of: try await self.note(id))
        guard written.content == content else {
            throw Self.refusal("ConnectVets took the text, but has another one now. Somebody else is writing too.")
        }
        return written
    }

    private static func section(_ name: String, of note: ConnectVetsNote) throws(ServiceError) -> NoteSection {
        if let exact = note.sections.first(where: { $0.id == name }) { return exact }
        let folded = name.lowercased()
        let found = note.sections.filter { $0.label.lowercased() == folded || $0.title.lowercased() == folded }
        guard let first = found.first else {
            throw Self.refusal("The note has no section '\(name)'. 'steno notes show' lists them.")
        }
        guard found.count == 1 else {
            throw Self.refusal("\(found.count) sections are called '\(name)'. Name one by its id.")
        }
        return first
    }

    private static func refusal(_ message: String) -> ServiceError {
        ServiceError(.rejected, service: "ConnectVets", message: message)
    }
}
