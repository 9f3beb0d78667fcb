/// The head of a RIFF WAVE file: enough to know the format and where the samples lie.
struct WaveHeader: Hashable, Sendable {
    var formatTag: Int
    var channels: Int
    var rate: Int
    var bitsPerSample: Int
    var byteRate: Int
    /// Offsets of the samples' bytes. The end is as the file claims and may lie behind the file's end.
    var data: Range<Int>

    /// - Parameter bytes: the beginning of the file; the head must lie within it.
    /// - Returns: `nil` when it is no WAVE file.
    init?(_ bytes: ArraySlice<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count >= 12, Self.tag(bytes, 0) == "RIFF", Self.tag(bytes, 8) == "WAVE" else { return nil }
        var format: Int?
        var offset = 12
        while offset + 8 <= bytes.count {
            let size = Self.number(bytes, offset + 4, bytes: 4)
            let body = offset + 8
            switch Self.tag(bytes, offset) {
            case "fmt " where size >= 16 && body + 16 <= bytes.count:
                format = body
            case "data":
                guard let format else { return nil }
                self.formatTag = Self.number(bytes, format, bytes: 2)
                self.channels = Self.number(bytes, format + 2, bytes: 2)
                self.rate = Self.number(bytes, format + 4, bytes: 4)
                self.byteRate = Self.number(bytes, format + 8, bytes: 4)
                self.bitsPerSample = Self.number(bytes, format + 14, bytes: 2)
                self.data = body..<(body + size)
                return
            default:
                break
            }
            // Chunks are padded to an even length.
            offset = body + size + size % 2
        }
        return nil
    }

    /// 16-bit PCM, 16 kHz, one channel; the tag of "extensible" is taken on trust.
    var isSandboxFormat: Bool {
        (self.formatTag == 1 || self.formatTag == 0xFFFE) && self.channels == 1 && self.rate == 16_000
            && self.bitsPerSample == 16
    }

    /// Length in seconds by the head's own figures.
    var seconds: Double? { self.byteRate > 0 ? Double(self.data.count) / Double(self.byteRate) : nil }

    private static func tag(_ bytes: [UInt8], _ offset: Int) -> String {
        String(decoding: bytes[offset..<(offset + 4)], as: UTF8.self)
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, bytes count: Int) -> Int {
        (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
}
