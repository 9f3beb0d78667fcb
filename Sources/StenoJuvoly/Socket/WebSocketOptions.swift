internal import StenoWire

/// How WebSockets are opened and kept.
package struct WebSocketOptions: Hashable, Sendable {
    /// From the first step to the server's whole answer: name look-up, TCP, TLS and HTTP together. Absolute, so that a
    /// server which sends a byte now and then gains nothing.
    package var handshakeTimeout: Duration
    /// How long the far side may take to answer a close, and then to end the connection.
    package var closeTimeout: Duration
    /// Bound of one received message; a larger one fails the connection with 1009.
    package var maximumMessageBytes: Int
    /// Takes also a server that names none, or another one, of the offered subprotocols.
    package var acceptsAnySubprotocol: Bool
    /// A PEM file of certificates to be trusted beside the system's.
    package var extraCAFile: String?

    package init(
        handshakeTimeout: Duration = .seconds(10),
        closeTimeout: Duration = .seconds(2),
        maximumMessageBytes: Int = WebSocketFrameReader.maximumMessageBytes,
        acceptsAnySubprotocol: Bool = false,
        extraCAFile: String? = nil
    ) {
        self.handshakeTimeout = handshakeTimeout
        self.closeTimeout = closeTimeout
        self.maximumMessageBytes = maximumMessageBytes
        self.acceptsAnySubprotocol = acceptsAnySubprotocol
        self.extraCAFile = extraCAFile
    }
}
