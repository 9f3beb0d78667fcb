internal import StenoWire

/// What a clinical note is to hold, field by field (contract Invox §5.2).
package struct NoteTemplate: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case string, number, array, boolean
        /// One of these.
        case choice([String])
    }

    package struct Field: Hashable, Sendable {
        package var id: String
        package var name: String
        package var description: String
        package var kind: Kind

        package init(id: String, name: String, description: String, kind: Kind = .string) {
            self.id = id
            self.name = name
            self.description = description
            self.kind = kind
        }
    }

    package var id: String
    package var name: String
    package var description: String
    /// As the vendor writes it, such as `en`.
    package var language: String
    package var fields: [Field]

    package init(id: String, name: String, description: String, language: String, fields: [Field]) {
        self.id = id
        self.name = name
        self.description = description
        self.language = language
        self.fields = fields
    }

    var json: JSONValue {
        [
            "id": .string(self.id), "template_name": .string(self.name),
            "template_description": .string(self.description), "template_language": .string(self.language),
            "fields": .array(self.fields.map(\.json)),
        ]
    }
}

extension NoteTemplate.Field {
    /// With an empty value of its type, which the call asks for (IA-13).
    fileprivate var json: JSONValue {
        let (type, empty): (String, JSONValue) =
            switch self.kind {
            case .string: ("string", "")
            case .number: ("number", 0)
            case .array: ("array", [])
            case .boolean: ("boolean", false)
            case .choice: ("enum", "")
            }
        var members = [
            JSONMember(name: "id", value: .string(self.id)), JSONMember(name: "name", value: .string(self.name)),
            JSONMember(name: "description", value: .string(self.description)),
            JSONMember(name: "type", value: .string(type)),
        ]
        if case .choice(let options) = self.kind {
            members.append(JSONMember(name: "enumerableOptions", value: .array(options.map { .string($0) })))
        }
        members.append(JSONMember(name: "value", value: empty))
        return .object(members)
    }

    /// Whether an answer is one of those asked for; anything else is shown, and a person looks at it (IA-14).
    func admits(_ value: JSONValue?) -> Bool {
        switch (self.kind, value) {
        case (.string, .string), (.number, .integer), (.number, .number), (.array, .array), (.boolean, .bool): true
        case (.choice(let options), .string(let text)): options.contains(text)
        default: false
        }
    }
}
