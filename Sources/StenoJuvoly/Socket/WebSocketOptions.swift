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
    /// How many bytes may wait to be sent before `isWritable` is false; a quarter of that makes it true again.
    package var unsentLimit: Int
    /// How much the operating system may take of it. What is there is on its way: it cannot be taken back, and a ping
    /// waits behind it.
    package var sendBuffer: Int
    /// Takes also a server that names none, or another one, of the offered subprotocols.
    package var acceptsAnySubprotocol: Bool
    /// A PEM file of certificates to be trusted beside the system's.
    package var extraCAFile: String?

    package init(
        handshakeTimeout: Duration = .seconds(10),
        closeTimeout: Duration = .seconds(2),
        maximumMessageBytes: Int = WebSocketFrameReader.maximumMessageBytes,
        unsentLimit: Int = 256 << 10,
        sendBuffer: Int = 64 << 10,
        acceptsAnySubprotocol: Bool = false,
        extraCAFile: String? = nil
    ) {
        self.handshakeTimeout = handshakeTimeout
        self.closeTimeout = closeTimeout
        self.maximumMessageBytes = maximumMessageBytes
        self.unsentLimit = unsentLimit
        self.sendBuffer = sendBuffer
        self.acceptsAnySubprotocol = acceptsAnySubprotocol
        self.extraCAFile = extraCAFile
    }
}
