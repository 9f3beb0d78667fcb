package import StenoCore
internal import StenoHTTP

/// The one-time permission to open one socket. It is good for ten minutes from the request for it, and spent by the
/// first dial, whether that succeeds or not (JA-2).
package struct SessionTicket: Hashable, Sendable {
    /// Goes into the handshake beside the session id.
    package let clientID: String
    /// Goes into the handshake and nowhere else: no file, no log, no address.
    package let sessionID: Secret

    /// How old a ticket may be when the dial starts: the service's ten minutes less one for safety (§10.1).
    package static let usableFor = Duration.seconds(540)

    /// Nobody's identifiers are longer; a header that is would be refused on the way.
    static let maximumLength = 1024

    /// `nil` if either value cannot stand in the handshake as a subprotocol, which allows token characters only.
    package init?(clientID: String, sessionID: String) {
        guard Self.isToken(clientID), Self.isToken(sessionID) else { return nil }
        self.clientID = clientID
        self.sessionID = Secret(sessionID)
    }

    /// RFC 9110 §5.6.2.
    static func isToken(_ text: String) -> Bool {
        (1...Self.maximumLength).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }
}
