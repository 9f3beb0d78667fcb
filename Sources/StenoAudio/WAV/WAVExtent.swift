/// Where the samples of a WAV file really are, which its header need not know: a recorder that was cut off leaves a
/// size of 0, a pipe leaves 0xFFFFFFFF, and 32 bits wrap at 4 GiB. The promise is that every real sample is read.
struct WAVExtent: Hashable, Sendable {
    /// Where the first sample lies, in bytes.
    var offset: Int64
    var frames: Int64
    var warnings: [AudioWarning.Kind] = []

    /// - Parameters:
    ///   - bytesPerFrame: of the header's encoding, which has one.
    ///   - fileBytes: size of the file.
    ///   - tail: the first nine bytes behind the samples by the header's count, or fewer at the end of the file.
    init(_ header: WAVHeader, bytesPerFrame: Int, fileBytes: Int64, tail: UnsafeRawBufferPointer) {
        self.offset = header.dataOffset
        let real = max(0, fileBytes - header.dataOffset)
        let frameBytes = Int64(bytesPerFrame)
        let declared = header.declaredBytes ?? .max

        if declared > real {
            self.frames = real / frameBytes
            if header.declaredBytes == nil || Self.unknownSizes.contains(declared) {
                self.warnings = [.wrongSize]
            } else {
                let missing = declared / frameBytes - self.frames
                if missing > 0 {
                    self.warnings = [.truncated(missing: TimelineLength.frames(missing, atRate: header.rate))]
                }
            }
        } else if Self.isRest(tail, of: real - declared, header, frameBytes: frameBytes) {
            self.frames = declared / frameBytes
        } else {
            self.frames = real / frameBytes
            self.warnings = [.wrongSize]
        }
    }

    /// What is looked at behind the samples: a pad byte, an id and a size.
    static let tailBytes = 9

    /// What programs write that do not know the size: 0xFFFFFFFF, 0x80000000 or just below 2^31, with the header taken
    /// off or not.
    static let unknownSizes: ClosedRange<Int64> = 0x7FFF_0000...0xFFFF_FFFF

    /// Whether what follows the samples is not samples: nothing, a pad byte, less than a frame, or another chunk.
    static func isRest(
        _ tail: UnsafeRawBufferPointer,
        of bytes: Int64,
        _ header: WAVHeader,
        frameBytes: Int64
    ) -> Bool {
        let isPadded = (header.declaredBytes ?? 0) % 2 == 1
        if bytes < frameBytes || (isPadded && bytes == 1) { return true }
        for start in isPadded ? [1, 0] : [0] where tail.count >= start + 8 {
            let size = tail.integer(UInt32.self, at: start + 4, bigEndian: header.isBigEndian)
            if ChunkID(tail, at: start).isPlausible, Int64(size) <= bytes - 8 - Int64(start) { return true }
        }
        return false
    }
}
