/// What a reader found in the bytes of a connection.
package enum WebSocketEvent: Hashable, Sendable {
    /// A whole text message; its bytes are UTF-8.
    case text(WebSocketPayload)
    case binary(WebSocketPayload)
    case ping(WebSocketPayload)
    case pong(WebSocketPayload)
    /// The last event. `code` is `nil` where the frame holds none; the reason is not kept, because nobody may log it.
    case close(code: UInt16?)
}

/// The bytes of a message: a part of the input that was just read where that is possible, so that nothing is copied.
package enum WebSocketPayload: Hashable, Sendable {
    /// A range of the bytes that were given to `next(in:from:)`.
    case borrowed(Range<Int>)
    case owned([UInt8])

    /// - Parameter input: the bytes that were given to `next(in:from:)`.
    package func withBytes<Result, Failure: Error>(
        of input: UnsafeRawBufferPointer,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch self {
        case .borrowed(let range):
            return try body(UnsafeRawBufferPointer(rebasing: input[range]))
        case .owned(let bytes):
            return try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) -> Result in
                try body(UnsafeRawBufferPointer(buffer))
            }
        }
    }

    package func bytes(of input: UnsafeRawBufferPointer) -> [UInt8] {
        switch self {
        case .borrowed(let range): [UInt8](input[range])
        case .owned(let bytes): bytes
        }
    }
}
