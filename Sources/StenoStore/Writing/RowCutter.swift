import StenoCore

/// Cuts the timeline into rows of 250 ms.
///
/// Rows end at the multiples of 4,000 samples, whatever happened before, so that nobody waits longer for one than that;
/// only the first and the last row of a segment may be shorter. Where audio is missing a row has zeros; a row that would
/// have nothing else is left out.
struct RowCutter {
    static let rowFrames = 4_000

    /// Where the row in the making begins.
    private(set) var start: SamplePosition
    private(set) var filled = 0
    /// There is more than zeros of a gap in it.
    private(set) var hasSound = false
    private var samples: [Int16]

    init(at start: SamplePosition) {
        self.start = start
        self.samples = [Int16](repeating: 0, count: Self.rowFrames)
    }

    /// The end of the timeline so far.
    var end: SamplePosition { self.start + Int64(self.filled) }
    var isFull: Bool { self.filled == self.limit }
    /// How long the row will be.
    private var limit: Int { Self.rowFrames - Int(self.start.frames % Int64(Self.rowFrames)) }
    /// Everything before this is in rows that are done, or in gaps.
    var settled: SamplePosition { self.hasSound ? self.start : self.end }

    func withRow<Result, Failure: Error>(
        _ body: (UnsafeBufferPointer<Int16>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try self.samples.withUnsafeBufferPointer { samples throws(Failure) in
            try body(UnsafeBufferPointer(rebasing: samples[..<self.filled]))
        }
    }

    /// Takes samples until the row is full, and returns how many.
    mutating func append(_ samples: UnsafeBufferPointer<Int16>.SubSequence) -> Int {
        let count = min(samples.count, self.limit - self.filled)
        guard count > 0 else { return 0 }
        self.samples.withUnsafeMutableBufferPointer { row in
            _ = row[self.filled...].update(fromContentsOf: samples.prefix(count))
        }
        self.filled += count
        self.hasSound = true
        return count
    }

    /// Lets the timeline go on without sound, to the end of the row if there is sound in it. Returns by how many frames.
    mutating func skip(_ frames: Int64) -> Int64 {
        guard !self.hasSound else {
            let count = Int(min(frames, Int64(self.limit - self.filled)))
            self.clear(self.filled..<self.filled + count)
            self.filled += count
            return Int64(count)
        }
        let end = self.end + frames
        let row = SamplePosition(frames: end.frames / Int64(Self.rowFrames) * Int64(Self.rowFrames))
        self.start = max(self.start, row)
        self.filled = Int(end - self.start)
        self.clear(0..<self.filled)
        return frames
    }

    /// Begins the next row, or another segment, where this row ends.
    mutating func advance() {
        self.start = self.end
        self.filled = 0
        self.hasSound = false
    }

    private mutating func clear(_ range: Range<Int>) {
        self.samples.withUnsafeMutableBufferPointer { row in
            UnsafeMutableBufferPointer(rebasing: row[range]).update(repeating: 0)
        }
    }
}
