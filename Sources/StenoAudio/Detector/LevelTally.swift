package import StenoCore

/// Adds up what captured audio sounds like, and gives a reading about ten times a second. On the capture thread.
package struct LevelTally {
    /// 100 ms.
    private static let readingFrames = Int64(SamplePosition.rate / 10)

    private var reading: LevelReading?

    package init() {}

    /// Takes samples that begin at `position`. Returns a reading when one is complete.
    package mutating func accept(_ samples: UnsafeBufferPointer<Int16>, at position: SamplePosition) -> LevelReading? {
        guard let base = samples.baseAddress, !samples.isEmpty else { return nil }
        var reading = self.reading ?? .nothing(at: position)
        var (lowest, highest) = (Int16.max, Int16.min)
        var (squares, sum, clipped) = (Int64(0), Int64(0), Int64(0))
        for index in 0..<samples.count {
            let sample = base[index]
            lowest = min(lowest, sample)
            highest = max(highest, sample)
            squares &+= Int64(sample) &* Int64(sample)
            sum &+= Int64(sample)
            clipped &+= sample == .max || sample == .min ? 1 : 0
        }
        var zeros = 0
        while zeros < samples.count, base[samples.count - 1 - zeros] == 0 { zeros += 1 }
        reading.frames += Int64(samples.count)
        reading.peak = max(reading.peak, -Int(lowest), Int(highest))
        reading.squares += Double(squares)
        reading.sum += Double(sum)
        reading.clippedFrames += clipped
        reading.trailingZeros = zeros == samples.count ? reading.trailingZeros + Int64(zeros) : Int64(zeros)
        guard reading.frames >= Self.readingFrames else {
            self.reading = reading
            return nil
        }
        self.reading = nil
        return reading
    }

    /// The timeline is interrupted: what was begun is given as it is.
    package mutating func interrupt() -> LevelReading? {
        defer { self.reading = nil }
        return self.reading
    }
}

extension LevelReading {
    fileprivate static func nothing(at position: SamplePosition) -> LevelReading {
        LevelReading(start: position, frames: 0, peak: 0, squares: 0, sum: 0, clippedFrames: 0, trailingZeros: 0)
    }
}
