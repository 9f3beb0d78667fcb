package import StenoCore

/// Something to be kept beside the audio. Written with the next row of audio, at the latest with the conclusion.
package enum RecordingFact: Sendable {
    /// `kind` is a word of the program's; `detail` carries no text that was spoken and no name.
    case event(RecordingEvent)
    /// Replaces an earlier one of the same id.
    case utterance(Utterance)
    /// The utterance was taken back.
    case withdrawn(Utterance.ID)
    /// All that is known so far; replaces what was kept before.
    case information(Information)
    /// As it is now; replaces what was kept before.
    case coverage(RecordingCoverage)
    /// The last word on a target replaces the earlier ones.
    case delivery(RecordingDelivery)
}

/// Something that happened while recording.
package struct RecordingEvent: Hashable, Sendable {
    package var position: SamplePosition
    /// Milliseconds since 1970.
    package var time: Int64
    /// Such as `paused`, `device-gone`, `connected`.
    package var kind: String
    package var detail: String?

    package init(_ kind: String, at position: SamplePosition, time: Int64, detail: String? = nil) {
        self.position = position
        self.time = time
        self.kind = kind
        self.detail = detail
    }
}

/// How far one hand-off has come.
package struct RecordingDelivery: Hashable, Sendable {
    /// Such as `soep`, `invox`, `connectvets`.
    package var target: String
    /// Such as `done` or `parked`.
    package var state: String
    /// The far side's own id.
    package var note: String?
    /// Milliseconds since 1970.
    package var begun: Int64
    package var changed: Int64

    package init(target: String, state: String, note: String? = nil, begun: Int64, changed: Int64) {
        self.target = target
        self.state = state
        self.note = note
        self.begun = begun
        self.changed = changed
    }
}

/// What became of every sample, as spans. What is in none of the first three is silent.
package struct RecordingCoverage: Hashable, Sendable {
    package var total: SamplePosition
    package var confirmed: SpanSet
    package var unconfirmed: SpanSet
    package var missing: SpanSet
    /// Handed to a recogniser at least once.
    package var sent: SpanSet

    package init(total: SamplePosition, confirmed: SpanSet, unconfirmed: SpanSet, missing: SpanSet, sent: SpanSet) {
        self.total = total
        self.confirmed = confirmed
        self.unconfirmed = unconfirmed
        self.missing = missing
        self.sent = sent
    }

    package init(_ machine: CoverageStateMachine) {
        let timeline = SpanSet(CollectionOfOne(AudioSpan(start: .zero, end: machine.total)))
        self.init(
            total: machine.total,
            confirmed: machine.confirmed,
            unconfirmed: machine.unconfirmed,
            missing: machine.missing,
            sent: timeline.subtracting(machine.unsent).subtracting(machine.missing)
        )
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

    /// By the names that stand in the file.
    var spans: [(state: String, set: SpanSet)] {
        [
            ("confirmed", self.confirmed), ("unconfirmed", self.unconfirmed), ("missing", self.missing),
            ("sent", self.sent),
        ]
    }
}
