/// What becomes of one WebSocket on its way through a `ChaosProxy`. As made here, nothing does.
///
/// A fate comes after a number of bytes and not after a time, so that a test that fails can be repeated. Bytes are
/// counted from the first one of the connection, the head of its handshake included, and all before the fate arrive.
package struct ChaosLine: Hashable, Sendable {
    package enum Side: String, Hashable, Sendable {
        case client, server
    }

    package enum Fate: Hashable, Sendable {
        /// Both sides get a RST; what the network still held for the client is gone.
        case reset
        /// Both sides get an orderly end of the TCP connection, without a close frame and without a TLS `close_notify`.
        case close
        /// The client hears the end of the connection; what it sends still arrives.
        case halfClose
        /// Nothing is read, forwarded or ended any more, in both ways; for so long, or for ever.
        case blackHole(Duration?)
        /// Nothing is read from the client any more, so that its window closes; the server is still heard.
        case stopReading(Duration?)
        /// A black hole for every connection, also for those that are made meanwhile.
        case linkDown(Duration)
        /// A reset, and then nobody listens for so long: connecting is refused.
        case refusal(Duration)
    }

    package var fate: Fate?
    /// So many bytes of `side` come before the fate.
    package var bytes = 0
    package var side = Side.client
    /// The largest piece in which the server's bytes arrive, each in a segment of its own.
    package var segment: Int?
    /// One cut at this offset of the server's bytes: what lies before it arrives by itself.
    package var cut: Int?
    /// How much the client may send.
    package var bitsPerSecond: Int?
    /// How much later everything arrives, each way.
    package var delay: Duration?

    package init() {}

    package static let clean = ChaosLine()

    package static func after(_ bytes: Int, of side: Side = .client, _ fate: Fate) -> ChaosLine {
        var line = ChaosLine()
        line.fate = fate
        line.bytes = bytes
        line.side = side
        return line
    }

    package static func segments(of bytes: Int) -> ChaosLine {
        var line = ChaosLine()
        line.segment = bytes
        return line
    }

    package static func cut(at offset: Int) -> ChaosLine {
        var line = ChaosLine()
        line.cut = offset
        return line
    }

    package static func uplink(bitsPerSecond: Int) -> ChaosLine {
        var line = ChaosLine()
        line.bitsPerSecond = bitsPerSecond
        return line
    }
}
