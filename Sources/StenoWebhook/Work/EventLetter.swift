internal import StenoCore
internal import StenoStore
internal import StenoWire

/// What is told of one event: a line of standard output, and what a hook gets.
///
/// The shape is interface: within `v` 1 members are only added. An event may be told twice after a crash, with the same
/// `id`.
enum EventLetter {
    enum State: String {
        /// What the event names was read, and is in the letter.
        case read
        /// It was read, and is still being made after half an hour.
        case unfinished
        /// The label was deleted, or is not there any more.
        case deleted
        /// The type is not known, or its ids are missing: there is nothing to read.
        case unknown
        /// It failed too often. The next start tries it again.
        case parked
    }

    static func id(of event: StoredEvent) -> String { event.delivery ?? "event-\(event.id)" }

    static func json(
        _ event: StoredEvent,
        _ message: WebhookMessage,
        _ state: State,
        _ found: JSONValue? = nil,
        reason: String? = nil
    ) -> JSONValue {
        var members = [
            JSONMember(name: "v", value: 1), JSONMember(name: "type", value: "event"),
            JSONMember(name: "id", value: .string(Self.id(of: event))),
            JSONMember(name: "event", value: .string(Self.safe(message.type))),
            JSONMember(name: "received", value: .string(WallClock.text(of: event.work.received))),
            JSONMember(name: "state", value: .string(state.rawValue)),
        ]
        if let reason { members.append(JSONMember(name: "reason", value: .string(reason))) }
        members.append(JSONMember(name: "data", value: message.data))
        if let found {
            let name = if case .conversation = message.followUp { "conversation" } else { "label" }
            members.append(JSONMember(name: name, value: found))
        }
        return Self.safe(.object(members))
    }

    /// No text from a far side drives a terminal: control characters, and those that reorder text, become spaces.
    private static func safe(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { Self.isDangerous($0) ? " " : $0 }))
    }

    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0x00..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: true
        default: false
        }
    }

    private static func safe(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(Self.safe(text))
        case .array(let values): .array(values.map { Self.safe($0) })
        case .object(let members):
            .object(members.map { JSONMember(name: Self.safe($0.name), value: Self.safe($0.value)) })
        case .null, .bool, .integer, .number: value
        }
    }
}
