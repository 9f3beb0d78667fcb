/// The mask that a client lays over its payloads (RFC 6455 §5.3). Not a protection: it keeps old proxies from mistaking
/// payload for HTTP.
package struct WebSocketMask: Hashable, Sendable {
    /// The first byte of the mask is the lowest byte here, on machines of either byte order.
    private var key: UInt32

    /// - Parameter key: 32 random bits, new for each frame.
    package init(key: UInt32) {
        self.key = key
    }

    /// From four bytes as they travel.
    package init(_ bytes: (UInt8, UInt8, UInt8, UInt8)) {
        self.key = UInt32(bytes.0) | UInt32(bytes.1) << 8 | UInt32(bytes.2) << 16 | UInt32(bytes.3) << 24
    }

    package subscript(index: Int) -> UInt8 { UInt8(truncatingIfNeeded: self.key >> UInt32(8 * (index & 3))) }

    /// The mask for the rest of a payload, of which `count` bytes have been masked.
    package func advanced(by count: Int) -> WebSocketMask {
        let bits = UInt32(8 * (count & 3))
        return WebSocketMask(key: bits == 0 ? self.key : self.key >> bits | self.key << (32 - bits))
    }

    /// Lays the mask over `source` into `destination`, which may be the same memory and must not be shorter. Masking twice
    /// gives the source again. 32 bytes at a time: the payloads are audio, and this is the only pass over them.
    package func apply(from source: UnsafeRawBufferPointer, to destination: UnsafeMutableRawBufferPointer) {
        precondition(destination.count >= source.count, "received \(destination.count) bytes for \(source.count)")
        let words = SIMD4<UInt64>(repeating: (UInt64(self.key) << 32 | UInt64(self.key)).littleEndian)
        var offset = 0
        while offset + 32 <= source.count {
            let plain = source.loadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
            destination.storeBytes(of: plain ^ words, toByteOffset: offset, as: SIMD4<UInt64>.self)
            offset += 32
        }
        while offset < source.count {
            destination[offset] = source[offset] ^ self[offset]
            offset += 1
        }
    }

    /// Lays the mask over the end of `bytes`.
    package func apply(to bytes: inout [UInt8], from start: Int) {
        bytes.withUnsafeMutableBytes { buffer in
            let end = UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
            self.apply(from: UnsafeRawBufferPointer(end), to: end)
        }
    }
}
