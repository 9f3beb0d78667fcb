package import StenoWire

/// Whom a WebSocket tells what happens. Every call comes on the connection's event loop, in order, and never inside a call
/// of the connection's own methods, which may all be called from here.
///
/// The last call is either `webSocketFailed` or `webSocketClosed`; after it the connection lets go of its delegate.
package protocol WebSocketDelegate: AnyObject {
    /// - Parameter protocolIndex: which of the offered subprotocols the server chose; `nil` if none.
    func webSocketOpened(protocolIndex: Int?)
    /// It never opened.
    func webSocketFailed(_ error: WebSocketError)
    /// - Parameter bytes: UTF-8, valid during the call only.
    func webSocketReceivedText(_ bytes: UnsafeRawBufferPointer)
    /// - Parameter bytes: valid during the call only.
    func webSocketReceivedBinary(_ bytes: UnsafeRawBufferPointer)
    /// Already answered.
    func webSocketReceivedPing()
    func webSocketReceivedPong(_ payload: [UInt8])
    /// `false` when the unsent bytes have passed the limit, `true` when they have fallen below a quarter of it.
    func webSocketWritabilityChanged(_ isWritable: Bool)
    /// It was open, and has ended.
    func webSocketClosed(_ end: WebSocketEnd)
}
