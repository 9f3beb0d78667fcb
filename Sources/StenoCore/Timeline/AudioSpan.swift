/// A half-open stretch of the timeline: `start` belongs to it, `end` does not.
public struct AudioSpan: Hashable, Sendable {
    public var start: SamplePosition
    public var end: SamplePosition

    /// An `end` before `start` gives the empty span at `start`: times come from servers, and order is not theirs to
    /// promise.
    public init(start: SamplePosition, end: SamplePosition) {
        self.start = start
        self.end = max(start, end)
    }

    public init(_ frames: Range<Int64>) {
        self.init(start: .init(frames: frames.lowerBound), end: .init(frames: frames.upperBound))
    }

    /// Length in frames.
    public var frames: Int64 { self.end - self.start }
    public var isEmpty: Bool { self.frames == 0 }
    public var midpoint: SamplePosition { self.start + self.frames / 2 }

    public func contains(_ position: SamplePosition) -> Bool { self.start <= position && position < self.end }

    public func overlaps(_ other: AudioSpan) -> Bool { self.start < other.end && other.start < self.end }

    /// This span made longer by `frames` on both sides.
    public func widened(by frames: Int64) -> AudioSpan {
        AudioSpan(start: self.start - frames, end: self.end + frames)
    }

    /// The part inside `bounds`; empty where they do not meet.
    public func clamped(to bounds: AudioSpan) -> AudioSpan {
        let start = min(max(self.start, bounds.start), bounds.end)
        return AudioSpan(start: start, end: max(start, min(self.end, bounds.end)))
    }
}
