/// The content of a `fmt ` chunk.
struct WAVFormat: Hashable, Sendable {
    var encoding: WAVHeader.Encoding
    var channels: Int
    var rate: Int

    private enum Tag {
        static let integer: UInt16 = 1
        static let float: UInt16 = 3
        static let aLaw: UInt16 = 6
        static let muLaw: UInt16 = 7
        static let extensible: UInt16 = 0xFFFE
    }

    /// `nil` when fewer than the 16 bytes are there that every kind has.
    init?(_ bytes: UnsafeRawBufferPointer, bigEndian: Bool) {
        guard bytes.count >= 16 else { return nil }
        func short(_ offset: Int) -> UInt16 { bytes.integer(UInt16.self, at: offset, bigEndian: bigEndian) }

        var tag = short(0)
        // The extensible form repeats the tag as the first two bytes of its subformat.
        if tag == Tag.extensible, bytes.count >= 26 { tag = short(24) }
        self.channels = Int(short(2))
        self.rate = Int(clamping: bytes.integer(UInt32.self, at: 4, bigEndian: bigEndian))
        self.encoding = Self.encoding(tag: tag, bits: short(14), frameBytes: short(12), channels: short(2))
    }

    private static func encoding(
        tag: UInt16,
        bits: UInt16,
        frameBytes: UInt16,
        channels: UInt16
    ) -> WAVHeader.Encoding {
        let encoding: WAVHeader.Encoding =
            switch (tag, bits) {
            case (Tag.integer, 1...8): .integer8
            case (Tag.integer, 9...16): .integer16
            case (Tag.integer, 17...24): .integer24
            case (Tag.integer, 25...32): .integer32
            case (Tag.float, 32): .float32
            case (Tag.float, 64): .float64
            case (Tag.aLaw, 8): .aLaw
            case (Tag.muLaw, 8): .muLaw
            default: .other(tag: tag)
            }
        // 24 bits in four bytes and the like exist, and where the bits then lie is for libsndfile to know. A frame size
        // of 0 is only sloppiness.
        let expected = (encoding.bytesPerSample ?? 0) * Int(channels)
        return frameBytes == 0 || Int(frameBytes) == expected ? encoding : .other(tag: tag)
    }
}
