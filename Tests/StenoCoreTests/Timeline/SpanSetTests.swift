import StenoCore
import Testing

@Suite("Span set")
struct SpanSetTests {
    @Test("Spans that touch are joined; spans apart stay apart")
    func joining() {
        var set = SpanSet()
        set.insert(AudioSpan(0..<10))
        set.insert(AudioSpan(10..<20))
        set.insert(AudioSpan(30..<40))
        #expect(set.spans == [AudioSpan(0..<20), AudioSpan(30..<40)])
        set.insert(AudioSpan(20..<30))
        #expect(set.spans == [AudioSpan(0..<40)])
        #expect(set.frames == 40)
    }

    @Test("An empty span changes nothing")
    func empty() {
        var set = SpanSet([AudioSpan(5..<9)])
        set.insert(AudioSpan(7..<7))
        set.insert(AudioSpan(100..<100))
        #expect(set == SpanSet([AudioSpan(5..<9)]))
        #expect(set.overlapping(AudioSpan(6..<6)).isEmpty)
        #expect(set.frames(in: AudioSpan(6..<6)) == 0)
        set.remove(AudioSpan(7..<7))
        #expect(set.spans == [AudioSpan(5..<9)])
    }

    @Test("What overlaps is returned whole, what is clamped is cut")
    func slicing() {
        let set = SpanSet([AudioSpan(0..<10), AudioSpan(20..<30), AudioSpan(40..<50)])
        #expect(Array(set.overlapping(AudioSpan(9..<21))) == [AudioSpan(0..<10), AudioSpan(20..<30)])
        #expect(set.clamped(to: AudioSpan(9..<21)).spans == [AudioSpan(9..<10), AudioSpan(20..<21)])
        #expect(set.overlapping(AudioSpan(10..<20)).isEmpty)
        #expect(set.end?.frames == 50)
    }

    /// Every operation, against a set of single positions, which cannot be wrong.
    @Test("Every operation agrees with a plain set of positions")
    func agreesWithNaiveModel() {
        for seed in UInt64(0)..<1_000 {
            var random = SplitMix64(seed: seed)
            var (left, right) = (SpanSet(), SpanSet())
            var (naiveLeft, naiveRight) = (Set<Int64>(), Set<Int64>())
            for _ in 0..<Int.random(in: 0..<16, using: &random) {
                let span = Self.anySpan(using: &random)
                left.insert(span)
                naiveLeft.formUnion(span.positions)
                let other = Self.anySpan(using: &random)
                right.insert(other)
                naiveRight.formUnion(other.positions)
                let removed = Self.anySpan(using: &random)
                left.remove(removed)
                naiveLeft.subtract(removed.positions)
            }
            let bounds = Self.anySpan(using: &random)

            #expect(left.isWellFormed, "seed \(seed)")
            #expect(left.positions == naiveLeft, "seed \(seed)")
            #expect(left.frames == Int64(naiveLeft.count), "seed \(seed)")
            #expect(left.end?.frames == naiveLeft.max().map { $0 + 1 }, "seed \(seed)")
            #expect(left.subtracting(right).positions == naiveLeft.subtracting(naiveRight), "seed \(seed)")
            #expect(left.union(right).positions == naiveLeft.union(naiveRight), "seed \(seed)")
            #expect(left.clamped(to: bounds).positions == naiveLeft.intersection(bounds.positions), "seed \(seed)")
            #expect(
                left.frames(in: bounds) == Int64(naiveLeft.intersection(bounds.positions).count),
                "seed \(seed)"
            )
            let whole = left.spans.filter { !naiveLeft.isDisjoint(with: bounds.positions) && $0.overlaps(bounds) }
            #expect(bounds.isEmpty || Array(left.overlapping(bounds)) == whole, "seed \(seed)")
            #expect(left.subtracting(right).isWellFormed && left.union(right).isWellFormed, "seed \(seed)")
            for position in Int64(-2)..<62 {
                #expect(left.contains(.init(frames: position)) == naiveLeft.contains(position), "seed \(seed)")
            }
        }
    }

    private static func anySpan(using random: inout SplitMix64) -> AudioSpan {
        let start = Int64.random(in: 0..<50, using: &random)
        return AudioSpan(start..<(start + Int64.random(in: 0..<10, using: &random)))
    }
}

extension AudioSpan {
    fileprivate var positions: Set<Int64> { Set(self.start.frames..<self.end.frames) }
}

extension SpanSet {
    fileprivate var positions: Set<Int64> {
        self.spans.reduce(into: []) { $0.formUnion($1.start.frames..<$1.end.frames) }
    }

    /// Sorted, not empty, neither overlapping nor touching.
    fileprivate var isWellFormed: Bool {
        self.spans.allSatisfy { !$0.isEmpty }
            && zip(self.spans, self.spans.dropFirst()).allSatisfy { $0.end < $1.start }
    }
}
