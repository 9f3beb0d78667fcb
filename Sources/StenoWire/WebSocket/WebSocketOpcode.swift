/// What a frame is (RFC 6455 §5.2).
package enum WebSocketOpcode: UInt8, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Control frames may stand between the fragments of a message, and hold at most 125 bytes.
    package var isControl: Bool { self.rawValue & 0x8 != 0 }
}

/// Which end of a connection this is: it decides which direction is masked.
package enum WebSocketRole: Sendable {
    case client
    case server
}
