import Steno
import StenoCore
import StenoStore
import StenoWire

/// Fields are added, never renamed, within `v`. Times are seconds from the start; `begun` and `finished` are UTC.
extension RecordingsReport {
    static func json(_ info: RecordingInfo) -> String {
        let description = info.description
        var members: [(String, JSONValue)] = [
            ("v", 1), ("id", .string(description.id)), ("state", .string(Self.state(of: info))),
            ("complete", .bool(info.isComplete)), ("recovered", .bool(info.isRecovered)),
            ("begun", .string(WallClock.text(of: description.begun))),
            ("finished", info.finished.map { .string(WallClock.text(of: $0)) } ?? .null),
            ("duration", .number(info.end.seconds)), ("source", .string(description.source.rawValue)),
            ("device", description.device.map(JSONValue.string) ?? .null), ("engine", .string(description.engine)),
            ("model", description.model.map(JSONValue.string) ?? .null), ("realm", .string(description.realm)),
            ("program", .string(description.program)), ("folder", .string(info.folder)),
            ("bytes", .integer(info.bytes)), ("parts", .integer(Int64(info.parts))),
            ("utterances", .integer(info.utterances)),
            ("gaps", .array(info.gaps.map { Self.span($0.span, [("cause", .string($0.cause.rawValue))]) })),
            ("deliveries", .array(info.deliveries.map(Self.delivery))), ("sealed", .bool(info.isSealed)),
            ("key_absent", .bool(info.isKeyAbsent)),
        ]
        if case .running(let process?) = info.state { members.append(("process", .integer(Int64(process)))) }
        if let totals = info.coverage?.totals { members.append(("coverage", Self.coverage(totals))) }
        return Self.text(members)
    }

    /// One that cannot be opened.
    static func json(_ place: RecordingPlace, _ error: StoreError) -> String {
        Self.text([
            ("v", 1), ("id", .string(place.id)), ("state", "unreadable"), ("reason", .string(error.description)),
            ("folder", .string(place.folder)),
        ])
    }

    static func json(_ place: RecordingPlace, _ verification: RecordingVerification) -> String {
        Self.text([
            ("v", 1), ("id", .string(place.id)), ("sound", .bool(verification.isSound)),
            ("duration", .number(verification.end.seconds)), ("rows", .integer(verification.soundRows)),
            ("damaged", .array(verification.damaged.spans.map { Self.span($0) })),
            ("absent", .array(verification.holes.spans.map { Self.span($0) })),
            ("problems", .array(verification.problems.map(JSONValue.string))),
            ("sealed_rows", .integer(verification.lockedRows)),
            ("unchecked", verification.trouble.map { .string($0.description) } ?? .null),
        ])
    }

    private static func state(of info: RecordingInfo) -> String {
        switch info.state {
        case .running: "running"
        case .unfinished: "unfinished"
        case .finished: "finished"
        }
    }

    private static func span(_ span: AudioSpan, _ more: [(String, JSONValue)] = []) -> JSONValue {
        Self.object([("start", .number(span.start.seconds)), ("end", .number(span.end.seconds))] + more)
    }

    private static func delivery(_ delivery: RecordingDelivery) -> JSONValue {
        Self.object([
            ("id", .string(delivery.id)), ("target", .string(delivery.target)),
            ("state", .string(DeliveryReport.State(delivery).rawValue)),
            ("note_id", delivery.note.map(JSONValue.string) ?? .null), ("realm", .string(delivery.realm)),
            ("attempts", .integer(Int64(delivery.memory.attempts))),
            ("duplicates", .integer(Int64(delivery.memory.duplicates))),
            ("reason", delivery.reason.map(JSONValue.string) ?? .null),
            ("begun", .string(WallClock.text(of: delivery.begun))),
            ("changed", .string(WallClock.text(of: delivery.changed))),
        ])
    }

    private static func coverage(_ totals: CoverageTotals) -> JSONValue {
        Self.object([
            ("rate", .integer(Int64(SamplePosition.rate))), ("total", .integer(totals.total)),
            ("confirmed", .integer(totals.confirmed)), ("silent", .integer(totals.silent)),
            ("unconfirmed", .integer(totals.unconfirmed)), ("missing", .integer(totals.missing)),
            ("sent", .integer(totals.sent)),
        ])
    }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { JSONMember(name: $0.0, value: $0.1) })
    }

    private static func text(_ members: [(String, JSONValue)]) -> String { Self.object(members).serialized() }
}
