import StenoWire

// A clinical note by a template, made of a summary (contract 5.2).
extension InvoxService {
    private static let languages: Set<String> = ["es", "en", "ca", "pt-BR", "pt-PT"]
    private static let types: Set<String> = ["string", "number", "array", "boolean", "enum"]

    func clinicalNote(_ head: HTTPRequestHead, _ body: [UInt8]) -> HTTPReply {
        let number = self.desk.countSummaryRequest()
        guard head.method == "POST" else { return self.refuse("5.2", "the note is made with POST", 405) }
        if let refusal = self.checkToken(head, number) { return refusal }
        if let fault = self.faultReply(number) { return fault }
        if let refusal = self.checkHeaders(head, number) { return refusal }
        guard let order = try? JSONValue(parsing: body), let template = order["template"],
            let summary = order["summary"]?.string, !summary.allSatisfy(\.isWhitespace)
        else { return self.refuse("5.2", "there is no template, or no summary", 400) }
        if let language = order["language"] {
            guard let code = language.string, Self.languages.contains(code) else {
                return self.refuse("5.2", "the language is none of the documented", 400)
            }
        }
        let names = ["id", "template_name", "template_description", "template_language"]
        guard names.allSatisfy({ template[$0]?.string != nil }), let fields = template["fields"]?.array else {
            return self.refuse("5.2", "the template is not whole", 400)
        }
        var filled: [JSONValue] = []
        for field in fields {
            guard let answer = Self.filled(field, summary) else {
                return self.refuse("IA-13", "a field of the template is not whole", 400)
            }
            filled.append(answer)
        }
        self.desk.generated(from: summary)
        return .json(200, ["clinicalNote": .array(filled)])
    }

    private static func filled(_ field: JSONValue, _ summary: String) -> JSONValue? {
        guard let id = field["id"]?.string, let name = field["name"]?.string,
            let description = field["description"]?.string, let type = field["type"]?.string,
            Self.types.contains(type), let empty = field["value"]
        else { return nil }
        let words = summary.split(whereSeparator: \.isWhitespace)
        let value: JSONValue
        switch (type, empty) {
        case ("string", .string): value = .string("\(PlainNote.label)\(words.prefix(12).joined(separator: " "))")
        case ("number", .integer), ("number", .number): value = .integer(Int64(words.count))
        case ("array", .array): value = .array(words.prefix(3).map { .string(String($0)) })
        case ("boolean", .bool): value = .bool(!words.isEmpty)
        case ("enum", .string): value = field["enumerableOptions"]?.array?.first ?? "[sandbox] none"
        default: return nil
        }
        return [
            "id": .string(id), "name": .string(name), "description": .string(description), "type": .string(type),
            "value": value,
        ]
    }
}
