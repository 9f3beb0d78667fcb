/// How uncompressed samples lie in bytes, and how they become floats with full scale 1.
struct PCMEncoding: Hashable, Sendable {
    var encoding: WAVHeader.Encoding
    var isBigEndian = false
    let bytesPerSample: Int

    /// `nil` for a kind whose samples have no fixed size.
    init?(_ encoding: WAVHeader.Encoding, isBigEndian: Bool = false) {
        guard let bytesPerSample = encoding.bytesPerSample else { return nil }
        self.encoding = encoding
        self.isBigEndian = isBigEndian
        self.bytesPerSample = bytesPerSample
    }

    /// Decodes `count` samples.
    ///
    /// - Precondition: `bytes` has that many.
    func decode(_ bytes: UnsafeRawPointer, count: Int, into samples: UnsafeMutablePointer<Float>) {
        let isSwapped = self.isBigEndian
        switch self.encoding {
        case .integer8:
            Self.each(count, 1, bytes, samples) { (Float($0.load(as: UInt8.self)) - 128) / 128 }
        case .integer16:
            Self.each(count, 2, bytes, samples) { Float(Int16(truncatingIfNeeded: $0.word16(isSwapped))) / 32_768 }
        case .integer24:
            Self.each(count, 3, bytes, samples) { Float($0.integer24(isSwapped)) / 8_388_608 }
        case .integer32:
            Self.each(count, 4, bytes, samples) {
                Float(Int32(truncatingIfNeeded: $0.word32(isSwapped))) / 2_147_483_648
            }
        case .float32:
            Self.each(count, 4, bytes, samples) { Float(bitPattern: $0.word32(isSwapped)) }
        case .float64:
            Self.each(count, 8, bytes, samples) { Float(Double(bitPattern: $0.word64(isSwapped))) }
        case .aLaw:
            Self.each(count, 1, bytes, samples) { Self.aLaw[Int($0.load(as: UInt8.self))] }
        case .muLaw:
            Self.each(count, 1, bytes, samples) { Self.muLaw[Int($0.load(as: UInt8.self))] }
        case .other:
            preconditionFailure("decoded a kind without a sample size")
        }
    }

    @inline(__always)
    private static func each(
        _ count: Int,
        _ stride: Int,
        _ bytes: UnsafeRawPointer,
        _ samples: UnsafeMutablePointer<Float>,
        _ sample: (UnsafeRawPointer) -> Float
    ) {
        var next = bytes
        for index in 0..<count {
            samples[index] = sample(next)
            next += stride
        }
    }

    /// G.711: inverted bits; sign, three bits of exponent, four of mantissa, with a bias of 33 steps of 4.
    private static let muLaw: [Float] = (0..<256).map { byte in
        let bits = ~byte & 0xFF
        let magnitude = ((((bits & 0x0F) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84
        return Float(bits & 0x80 == 0 ? magnitude : -magnitude) / 32_768
    }

    /// G.711: every other bit inverted; sign (set is positive), three bits of exponent, four of mantissa.
    private static let aLaw: [Float] = (0..<256).map { byte in
        let bits = byte ^ 0x55
        let segment = (bits & 0x70) >> 4
        let step = ((bits & 0x0F) << 4) + (segment == 0 ? 0x008 : 0x108)
        let magnitude = segment > 1 ? step << (segment - 1) : step
        return Float(bits & 0x80 == 0 ? -magnitude : magnitude) / 32_768
    }
}

extension UnsafeRawPointer {
    @inline(__always)
    fileprivate func word16(_ isBigEndian: Bool) -> UInt16 {
        let word = self.loadUnaligned(as: UInt16.self)
        return isBigEndian ? UInt16(bigEndian: word) : UInt16(littleEndian: word)
    }

    @inline(__always)
    fileprivate func word32(_ isBigEndian: Bool) -> UInt32 {
        let word = self.loadUnaligned(as: UInt32.self)
        return isBigEndian ? UInt32(bigEndian: word) : UInt32(littleEndian: word)
    }

    @inline(__always)
    fileprivate func word64(_ isBigEndian: Bool) -> UInt64 {
        let word = self.loadUnaligned(as: UInt64.self)
        return isBigEndian ? UInt64(bigEndian: word) : UInt64(littleEndian: word)
    }

    @inline(__always)
    fileprivate func integer24(_ isBigEndian: Bool) -> Int32 {
        let (first, second, third) = (
            UInt32(self.load(as: UInt8.self)), UInt32(self.load(fromByteOffset: 1, as: UInt8.self)),
            UInt32(self.load(fromByteOffset: 2, as: UInt8.self))
        )
        let bits = isBigEndian ? first << 16 | second << 8 | third : third << 16 | second << 8 | first
        // Shifted up and down again, so that the sign is carried along.
        return Int32(bitPattern: bits << 8) >> 8
    }
}
