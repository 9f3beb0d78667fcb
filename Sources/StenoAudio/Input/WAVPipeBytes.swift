/// The samples of a WAV that comes through a pipe: as many as its header says, if it knows, and everything up to the
/// end if it does not or turns out to be wrong.
final class WAVPipeBytes: ByteSource {
    private(set) var warnings: [AudioWarning.Kind] = []
    private let pipe: PipeBytes
    private let header: WAVHeader
    private let frameBytes: Int
    /// Bytes that are still promised; `nil` when nobody knows.
    private var promised: Int64?

    /// - Parameter pipe: stands at the first sample.
    init(_ pipe: PipeBytes, header: WAVHeader, frameBytes: Int) {
        self.pipe = pipe
        self.header = header
        self.frameBytes = frameBytes
        if let declared = header.declaredBytes, declared > 0, !WAVExtent.unknownSizes.contains(declared) {
            self.promised = declared
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(AudioError) -> Int {
        if self.promised == 0 {
            guard try !self.isAtEnd() else { return 0 }
            self.promised = nil
            self.warnings = [.wrongSize]
        }
        let room = self.promised.map { Int(min($0, Int64(buffer.count))) } ?? buffer.count
        let count = try self.pipe.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<room]))
        guard let promised = self.promised else { return count }
        if count == 0, self.warnings.isEmpty {
            let missing = promised / Int64(self.frameBytes)
            if missing > 0 {
                self.warnings = [.truncated(missing: TimelineLength.frames(missing, atRate: self.header.rate))]
            }
        }
        self.promised = promised - Int64(count)
        return count
    }

    /// Whether what follows the promised samples is not samples.
    private func isAtEnd() throws(AudioError) -> Bool {
        let tail = try self.pipe.peek(WAVExtent.tailBytes)
        let bytes = tail.count < WAVExtent.tailBytes ? Int64(tail.count) : Int64.max
        return tail.withUnsafeBytes { tail in
            WAVExtent.isRest(tail, of: bytes, self.header, frameBytes: Int64(self.frameBytes))
        }
    }
}
