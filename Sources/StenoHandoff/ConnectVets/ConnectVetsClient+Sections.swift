package import StenoHTTP
internal import StenoWire

/// What came of writing into a section.
package enum SectionUpdate: Hashable, Sendable {
    /// As the service has it now.
    case written(NoteSection)
    /// Somebody changed it since it was read; nothing was written. As the service has it now.
    case changedBefore(NoteSection)
    /// It was written, and has another text now: somebody else is writing too (CA-8).
    case changedAfter(NoteSection)
    case noSection
    /// So many sections go by this name.
    case ambiguous(Int)
    /// Without an id it can be read, not written (CC-26).
    case readOnly(NoteSection)
}

extension ConnectVetsClient {
    /// Writes a new text into one section of a note: reads the note, compares, writes all four fields, reads back.
    ///
    /// An attempt whose answer is lost is made again only after another look, so that a rival's text is never
    /// overwritten by a repetition.
    ///
    /// - Parameters:
    ///   - name: the section's id, label, title or kind.
    ///   - seen: what the person saw when they began to write; when somebody changed it since, nothing is written. `nil`
    ///     compares nothing.
    package func update(
        _ name: String,
        of id: String,
        to content: String,
        seen: String? = nil
    ) async throws(ServiceError) -> SectionUpdate {
        var section: NoteSection
        switch try await self.note(id).section(named: name) {
        case .found(let found): section = found
        case .none: return .noSection
        case .several(let count): return .ambiguous(count)
        }
        guard let sectionID = section.id else { return .readOnly(section) }
        if let seen, !Self.isSame(seen, section.content) { return .changedBefore(section) }
        let before = section.content
        var attempt = 1
        while true {
            do {
                try await self.write(content, into: section, sectionID)
                break
            } catch {
                guard let delay = self.patient.delay(error, attempt) else { throw error }
                do { try await self.time.sleep(delay) } catch _ { throw error }
                attempt += 1
            }
            guard case .found(let now) = try await self.note(id).section(named: sectionID) else { return .noSection }
            if Self.isSame(now.content, content) { return .written(now) }
            guard Self.isSame(now.content, before) else { return .changedAfter(now) }
            section = now
        }
        guard case .found(let now) = try await self.note(id).section(named: sectionID) else { return .noSection }
        return Self.isSame(now.content, content) ? .written(now) : .changedAfter(now)
    }

    private func write(_ content: String, into section: NoteSection, _ id: String) async throws(ServiceError) {
        let body: JSONValue = [
            "title": .string(section.title), "content": .string(content), "order": .string(section.order),
            "label": .string(section.label),
        ]
        _ = try await self.send(
            HTTPRequest(
                .patch,
                self.configuration.base.appending("note_sections").querying([("section_id", id)]),
                body: .json(body.serialized()),
                timeLimit: self.configuration.callTimeLimit
            )
        )
    }

    /// A service may well cut the white space around a text.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        left == right || Self.trimmed(left) == Self.trimmed(right)
    }

    private static func trimmed(_ text: String) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
