package import StenoCore

/// What became of every sample of a recording, as spans. What is in none of the first three is silent.
package struct RecordingCoverage: Hashable, Sendable {
    package var total: SamplePosition
    package var confirmed: SpanSet
    package var unconfirmed: SpanSet
    package var missing: SpanSet
    /// Handed to a recogniser at least once.
    package var sent: SpanSet
    /// The part of `unconfirmed` that needs no further hearing: a healthy connection heard it, and no text came of it.
    package var settled: SpanSet

    package init(_ machine: CoverageStateMachine) {
        let timeline = SpanSet(CollectionOfOne(AudioSpan(start: .zero, end: machine.total)))
        self.total = machine.total
        self.confirmed = machine.confirmed
        self.unconfirmed = machine.unconfirmed
        self.missing = machine.missing
        self.sent = timeline.subtracting(machine.unsent).subtracting(machine.missing)
        self.settled = machine.settledWithoutText
    }

    /// Audio that is not written here is listened to when it is sent. Until then it may be speech.
    ///
    /// - Parameter start: where it begins; what lies before is written here.
    mutating func leaveOpen(from start: SamplePosition) {
        let rest = SpanSet(CollectionOfOne(AudioSpan(start: min(start, self.total), end: self.total)))
        let unheard = rest.subtracting(self.sent).subtracting(self.confirmed).subtracting(self.missing)
        self.unconfirmed = self.unconfirmed.union(unheard)
    }

    package var totals: CoverageTotals {
        CoverageTotals(
            total: self.total.frames,
            confirmed: self.confirmed.frames,
            silent: self.total.frames - self.confirmed.frames - self.unconfirmed.frames - self.missing.frames,
            unconfirmed: self.unconfirmed.frames,
            missing: self.missing.frames,
            sent: self.sent.frames
        )
    }
}
