/// A note that was written from a transcript.
package enum ClinicalNote: Hashable, Sendable {
    case text(String)
    /// In the order received, with names and descriptions as received.
    case fields([Field])

    package struct Field: Hashable, Sendable {
        package let name: String
        package let description: String
        /// May be empty.
        package let value: String

        package init(name: String, description: String, value: String) {
            self.name = name
            self.description = description
            self.value = value
        }
    }

    /// Titles and texts. Four fields are subjective, objective, assessment and plan, in this order, whatever the
    /// output language calls them (contract Invox §4.1).
    package var parts: [(title: String, text: String)] {
        switch self {
        case .text(let text):
            return [("", text)]
        case .fields(let fields):
            let letters = fields.count == 4 ? ["S: ", "O: ", "A: ", "P: "] : fields.map { _ in "" }
            return zip(letters, fields).map { letter, field in
                (letter + (field.name.isEmpty ? field.description : field.name), field.value)
            }
        }
    }

    /// For a screen or a file.
    package var plainText: String {
        if case .text(let text) = self { return text }
        return self.parts.map { "\($0.title)\n\($0.text)" }.joined(separator: "\n\n")
    }
}
