package import StenoCore
import StenoWire

/// What is asked for with one delivery, as it stands sealed in the recording until it is done.
package struct DeliveryOrder: Hashable, Sendable {
    /// Who the note is about.
    package var visit: VisitDetails?
    /// ISO 639, of a summary.
    package var language: String?
    /// It is done when the far side has finished the note, not when it has the audio.
    package var waits: Bool
    /// What of the recording goes there; `nil` for all of it.
    package var part: UploadPlan.Part?

    package init(visit: VisitDetails? = nil, language: String? = nil, waits: Bool = false) {
        self.visit = visit
        self.language = language
        self.waits = waits
    }

    package var bytes: [UInt8] {
        var members = [JSONMember(name: "v", value: 1), JSONMember(name: "wait", value: .bool(self.waits))]
        if let language = self.language { members.append(JSONMember(name: "language", value: .string(language))) }
        if let visit = self.visit { members.append(JSONMember(name: "visit", value: Self.json(visit))) }
        if let part = self.part { members.append(JSONMember(name: "part", value: Self.json(part))) }
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
        if let part = json["part"] {
            // Without its part nobody knows what was meant.
            guard let known = Self.part(part) else { return nil }
            self.part = known
        }
    }

    private static func json(_ part: UploadPlan.Part) -> JSONValue {
        .object([
            JSONMember(name: "start", value: .integer(part.span.start.frames)),
            JSONMember(name: "frames", value: .integer(part.span.frames)),
            JSONMember(name: "number", value: .integer(Int64(part.number))),
            JSONMember(name: "count", value: .integer(Int64(part.count))),
            JSONMember(name: "format", value: .string(part.format.rawValue)),
        ])
    }

    private static func part(_ json: JSONValue) -> UploadPlan.Part? {
        let limit = Int64(1) << 52
        guard let start = json["start"]?.int, let frames = json["frames"]?.int, let number = json["number"]?.int,
            let count = json["count"]?.int, let format = json["format"]?.string.flatMap(UploadPlan.Format.init),
            (0...limit).contains(Int64(start)), (1...limit).contains(Int64(frames)), number >= 1, number <= count
        else { return nil }
        let span = AudioSpan(Int64(start)..<Int64(start) + Int64(frames))
        return UploadPlan.Part(span: span, number: number, count: count, format: format)
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
