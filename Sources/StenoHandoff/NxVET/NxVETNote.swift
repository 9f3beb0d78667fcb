package import StenoWire

/// One note of a label: a transcript, a clinical note, or both, in a text that holds JSON (§4.2).
package struct NxVETNote: Hashable, Sendable {
    /// `Transcript`, `SOAP`, or another.
    package let type: String?
    package let transcript: String?
    package let clinicalNote: String?
    /// The JSON was cut off, so that nothing of it can be trusted.
    package let isDamaged: Bool
    /// As it came: the JSON inside the text, or the text.
    package let content: JSONValue

    /// `nil` for nothing at all: null, an empty text, `{}`. That means "not yet" (§4.2).
    init?(_ value: JSONValue) {
        let type = value["type"]?.string
        let content = value["content"] ?? .null
        if let members = content.members {
            guard !members.isEmpty else { return nil }
            self.init(type: type, object: content)
        } else if let text = content.string, text.contains(where: { !$0.isWhitespace }) {
            guard let parsed = try? JSONValue(parsing: text), let members = parsed.members else {
                self.init(type: type, text: text)
                return
            }
            guard !members.isEmpty else { return nil }
            self.init(type: type, object: parsed)
        } else {
            return nil
        }
    }

    private init(type: String?, object: JSONValue) {
        self.type = type
        // The name is the vendor's: it is the transcript.
        self.transcript = object["english_soap"].flatMap { Self.text($0) }
        self.clinicalNote = object["clinical_note"].flatMap { Self.text($0) }
        self.isDamaged = false
        self.content = object
    }

    /// Plain text where JSON is documented (NC-3), of which a `SOAP` note is the clinical one. What begins like JSON and
    /// is none was cut off.
    private init(type: String?, text: String) {
        let isNote = type?.lowercased() == "soap"
        let isDamaged = text.first { !$0.isWhitespace } == "{"
        self.type = type
        self.isDamaged = isDamaged
        self.transcript = isDamaged || isNote ? nil : text
        self.clinicalNote = isDamaged || !isNote ? nil : text
        self.content = .string(text)
    }

    /// Whatever shape a note has, as lines (NC-20). An object of sections gives `Section: text`, where the text may be
    /// in a member `value`. The depth is that of the parser.
    static func text(_ value: JSONValue) -> String? {
        switch value {
        case .null: return nil
        case .bool, .integer, .number: return value.serialized()
        case .string(let text): return text.contains { !$0.isWhitespace } ? text : nil
        case .array(let values):
            let texts = values.compactMap { Self.text($0) }
            return texts.isEmpty ? nil : texts.joined(separator: "\n")
        case .object(let members):
            if let inner = value["value"] { return Self.text(inner) }
            let lines = members.compactMap { member in
                Self.text(member.value).map { "\(member.name): \($0)" }
            }
            return lines.isEmpty ? nil : lines.joined(separator: "\n")
        }
    }
}
