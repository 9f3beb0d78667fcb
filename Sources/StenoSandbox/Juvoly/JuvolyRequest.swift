import StenoWire

/// The two text messages a client may send (contract §7). Anything else, an unknown member included, is neither.
enum JuvolyRequest: Hashable {
    case subscribe
    case summarise

    init?(_ text: [UInt8]) {
        guard let message = try? JSONValue(parsing: text), let members = message.members else { return nil }
        switch message["type"]?.string {
        case "subscribe":
            guard
                members.count == 2,
                let subscription = message["subscription"], subscription.members?.count == 1,
                subscription["type"]?.string == "information"
            else { return nil }
            self = .subscribe
        case "summarizeSoep":
            guard members.count == 1 else { return nil }
            self = .summarise
        default:
            return nil
        }
    }
}
