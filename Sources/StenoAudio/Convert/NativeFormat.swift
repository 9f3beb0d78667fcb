/// How a device delivers samples: the formats that are read without a converter of somebody else's in between.
package struct NativeFormat: Hashable, Sendable {
    package enum Encoding: Hashable, Sendable, CaseIterable {
        case unsigned8, signed16, signed24Packed, signed32, float32
    }

    package var encoding: Encoding
    /// Frames per second.
    package var rate: Int
    /// Interleaved.
    package var channels: Int

    package init(_ encoding: Encoding, rate: Int, channels: Int) {
        self.encoding = encoding
        self.rate = rate
        self.channels = channels
    }

    package var bytesPerFrame: Int { self.encoding.bytes * self.channels }
}

extension NativeFormat.Encoding {
    var bytes: Int {
        switch self {
        case .unsigned8: 1
        case .signed16: 2
        case .signed24Packed: 3
        case .signed32, .float32: 4
        }
    }

    /// Devices of this kind of machine are little-endian.
    var pcm: PCMEncoding? {
        switch self {
        case .unsigned8: PCMEncoding(.integer8)
        case .signed16: PCMEncoding(.integer16)
        case .signed24Packed: PCMEncoding(.integer24)
        case .signed32: PCMEncoding(.integer32)
        case .float32: PCMEncoding(.float32)
        }
    }
}
