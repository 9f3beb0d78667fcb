import Steno
import StenoWire

/// One thing for a person: named fields, then long texts under headings.
struct FieldView: Sendable {
    /// As one row, for programs.
    var listing: Listing
    /// Left out where there is nothing to tell.
    var fields: [(name: String, value: String?)]
    var texts: [(heading: String, text: String?)] = []

    /// Fields whose names are also their columns and members.
    init(_ members: [(String, JSONValue)], fields: [(name: String, value: String?)]) {
        self.listing = Listing(
            members.map { Listing.Column($0.0, $0.0) },
            rows: [Listing.Row(members.map(\.1), members: members)]
        )
        self.fields = fields
    }

    var text: String {
        let told = self.fields.compactMap { field in field.value.map { (name: field.name, value: $0) } }
        let width = told.map(\.name.count).max() ?? 0
        var text = ""
        for field in told {
            let padding = String(repeating: " ", count: width - field.name.count + 2)
            text += "\(field.name)\(padding)\(TerminalText.neutralised(field.value))\n"
        }
        for part in self.texts {
            guard let content = part.text else { continue }
            text += "\n--- \(part.heading) ---\n\(TerminalText.neutralised(content, keepingLineBreaks: true))\n"
        }
        return text
    }
}

extension JSONValue {
    static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
