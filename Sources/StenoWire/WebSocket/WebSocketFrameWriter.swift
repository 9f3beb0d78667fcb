/// Writes frames (RFC 6455 §5.2) in place: header and payload land in memory the caller has made ready, in one pass.
package enum WebSocketFrameWriter {
    /// Two bytes, eight more of length, four of mask.
    package static let longestHeader = 14

    /// The size of a frame with a payload of `count` bytes.
    package static func size(ofPayload count: Int, isMasked: Bool) -> Int {
        let length = count <= 125 ? 0 : count <= 0xFFFF ? 2 : 8
        return 2 + length + (isMasked ? 4 : 0) + count
    }

    /// Writes one frame to the beginning of `destination`, which must hold `size(ofPayload:isMasked:)` bytes.
    ///
    /// - Parameters:
    ///   - mask: new random bits for each frame of a client; `nil` for a server.
    ///   - isFinal: `false` for all but the last fragment of a message.
    /// - Returns: the size of the frame.
    @discardableResult
    package static func write(
        _ opcode: WebSocketOpcode,
        payload: UnsafeRawBufferPointer,
        mask: WebSocketMask?,
        isFinal: Bool = true,
        to destination: UnsafeMutableRawBufferPointer
    ) -> Int {
        let size = Self.size(ofPayload: payload.count, isMasked: mask != nil)
        precondition(destination.count >= size, "received \(destination.count) bytes for a frame of \(size)")
        destination[0] = opcode.rawValue | (isFinal ? 0x80 : 0)
        let maskBit: UInt8 = mask == nil ? 0 : 0x80
        var offset = 2
        switch payload.count {
        case ...125:
            destination[1] = UInt8(truncatingIfNeeded: payload.count) | maskBit
        case ...0xFFFF:
            destination[1] = 126 | maskBit
            destination.storeBytes(of: UInt16(payload.count).bigEndian, toByteOffset: 2, as: UInt16.self)
            offset += 2
        default:
            destination[1] = 127 | maskBit
            destination.storeBytes(of: UInt64(payload.count).bigEndian, toByteOffset: 2, as: UInt64.self)
            offset += 8
        }
        if let mask {
            for index in 0..<4 { destination[offset + index] = mask[index] }
            mask.apply(from: payload, to: UnsafeMutableRawBufferPointer(rebasing: destination[(offset + 4)..<size]))
        } else {
            UnsafeMutableRawBufferPointer(rebasing: destination[offset..<size]).copyMemory(from: payload)
        }
        return size
    }

    /// The frame as an array, for the seldom and the small.
    package static func frame(
        _ opcode: WebSocketOpcode,
        payload: [UInt8],
        mask: WebSocketMask?,
        isFinal: Bool = true
    ) -> [UInt8] {
        let size = Self.size(ofPayload: payload.count, isMasked: mask != nil)
        return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = payload.withUnsafeBytes { bytes in
                Self.write(
                    opcode,
                    payload: bytes,
                    mask: mask,
                    isFinal: isFinal,
                    to: UnsafeMutableRawBufferPointer(buffer)
                )
            }
        }
    }
}
