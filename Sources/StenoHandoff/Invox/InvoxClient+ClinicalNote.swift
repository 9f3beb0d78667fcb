package import StenoHTTP
internal import StenoWire

/// A clinical note that follows a template.
package struct FilledNote: Hashable, Sendable {
    package let note: ClinicalNote
    /// Ids of fields that are missing, empty of type, or outside of what the template allows: for a person to look at.
    package let doubtful: [String]
}

extension InvoxClient {
    /// Languages of this call alone; for any other the service finds out itself (IC-2).
    private static let templateLanguages: Set<String> = ["es", "en", "ca", "pt-BR", "pt-PT"]

    /// Has a summary brought into the form of a template (contract §5.2). By the rules of ``summarize(_:)``: it may be
    /// billed and cannot be looked for.
    package func clinicalNote(
        from summary: String,
        template: NoteTemplate,
        language: String? = nil
    ) async throws(ServiceError) -> FilledNote {
        guard summary.contains(where: { !$0.isWhitespace }) else { throw InvoxErrors.noSpeech }
        var members = [
            JSONMember(name: "template", value: template.json), JSONMember(name: "summary", value: .string(summary)),
        ]
        if let language, Self.templateLanguages.contains(language) {
            members.append(JSONMember(name: "language", value: .string(language)))
        }
        let call = Call(
            path: "generate-clinical-note-from-summary",
            body: .object(members),
            language: language ?? "",
            read: { FilledNote($0, by: template) }
        )
        return try await self.run(call)
    }
}

extension FilledNote {
    fileprivate init?(_ json: JSONValue, by template: NoteTemplate) {
        guard let note = ClinicalNote(json["clinicalNote"]) else { return nil }
        let values = json["clinicalNote"]?.array ?? json["clinicalNote"]?["fields"]?.array ?? []
        self.note = note
        self.doubtful = template.fields.filter { field in
            let answer =
                values.first { $0["id"]?.string == field.id } ?? values.first { $0["name"]?.string == field.name }
            return !field.admits(answer?["value"])
        }.map(\.id)
    }
}
