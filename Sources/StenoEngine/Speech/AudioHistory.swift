/// The last seconds of a stream as the engine wants them: floating point, addressed by position in the stream.
struct AudioHistory {
    /// What may be kept that nobody needs, so that memory is moved once in a while and not at every window.
    private static let slack = 16_384

    /// Position of the first sample that is kept.
    private(set) var start: Int64 = 0
    private var samples: [Float] = []

    var end: Int64 { self.start + Int64(self.samples.count) }

    mutating func append(_ new: UnsafeBufferPointer<Int16>) {
        self.samples.reserveCapacity(self.samples.count + new.count)
        for sample in new {
            self.samples.append(Float(sample) / 32_768)
        }
    }

    mutating func appendSilence(frames: Int) {
        self.samples.append(contentsOf: repeatElement(0, count: frames))
    }

    /// Nothing before `position` will be asked for again.
    mutating func forget(before position: Int64) {
        let unneeded = Int(clamping: min(position, self.end) - self.start)
        guard unneeded >= Self.slack else { return }
        self.samples.removeFirst(unneeded)
        self.start += Int64(unneeded)
    }

    /// Lends the part of `range` that is kept.
    func withSamples<Result>(
        in range: Range<Int64>,
        _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        let kept = range.clamped(to: self.start..<self.end)
        return try self.samples.withUnsafeBufferPointer { samples in
            try body(.init(rebasing: samples[Int(kept.lowerBound - self.start)..<Int(kept.upperBound - self.start)]))
        }
    }
}
