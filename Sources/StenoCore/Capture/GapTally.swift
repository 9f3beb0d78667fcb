/// Which gaps of a source a recognition has told on. A gap counts as missing as soon as it is known, and is told once,
/// whole, when it is over.
public struct GapTally: Sendable {
    /// Gaps before this index were told.
    private var told = 0

    public init() {}

    /// - Parameters:
    ///   - gaps: of the source so far: entries never go away, and only the last may still grow, while it ends where the
    ///     audio does.
    ///   - available: how far the source is.
    ///   - isComplete: nothing will be added.
    /// - Returns: those that are over and were not told before.
    public mutating func update(
        _ gaps: [AudioGap],
        available: SamplePosition,
        isComplete: Bool,
        telling ledger: inout RecordingLedger
    ) -> [AudioGap] {
        guard self.told < gaps.count else { return [] }
        let first = self.told
        for (index, gap) in gaps.enumerated().dropFirst(first) {
            ledger.missed(gap.span)
            let isOver = isComplete || index < gaps.count - 1 || gap.span.end < available
            if isOver { self.told = index + 1 }
        }
        return Array(gaps[first..<self.told])
    }
}
