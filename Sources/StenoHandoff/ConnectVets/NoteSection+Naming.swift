extension NoteSection {
    /// What the section is about, whatever language its label is in (CC-7); the folded title where nobody knows.
    package var kind: String {
        let label = Self.folded(self.label)
        let title = Self.folded(self.title)
        return Self.kinds[label] ?? Self.kinds[title] ?? (title.isEmpty ? label : title)
    }

    private static let kinds = [
        "anamnesis": "anamnesis", "anamnese": "anamnesis",
        "physical_exam": "physical_exam", "exame_fisico": "physical_exam", "exame_físico": "physical_exam",
        "diagnosis": "diagnosis", "diagnostico": "diagnosis", "diagnóstico": "diagnosis",
        "treatment": "treatment", "tratamento": "treatment",
        "observations": "observations", "observacoes": "observations", "observações": "observations",
        "follow-up": "follow_up", "follow_up": "follow_up", "retorno": "follow_up", "seguimento": "follow_up",
    ]

    /// Lower case, with one low line for each stretch of spaces.
    static func folded(_ name: String) -> String {
        name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: "_")
    }
}

extension ConnectVetsNote {
    /// What a name stands for in a note.
    package enum SectionSearch: Hashable, Sendable {
        case found(NoteSection)
        case none
        case several(Int)
    }

    /// The section of this id, else the one with this label, title or kind.
    package func section(named name: String) -> SectionSearch {
        if let exact = self.sections.first(where: { $0.id == name }) { return .found(exact) }
        let folded = NoteSection.folded(name)
        var found = self.sections.filter {
            NoteSection.folded($0.label) == folded || NoteSection.folded($0.title) == folded
        }
        if found.isEmpty { found = self.sections.filter { $0.kind == folded } }
        guard let first = found.first else { return .none }
        return found.count == 1 ? .found(first) : .several(found.count)
    }
}
