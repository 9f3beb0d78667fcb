/// What a server said to the request for a WebSocket.
package enum UpgradeReply: Hashable, Sendable {
    /// The connection is a WebSocket now.
    ///
    /// - Parameter protocolIndex: which of the offered subprotocols the server chose; `nil` if none.
    case accepted(protocolIndex: Int?)
    /// Any status but 101, redirects included: they are not followed.
    ///
    /// - Parameter retryAfter: seconds, where the server named them as a number.
    case refused(status: Int, retryAfter: Int?)
}

/// The fields of a reply that decide, as they were received.
struct UpgradeReplyFields {
    var upgrade: [UInt8]?
    var connection: [UInt8]?
    var accept: [UInt8]?
    var subprotocol: [UInt8]?
    var extensions: [UInt8]?
    var retryAfter: [UInt8]?

    /// Takes one line `name: value`. Other fields are checked for their form only.
    ///
    /// - Throws: a line that HTTP does not allow, folded ones included, and a repeated field of those that decide.
    mutating func take(_ line: [UInt8]) throws(UpgradeFault) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), HTTPToken.isValid(line[..<colon]) else {
            throw UpgradeFault("a line of the reply's header has no valid name")
        }
        let value = Self.trimmed(line[(colon + 1)...])
        guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw UpgradeFault("a line of the reply's header holds control characters")
        }
        switch String(decoding: line[..<colon], as: UTF8.self).lowercased() {
        case "upgrade": try Self.set(&self.upgrade, value)
        case "connection": try Self.set(&self.connection, value)
        case "sec-websocket-accept": try Self.set(&self.accept, value)
        case "sec-websocket-protocol": try Self.set(&self.subprotocol, value)
        case "sec-websocket-extensions": try Self.set(&self.extensions, value)
        case "retry-after": self.retryAfter = self.retryAfter ?? Array(value)
        default: break
        }
    }

    private static func set(_ field: inout [UInt8]?, _ value: ArraySlice<UInt8>) throws(UpgradeFault) {
        guard field == nil else { throw UpgradeFault("the reply repeats a field that may be there once only") }
        field = Array(value)
    }

    /// Without spaces and tabs at both ends.
    static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        guard let first = value.firstIndex(where: { !isSpace($0) }), let last = value.lastIndex(where: { !isSpace($0) })
        else { return [] }
        return value[first...last]
    }

    /// The number of seconds to wait; a date, a sign or an absurd number of digits is none.
    var retryAfterSeconds: Int? {
        guard let retryAfter, (1...9).contains(retryAfter.count),
            retryAfter.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return retryAfter.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
