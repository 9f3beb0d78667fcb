import Steno
import StenoCore
import StenoStore
import StenoWire

/// Hand-offs as rows, as lines and as JSON. Nothing in it tells about a patient.
enum QueueReport {
    static func listing(_ entries: [QueueEntry]) -> Listing {
        Listing(
            [
                Listing.Column("delivery", "HAND-OFF", isWhole: true),
                Listing.Column("recording", "RECORDING", isWhole: true),
                Listing.Column("target", "TARGET", isWhole: true),
                Listing.Column("state", "STATE", isWhole: true), Listing.Column("since", "SINCE"),
                Listing.Column("attempts", "SENT"), Listing.Column("note_id", "NOTE"), Listing.Column("next", "NEXT"),
            ],
            rows: entries.map(Self.row)
        )
    }

    private static func row(_ entry: QueueEntry) -> Listing.Row {
        let delivery = entry.delivery
        return Listing.Row(
            [
                .string(String(delivery.id.prefix(8))), .string(entry.place.id), .string(delivery.target),
                .string(Self.state(delivery)), .string(WallClock.text(of: delivery.changed)),
                .integer(Int64(delivery.memory.attempts)), .text(delivery.note), .text(Self.next(entry)),
            ],
            members: Self.members(entry)
        )
    }

    /// Of its JSON object. Fields are added, never renamed, within `v`.
    static func members(_ entry: QueueEntry) -> [(String, JSONValue)] {
        let delivery = entry.delivery
        let memory = delivery.memory
        return [
            ("delivery", .string(delivery.id)), ("recording", .string(entry.place.id)),
            ("target", .string(delivery.target)), ("realm", .string(delivery.realm)),
            ("state", .string(delivery.state)), ("parked", .text(delivery.parking?.rawValue)),
            ("reason", .text(delivery.reason)), ("note_id", .text(delivery.note)),
            ("duplicates", .integer(Int64(memory.duplicates))), ("attempts", .integer(Int64(memory.attempts))),
            ("begun", .string(WallClock.text(of: delivery.begun))),
            ("changed", .string(WallClock.text(of: delivery.changed))), ("next", .text(Self.next(entry))),
        ]
    }

    /// Several lines about one.
    static func text(_ entry: QueueEntry) -> String {
        let delivery = entry.delivery
        var lines = [
            "\(delivery.target)  \(Self.state(delivery))",
            "hand-off   \(delivery.id)",
            "recording  \(entry.place.id)",
            "belongs to \(delivery.realm)",
            "asked for  \(WallClock.text(of: delivery.begun))",
            "changed    \(WallClock.text(of: delivery.changed)), sent \(Self.times(delivery.memory.attempts))",
        ]
        if let note = delivery.note { lines.append("note       \(note)") }
        if delivery.memory.duplicates > 0 {
            lines.append("twice      the service has \(delivery.memory.duplicates + 1) of it; the first is named here")
        }
        if let reason = delivery.reason { lines.append("reason     \(reason)") }
        if let next = Self.next(entry) { lines.append("next       \(next)") }
        return lines.map { TerminalText.neutralised($0) + "\n" }.joined()
    }

    static func state(_ delivery: RecordingDelivery) -> String {
        delivery.parking.map { "\(delivery.state) (\($0.rawValue))" } ?? delivery.state
    }

    /// What is still to do, and by whom; `nil` when nothing is.
    static func next(_ entry: QueueEntry) -> String? {
        let delivery = entry.delivery
        guard delivery.isOpen else { return nil }
        let id = entry.place.id
        switch delivery.memory.stage {
        case .intended: return "steno queue retry \(id)"
        case .sending: return "it is being sent, or was when its program ended: steno queue retry \(id)"
        case .unknown: return "no answer came that can be trusted, so it is looked for: steno queue retry \(id)"
        case .processing: return "the service works on it: steno queue retry \(id) asks how far it is"
        case .done: return nil
        case .parked(.refused): return "mend the key (steno doctor), then steno queue retry \(id)"
        case .parked(.rejected):
            return "mend what the reason names, then steno queue retry \(id); or steno queue drop \(id)"
        case .parked(.unknown):
            return "look at the service whether it is there: then steno queue drop \(id), else steno queue retry \(id)"
        case .parked(.exhausted): return "steno queue retry \(id)"
        case .parked(.failed): return "steno queue retry \(id) has the service process it again"
        case .parked(.held): return "steno queue release \(id)"
        }
    }

    private static func times(_ count: Int) -> String {
        switch count {
        case 0: "never"
        case 1: "once"
        default: "\(count) times"
        }
    }
}
