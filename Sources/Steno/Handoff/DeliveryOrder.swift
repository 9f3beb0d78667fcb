import StenoCore
import StenoWire

/// What is asked for with one delivery, as it stands sealed in the recording until it is done.
package struct DeliveryOrder: Hashable, Sendable {
    /// Who the note is about.
    package var visit: VisitDetails?
    /// ISO 639, of a summary.
    package var language: String?
    /// It is done when the far side has finished the note, not when it has the audio.
    package var waits: Bool

    package init(visit: VisitDetails? = nil, language: String? = nil, waits: Bool = false) {
        self.visit = visit
        self.language = language
        self.waits = waits
    }

    package var bytes: [UInt8] {
        var members = [JSONMember(name: "v", value: 1), JSONMember(name: "wait", value: .bool(self.waits))]
        if let language = self.language { members.append(JSONMember(name: "language", value: .string(language))) }
        if let visit = self.visit { members.append(JSONMember(name: "visit", value: Self.json(visit))) }
        var bytes: [UInt8] = []
        JSONValue.object(members).serialize(into: &bytes)
        return bytes
    }

    /// - Returns: `nil` for what this program did not write.
    package init?(_ bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), json["v"]?.int == 1 else { return nil }
        self.init(
            visit: json["visit"].flatMap(Self.visit),
            language: json["language"]?.string,
            waits: json["wait"]?.bool ?? false
        )
    }

    private static func json(_ visit: VisitDetails) -> JSONValue {
        let metadata = visit.metadata.map { pair -> JSONValue in [.string(pair.key), .string(pair.value)] }
        return .object([
            JSONMember(name: "name", value: .string(visit.name)),
            JSONMember(name: "gender", value: .string(visit.gender.rawValue)),
            JSONMember(name: "external_id", value: visit.externalID.map(JSONValue.string) ?? .null),
            JSONMember(name: "metadata", value: .array(metadata)),
        ])
    }

    private static func visit(_ json: JSONValue) -> VisitDetails? {
        guard let name = json["name"]?.string else { return nil }
        let metadata = (json["metadata"]?.array ?? []).compactMap { entry -> (key: String, value: String)? in
            guard let pair = entry.array, pair.count == 2, let key = pair[0].string, let value = pair[1].string else {
                return nil
            }
            return (key, value)
        }
        return VisitDetails(
            name: name,
            gender: json["gender"]?.string.flatMap(VisitDetails.Gender.init) ?? .unidentified,
            externalID: json["external_id"]?.string,
            metadata: metadata
        )
    }
}
