/// A set of positions kept as sorted spans that neither overlap nor touch.
///
/// Audio arrives in order, so adding at the end costs the same however long the recording is; anywhere else costs a
/// search and one array insertion.
public struct SpanSet: Hashable, Sendable {
    public private(set) var spans: [AudioSpan] = []

    public init() {}

    public init(_ spans: some Sequence<AudioSpan>) {
        for span in spans { self.insert(span) }
    }

    public var isEmpty: Bool { self.spans.isEmpty }
    /// How many frames the set holds.
    public var frames: Int64 { self.spans.reduce(0) { $0 + $1.frames } }
    public var end: SamplePosition? { self.spans.last?.end }

    public func contains(_ position: SamplePosition) -> Bool {
        let index = self.firstIndex(endingAfter: position)
        return index < self.spans.count && self.spans[index].start <= position
    }

    /// The spans that share at least one frame with `bounds`, whole.
    public func overlapping(_ bounds: AudioSpan) -> ArraySlice<AudioSpan> {
        let first = self.firstIndex(endingAfter: bounds.start)
        var last = first
        while last < self.spans.count, self.spans[last].start < bounds.end { last += 1 }
        return bounds.isEmpty ? [] : self.spans[first..<last]
    }

    /// How many frames of `bounds` are in the set.
    public func frames(in bounds: AudioSpan) -> Int64 {
        self.overlapping(bounds).reduce(0) { $0 + $1.clamped(to: bounds).frames }
    }

    public mutating func insert(_ span: AudioSpan) {
        guard !span.isEmpty else { return }
        guard let last = self.spans.last, span.start <= last.end else {
            self.spans.append(span)
            return
        }
        guard span.start < last.start else {
            self.spans[self.spans.count - 1].end = max(last.end, span.end)
            return
        }
        // Spans that end before `span` starts stay as they are; one that ends exactly there is joined.
        let first = self.firstIndex(endingAtOrAfter: span.start)
        var joined = span
        var next = first
        while next < self.spans.count, self.spans[next].start <= span.end {
            joined.start = min(joined.start, self.spans[next].start)
            joined.end = max(joined.end, self.spans[next].end)
            next += 1
        }
        self.spans.replaceSubrange(first..<next, with: CollectionOfOne(joined))
    }

    public mutating func remove(_ span: AudioSpan) {
        guard !span.isEmpty, let last = self.spans.last, span.start < last.end else { return }
        let first = self.firstIndex(endingAfter: span.start)
        var next = first
        var rest: [AudioSpan] = []
        while next < self.spans.count, self.spans[next].start < span.end {
            let cut = self.spans[next]
            if cut.start < span.start { rest.append(AudioSpan(start: cut.start, end: span.start)) }
            if span.end < cut.end { rest.append(AudioSpan(start: span.end, end: cut.end)) }
            next += 1
        }
        self.spans.replaceSubrange(first..<next, with: rest)
    }

    /// What is in this set and not in `other`. One pass over both.
    public func subtracting(_ other: SpanSet) -> SpanSet {
        var result = SpanSet()
        var index = 0
        for span in self.spans {
            var rest = span.start
            while index < other.spans.count, other.spans[index].end <= rest { index += 1 }
            var hole = index
            while hole < other.spans.count, other.spans[hole].start < span.end {
                result.insert(AudioSpan(start: rest, end: other.spans[hole].start))
                rest = max(rest, other.spans[hole].end)
                hole += 1
            }
            if rest < span.end { result.insert(AudioSpan(start: rest, end: span.end)) }
        }
        return result
    }

    /// What is in either. One pass over both.
    public func union(_ other: SpanSet) -> SpanSet {
        guard !self.isEmpty, !other.isEmpty else { return self.isEmpty ? other : self }
        var result = SpanSet()
        result.spans.reserveCapacity(self.spans.count + other.spans.count)
        var rest = other.spans[...]
        for span in self.spans {
            while let next = rest.first, next.start < span.start {
                result.insert(next)
                rest.removeFirst()
            }
            result.insert(span)
        }
        for span in rest { result.insert(span) }
        return result
    }

    public func clamped(to bounds: AudioSpan) -> SpanSet {
        if let first = self.spans.first, let last = self.spans.last, bounds.start <= first.start, last.end <= bounds.end
        {
            return self
        }
        return SpanSet(self.overlapping(bounds).map { $0.clamped(to: bounds) })
    }

    /// Index of the first span that ends after `position`; `spans.count` if none does.
    private func firstIndex(endingAfter position: SamplePosition) -> Int {
        self.firstIndex { $0.end > position }
    }

    private func firstIndex(endingAtOrAfter position: SamplePosition) -> Int {
        self.firstIndex { $0.end >= position }
    }

    /// Binary search; `predicate` is false for a prefix of the spans and true for the rest.
    private func firstIndex(where predicate: (AudioSpan) -> Bool) -> Int {
        var low = 0
        var high = self.spans.count
        while low < high {
            let middle = (low + high) / 2
            if predicate(self.spans[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
