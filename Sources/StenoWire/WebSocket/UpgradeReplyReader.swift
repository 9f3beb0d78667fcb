/// Reads a server's reply to an upgrade, a piece at a time, and decides whether it is a WebSocket's.
///
/// Stricter than RFC 6455 asks of a client, because nothing is lost by refusing: no extension is ever accepted, the
/// subprotocol must be one that was offered (the first, unless the policy is wider), fields that decide may be there once.
package struct UpgradeReplyReader: Sendable {
    /// Bound of the whole header, interim replies included. Beyond it the reply is refused.
    package static let maximumBytes = 16 << 10
    /// Bound of its lines.
    package static let maximumLines = 100
    private static let beginning = Array("HTTP/1.".utf8)

    private let upgrade: WebSocketUpgrade
    private let acceptsAnySubprotocol: Bool
    private var bytesRead = 0
    private var linesRead = 0
    private var line: [UInt8] = []
    private var status: Status?
    private var fields = UpgradeReplyFields()

    private struct Status {
        var code: Int
        var isVersion11: Bool
    }

    /// - Parameter acceptsAnySubprotocol: also take a reply that names none or another of the offered subprotocols.
    package init(_ upgrade: WebSocketUpgrade, acceptsAnySubprotocol: Bool = false) {
        self.upgrade = upgrade
        self.acceptsAnySubprotocol = acceptsAnySubprotocol
    }

    /// Takes the next bytes. Returns `nil` while the header is not whole, and then the reply and how many of these bytes
    /// belong to it: what is behind them are frames already. Not to be called again after that or after an error.
    package mutating func read(
        _ bytes: UnsafeRawBufferPointer
    ) throws(UpgradeFault) -> (reply: UpgradeReply, consumed: Int)? {
        for (index, byte) in bytes.enumerated() {
            self.bytesRead += 1
            guard self.bytesRead <= Self.maximumBytes else {
                throw UpgradeFault("the reply's header is longer than \(Self.maximumBytes) bytes")
            }
            if self.bytesRead <= Self.beginning.count, byte != Self.beginning[self.bytesRead - 1] {
                throw UpgradeFault("the reply is not HTTP")
            }
            guard byte == 0x0A else {
                self.line.append(byte)
                continue
            }
            guard self.line.popLast() == 0x0D else { throw UpgradeFault("a line of the reply has no proper end") }
            if let reply = try self.endLine() { return (reply, index + 1) }
        }
        return nil
    }

    private mutating func endLine() throws(UpgradeFault) -> UpgradeReply? {
        self.linesRead += 1
        guard self.linesRead <= Self.maximumLines else {
            throw UpgradeFault("the reply's header has more than \(Self.maximumLines) lines")
        }
        let line = self.line
        self.line.removeAll(keepingCapacity: true)
        guard let status else {
            self.status = try Self.parseStatus(line)
            return nil
        }
        if line.isEmpty { return try self.endHeader(status) }
        do throws(UpgradeFault) {
            try self.fields.take(line)
        } catch {
            // The refusal counts more than the form of what surrounds it.
            guard status.code != 101 else { throw error }
        }
        return nil
    }

    /// `HTTP/1.x SP code SP reason`; the reason may be empty.
    private static func parseStatus(_ line: [UInt8]) throws(UpgradeFault) -> Status {
        let digits = line.dropFirst(9).prefix(3)
        guard line.count >= 13, line.starts(with: Self.beginning), line[7] == 0x30 || line[7] == 0x31,
            line[8] == 0x20, line[12] == 0x20,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), line[9] > UInt8(ascii: "0"),
            line.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 })
        else { throw UpgradeFault("the reply's first line is not HTTP/1.1") }
        return Status(code: digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }, isVersion11: line[7] == 0x31)
    }

    private mutating func endHeader(_ status: Status) throws(UpgradeFault) -> UpgradeReply? {
        switch status.code {
        case 101:
            guard status.isVersion11 else { throw UpgradeFault("the reply's first line is not HTTP/1.1") }
            return .accepted(protocolIndex: try self.checkedProtocolIndex())
        case 100..<200:
            // An interim reply, such as 103; the real one follows.
            self.status = nil
            self.fields = UpgradeReplyFields()
            return nil
        default:
            return .refused(status: status.code, retryAfter: self.fields.retryAfterSeconds)
        }
    }

    /// The checks of RFC 6455 §4.1 in its order.
    private func checkedProtocolIndex() throws(UpgradeFault) -> Int? {
        guard let upgrade = self.fields.upgrade, Self.isText(upgrade[...], "websocket") else {
            throw UpgradeFault("the reply does not upgrade to a WebSocket")
        }
        guard let connection = self.fields.connection,
            connection.split(separator: UInt8(ascii: ",")).contains(where: {
                Self.isText(UpgradeReplyFields.trimmed($0), "upgrade")
            })
        else { throw UpgradeFault("the reply does not upgrade the connection") }
        guard let accept = self.fields.accept, accept == Array(self.upgrade.expectedAccept.utf8) else {
            throw UpgradeFault("the reply does not answer the key of the request")
        }
        guard self.fields.extensions == nil else {
            throw UpgradeFault("the reply names an extension; none was offered")
        }
        guard let name = self.fields.subprotocol else {
            guard self.upgrade.protocols.isEmpty || self.acceptsAnySubprotocol else {
                throw UpgradeFault("the reply names no subprotocol")
            }
            return nil
        }
        guard let index = self.upgrade.protocols.firstIndex(where: { Array($0.utf8) == name }) else {
            throw UpgradeFault("the reply names a subprotocol that was not offered")
        }
        guard index == 0 || self.acceptsAnySubprotocol else {
            throw UpgradeFault("the reply names another subprotocol than the first that was offered")
        }
        return index
    }

    /// Without regard to the case of ASCII letters.
    private static func isText(_ value: ArraySlice<UInt8>, _ text: String) -> Bool {
        String(decoding: value, as: UTF8.self).lowercased() == text
    }
}
