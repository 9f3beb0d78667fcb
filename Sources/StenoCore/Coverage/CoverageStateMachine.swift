/// Knows, for every sample of a recording, what became of it.
///
/// A sample is in exactly one of four states, decided in this order:
///
/// | state | when |
/// | --- | --- |
/// | missing | it was never captured, or its record is damaged |
/// | confirmed | it lies inside a completed utterance, give or take 160 ms |
/// | unconfirmed | speech was detected there and no completed utterance covers it |
/// | silent | none of these |
///
/// | event | what happens |
/// | --- | --- |
/// | captured(upTo:) | the timeline grows; it never shrinks |
/// | missed | the span is missing, whatever else is said about it |
/// | spoke | the detector found speech |
/// | mayHaveSpoken | the detector has not decided; counts as speech until the next word on it |
/// | sent | a recogniser was given the span |
/// | confirmed | a completed utterance covers the span |
/// | connectionHeard | a healthy connection listened to the span to its end: what stayed without text is settled when it is short, or when this was the second time |
///
/// Sounds under 150 ms are clicks and count as silent, also where they are what is left over beside confirmed speech.
public struct CoverageStateMachine: Sendable {
    /// Word times are multiples of 80 ms, so an edge may be off by two steps.
    public static let tolerance = Int64(SamplePosition.rate) * 160 / 1_000
    /// Shorter than any word.
    public static let click = Int64(SamplePosition.rate) * 150 / 1_000
    /// A cough or a bark is shorter; such a sound needs one hearing, anything longer two.
    public static let settledAtOnce = Int64(SamplePosition.rate) * 1_500 / 1_000
    /// How far a replay goes back for a pause to begin at.
    public static let lookBack = Int64(SamplePosition.rate) * 5

    public private(set) var total = SamplePosition.zero
    private var missingSpans = SpanSet()
    private var confirmedSpans = SpanSet()
    private var speechSpans = SpanSet()
    /// What the detector cannot tell yet: replaced with each look, never added up.
    private var tentativeSpans: [AudioSpan] = []
    private var sentSpans = SpanSet()
    private var heardOnce = SpanSet()
    private var settled = SpanSet()
    /// End of the last completed utterance, tolerance excluded.
    public private(set) var lastConfirmed: SamplePosition?

    public init() {}

    public mutating func captured(upTo position: SamplePosition) {
        self.total = max(self.total, position)
    }

    public mutating func missed(_ span: AudioSpan) {
        self.missingSpans.insert(span)
        self.captured(upTo: span.end)
    }

    public mutating func spoke(_ span: AudioSpan) { self.speechSpans.insert(span) }

    /// The detector has not decided about these; until it has, they count as speech.
    public mutating func mayHaveSpoken(_ spans: [AudioSpan]) { self.tentativeSpans = spans }

    public mutating func sent(_ span: AudioSpan) { self.sentSpans.insert(span) }

    public mutating func confirmed(_ span: AudioSpan) {
        guard !span.isEmpty else { return }
        self.confirmedSpans.insert(span.widened(by: Self.tolerance))
        self.lastConfirmed = max(self.lastConfirmed ?? span.end, span.end)
    }

    public mutating func connectionHeard(_ span: AudioSpan) {
        for piece in self.unsettled.overlapping(span) where piece.end <= span.end {
            if piece.frames < Self.settledAtOnce || self.heardOnce.frames(in: piece) == piece.frames {
                self.settled.insert(piece)
            }
        }
        self.heardOnce.insert(span)
    }
}

extension CoverageStateMachine {
    /// Speech without a completed utterance, clicks left out. In order.
    public var unconfirmed: SpanSet {
        let open = self.speech.clamped(to: self.timeline)
            .subtracting(self.confirmedSpans)
            .subtracting(self.missingSpans)
        return SpanSet(open.spans.lazy.filter { $0.frames >= Self.click })
    }

    /// The part of `unconfirmed` that still matters: not yet settled.
    public var unsettled: SpanSet { self.unconfirmed.subtracting(self.settled) }

    /// Detected speech that gave no text although it was heard; listed for the person, never resent.
    public var settledWithoutText: SpanSet {
        SpanSet(self.unconfirmed.spans.flatMap { piece in
            self.settled.overlapping(piece).map { $0.clamped(to: piece) }
        })
    }

    public var missing: SpanSet { self.missingSpans.clamped(to: self.timeline) }

    public var confirmed: SpanSet { self.confirmedSpans.clamped(to: self.timeline).subtracting(self.missingSpans) }

    public var hasConfirmedSpeech: Bool { self.lastConfirmed != nil }

    public var hasSpeech: Bool { self.hasConfirmedSpeech || !self.unconfirmed.isEmpty }

    /// The end of the last speech that came after everything confirmed, and waits for its text.
    public var awaited: SamplePosition? {
        guard let last = self.unsettled.end, last > (self.lastConfirmed ?? .zero) else { return nil }
        return last
    }

    /// Where a new connection must begin so that nothing said stays unheard: the earliest speech that was sent and is
    /// unconfirmed, back to the pause before it. `nil` when all that was sent is settled.
    public var replayStart: SamplePosition? {
        guard let piece = self.unsettled.spans.first(where: { self.sentSpans.frames(in: $0) > 0 }) else { return nil }
        let earliest = max(SamplePosition.zero, piece.start - Self.lookBack)
        guard let speech = self.speech.overlapping(piece).first else { return piece.start }
        return max(earliest, speech.start - Self.tolerance)
    }

    public var totals: CoverageTotals {
        let missing = self.missing.frames
        let confirmed = self.confirmed.frames
        let unconfirmed = self.unconfirmed.frames
        return CoverageTotals(
            total: self.total.frames,
            confirmed: confirmed,
            silent: self.total.frames - missing - confirmed - unconfirmed,
            unconfirmed: unconfirmed,
            missing: missing,
            sent: self.sentSpans.clamped(to: self.timeline).frames
        )
    }

    private var speech: SpanSet { self.speechSpans.union(SpanSet(self.tentativeSpans)) }

    private var timeline: AudioSpan { AudioSpan(start: .zero, end: self.total) }
}
