/// Bytes of WAV files, right and wrong ones. Every option has the value of a plain 16 kHz mono 16-bit file, so that
/// what a test sets is what matters.
package struct WAVFixture: Sendable {
    package enum Size: Sendable {
        /// What really follows.
        case right
        case wrong(UInt32)
    }

    package struct Chunk: Sendable {
        package var id: String
        package var content: [UInt8]
        /// A pad byte follows a content of odd length, as the format wants and some programs forget.
        package var isPadded: Bool

        package init(_ id: String, _ content: [UInt8], isPadded: Bool = true) {
            self.id = id
            self.content = content
            self.isPadded = isPadded
        }
    }

    package var form = "RIFF"
    package var tag: UInt16 = 1
    package var channels: UInt16 = 1
    package var rate: UInt32 = 16_000
    package var bits: UInt16 = 16
    package var isExtensible = false
    package var chunksBeforeFormat: [Chunk] = []
    package var chunksBeforeData: [Chunk] = []
    package var chunksAfterData: [Chunk] = []
    package var dataSize = Size.right
    /// Bytes of the samples, in the order of the form.
    package var data: [UInt8]

    package init(data: [UInt8]) {
        self.data = data
    }

    package init(_ samples: [Int16]) {
        self.init(data: samples.flatMap { Self.bytes($0, bigEndian: false) })
    }

    /// A copy with some options set.
    package func with(_ change: (inout WAVFixture) -> Void) -> WAVFixture {
        var copy = self
        change(&copy)
        return copy
    }

    private var isBigEndian: Bool { self.form == "RIFX" }

    package var bytes: [UInt8] {
        var body = Array("WAVE".utf8)
        for chunk in self.chunksBeforeFormat { body += self.chunk(chunk) }
        body += self.chunk(Chunk("fmt ", self.format))
        for chunk in self.chunksBeforeData { body += self.chunk(chunk) }
        let size: UInt32 =
            switch self.dataSize {
            case .right: UInt32(self.data.count)
            case .wrong(let size): size
            }
        body += Array("data".utf8) + self.integer(size) + self.data
        if case .right = self.dataSize, self.data.count % 2 == 1 { body.append(0) }
        for chunk in self.chunksAfterData { body += self.chunk(chunk) }
        return Array(self.form.utf8) + self.integer(UInt32(body.count)) + body
    }

    private var format: [UInt8] {
        let frameBytes = UInt16(truncatingIfNeeded: Int(self.channels) * ((Int(self.bits) + 7) / 8))
        var format = self.integer(self.isExtensible ? 0xFFFE : self.tag) + self.integer(self.channels)
        format += self.integer(self.rate) + self.integer(self.rate &* UInt32(frameBytes))
        format += self.integer(frameBytes) + self.integer(self.bits)
        guard self.isExtensible else { return format }
        format += self.integer(UInt16(22)) + self.integer(self.bits) + self.integer(UInt32(0))
        // The rest of the GUID that stands for "this tag, as it always was".
        return format + self.integer(self.tag)
            + [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71]
    }

    private func chunk(_ chunk: Chunk) -> [UInt8] {
        let pad: [UInt8] = chunk.isPadded && chunk.content.count % 2 == 1 ? [0] : []
        return Array(chunk.id.utf8) + self.integer(UInt32(chunk.content.count)) + chunk.content + pad
    }

    private func integer(_ value: some FixedWidthInteger) -> [UInt8] {
        Self.bytes(value, bigEndian: self.isBigEndian)
    }

    /// The bytes of `value`, low byte first unless told otherwise.
    package static func bytes(_ value: some FixedWidthInteger, bigEndian: Bool = false) -> [UInt8] {
        withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
    }
}
