/// A client's request to turn an HTTP/1.1 connection into a WebSocket (RFC 6455 §4.1).
///
/// The subprotocols may hold a secret (Juvoly's session id travels there), so they leave this type in `request` only: it
/// describes itself without them, and a reply names them by their place in the list.
package struct WebSocketUpgrade: Sendable {
    let protocols: [String]
    /// What the server must answer in `Sec-WebSocket-Accept`.
    let expectedAccept: String
    private let host: String
    private let target: String
    private let key: String

    /// - Parameters:
    ///   - host: value of `Host`; with the port unless it is the scheme's own.
    ///   - target: path and query, percent-encoded.
    ///   - protocols: sent in exactly this order, in one line, doubles included; none sends no such header.
    ///   - nonce: 16 random bytes, new for each attempt.
    package init(host: String, target: String, protocols: [String], nonce: [UInt8]) throws(UpgradeFault) {
        precondition(nonce.count == 16, "received a nonce of \(nonce.count) bytes")
        guard Self.isVisible(host) else { throw UpgradeFault("the host's name holds characters that HTTP forbids") }
        guard target.utf8.first == UInt8(ascii: "/"), Self.isVisible(target) else {
            throw UpgradeFault("the path holds characters that must be percent-encoded")
        }
        for (index, name) in protocols.enumerated() where !HTTPToken.isValid(name) {
            throw UpgradeFault("subprotocol \(index + 1) holds characters that HTTP forbids in a token, or is empty")
        }
        self.host = host
        self.target = target
        self.protocols = protocols
        self.key = Base64.encode(nonce)
        self.expectedAccept = Self.accept(forKey: self.key)
    }

    /// The bytes to send. No `Origin` and no extensions.
    package var request: [UInt8] {
        var text = "GET \(self.target) HTTP/1.1\r\nHost: \(self.host)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        text += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: \(self.key)\r\n"
        if !self.protocols.isEmpty {
            text += "Sec-WebSocket-Protocol: \(self.protocols.joined(separator: ", "))\r\n"
        }
        return Array("\(text)\r\n".utf8)
    }

    /// What a server answers to a key, for both sides of the handshake.
    package static func accept(forKey key: String) -> String {
        Base64.encode(SHA1.digest(of: Array("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8)))
    }

    private static func isVisible(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

extension WebSocketUpgrade: CustomStringConvertible, CustomReflectable {
    package var description: String { "upgrade with \(self.protocols.count) subprotocols" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why an upgrade cannot be asked for, or what is wrong with its reply. Holds nothing the server sent and nothing secret.
package struct UpgradeFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let reason: String

    package init(_ reason: String) {
        self.reason = reason
    }

    package var description: String { self.reason }
}
