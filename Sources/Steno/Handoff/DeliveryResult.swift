import StenoCore
import StenoWire

/// What came back from a target, as it stands sealed in the recording.
package enum DeliveryResult: Hashable, Sendable {
    case summary(WrittenSummary)
    /// The finished note of a target that was waited for.
    case sections([DeliveryReport.Section])

    package var bytes: [UInt8] {
        var members = [JSONMember(name: "v", value: 1)]
        switch self {
        case .summary(let summary):
            members += [
                JSONMember(name: "name", value: .string(summary.name)),
                JSONMember(name: "parts", value: Self.pairs(summary.parts.map { ($0.title, $0.text) })),
                JSONMember(name: "covers", value: .number(summary.covers)),
                JSONMember(name: "partial", value: .bool(summary.isPartial)),
            ]
        case .sections(let sections):
            members.append(JSONMember(name: "sections", value: Self.pairs(sections.map { ($0.title, $0.text) })))
        }
        var bytes: [UInt8] = []
        JSONValue.object(members).serialize(into: &bytes)
        return bytes
    }

    /// - Returns: `nil` for what this program did not write.
    package init?(_ bytes: [UInt8]) {
        guard let json = try? JSONValue(parsing: bytes), json["v"]?.int == 1 else { return nil }
        if let sections = json["sections"].map(Self.pairs) {
            self = .sections(sections.map { DeliveryReport.Section(title: $0.0, text: $0.1) })
        } else if let parts = json["parts"].map(Self.pairs) {
            self = .summary(
                WrittenSummary(
                    name: json["name"]?.string ?? "",
                    parts: parts.map { WrittenSummary.Part(title: $0.0, text: $0.1) },
                    covers: json["covers"]?.double ?? 0,
                    isPartial: json["partial"]?.bool ?? false
                )
            )
        } else {
            return nil
        }
    }

    private static func pairs(_ pairs: [(String, String)]) -> JSONValue {
        .array(pairs.map { [.string($0.0), .string($0.1)] })
    }

    private static func pairs(_ json: JSONValue) -> [(String, String)] {
        (json.array ?? []).compactMap { entry in
            guard let pair = entry.array, pair.count == 2, let title = pair[0].string, let text = pair[1].string else {
                return nil
            }
            return (title, text)
        }
    }
}
