internal import StenoCore
internal import StenoWire

extension ConnectVetsNote {
    /// Takes every shape that was seen: `nil` only without an id.
    init?(_ value: JSONValue) {
        guard let id = value["id"].flatMap(Self.text), !id.isEmpty else { return nil }
        self.id = id
        self.name = value["name"]?.string
        self.gender = value["gender"]?.string
        self.status = NoteStatus(value["transcription_status"]?.string ?? value["status"]?.string)
        self.externalID = value["external_id"].flatMap(Self.text)
        self.metadata = Self.metadata(value["metadata"])
        self.createdAt = value["created_at"]?.string
        self.updatedAt = value["updated_at"]?.string
        self.sections = Self.sections(value["note_sections"]?.array ?? value["sections"]?.array ?? [])
        self.transcriptionURL = value["transcription_url"]?.string.map { Secret($0) }
        self.failure = [value["error_message"], value["error"], value["error"]?["message"]]
            .compactMap { $0?.string }.first { !$0.isEmpty }
    }

    /// An object `data` is the note, else the root is (CC-3).
    static func enveloped(_ root: JSONValue) -> ConnectVetsNote? {
        Self.content(root).flatMap { ConnectVetsNote($0) }
    }

    static func content(_ root: JSONValue) -> JSONValue? {
        guard root.members != nil else { return nil }
        if let data = root["data"], data.members != nil { return data }
        return root
    }

    /// Opaque: a string, or the digits of a number.
    private static func text(_ value: JSONValue) -> String? {
        value.string ?? value.int.map(String.init)
    }

    /// Pairs, an object, or a JSON text of either (CC-5).
    private static func metadata(_ value: JSONValue?) -> [NoteUpload.Metadata]? {
        switch value {
        case .array(let items):
            items.compactMap { item in
                guard let key = item["key"]?.string, let value = item["value"].flatMap(Self.text) else { return nil }
                return NoteUpload.Metadata(key: key, value: value)
            }
        case .object(let members):
            members.compactMap { member in
                Self.text(member.value).map { NoteUpload.Metadata(key: member.name, value: $0) }
            }
        case .string(let text):
            // Only one layer: a string inside the string is no metadata.
            switch try? JSONValue(parsing: text) {
            case .some(.array(let items)): Self.metadata(.array(items))
            case .some(.object(let members)): Self.metadata(.object(members))
            default: nil
            }
        default:
            nil
        }
    }

    private static func sections(_ values: [JSONValue]) -> [NoteSection] {
        let sections = values.compactMap { value -> (section: NoteSection, number: Double?)? in
            guard value.members != nil else { return nil }
            let order = value["order"]
            let section = NoteSection(
                id: value["id"].flatMap(Self.text),
                title: value["title"]?.string ?? value["label"]?.string ?? value["type"]?.string ?? "",
                label: value["label"]?.string ?? value["type"]?.string ?? "",
                content: value["content"]?.string ?? "",
                order: order.flatMap(Self.text) ?? ""
            )
            return (section, order?.double ?? order?.string.flatMap { Double($0) })
        }
        // The place in the answer decides between equals, so the order is always the same.
        let sorted = sections.enumerated().sorted { left, right in
            let numbers = (left.element.number ?? .infinity, right.element.number ?? .infinity)
            return numbers.0 == numbers.1 ? left.offset < right.offset : numbers.0 < numbers.1
        }
        return sorted.map(\.element.section)
    }
}
