/// Decodes uncompressed samples out of bytes that come in pieces of any size.
final class PCMReader: FrameReader {
    let format: FrameFormat
    let expectedFrames: Int64?
    private let bytes: any ByteSource
    private let encoding: PCMEncoding
    private let block: Scratch<UInt8>
    /// Bytes of a frame that is not whole yet, at the front of `block`.
    private var carried = 0
    private var hasEnded = false
    /// Raw input has no header that could promise more, so its end in the middle of a frame is worth a word.
    private let isRaw: Bool

    init(
        _ bytes: any ByteSource,
        format: FrameFormat,
        encoding: PCMEncoding,
        expectedFrames: Int64? = nil,
        isRaw: Bool = false
    ) {
        self.bytes = bytes
        self.format = format
        self.encoding = encoding
        self.expectedFrames = expectedFrames
        self.isRaw = isRaw
        let frameBytes = encoding.bytesPerSample * format.channels
        self.block = Scratch(count: TimelineDecoder.blockFrames * frameBytes, filledWith: 0)
    }

    var warnings: [AudioWarning.Kind] {
        self.bytes.warnings + (self.isRaw && self.hasEnded && self.carried > 0 ? [.partialFrame] : [])
    }

    func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
        let frameBytes = self.encoding.bytesPerSample * self.format.channels
        let room = min(self.block.buffer.count, buffer.count / self.format.channels * frameBytes)
        var filled = self.carried
        repeat {
            let free = UnsafeMutableRawBufferPointer(
                rebasing: UnsafeMutableRawBufferPointer(self.block.buffer)[filled..<room]
            )
            let count = try self.bytes.read(into: free)
            guard count > 0 else {
                self.hasEnded = true
                self.carried = filled
                return 0
            }
            filled += count
        } while filled < frameBytes

        let frames = filled / frameBytes
        let base = UnsafeMutableRawPointer(self.block.buffer.baseAddress!)
        self.encoding.decode(base, count: frames * self.format.channels, into: buffer.baseAddress!)
        self.carried = filled - frames * frameBytes
        base.copyMemory(from: base + frames * frameBytes, byteCount: self.carried)
        return frames
    }
}
