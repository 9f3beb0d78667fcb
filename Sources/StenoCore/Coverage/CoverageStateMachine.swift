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
/// | spoke | the detector found speech, or a recogniser began an utterance that it never completed |
/// | mayHaveSpoken | the detector has not decided; counts as speech until the next word on it |
/// | sent | a recogniser was given the span |
/// | confirmed | a completed utterance covers the span |
/// | heardOnTheWay | the present connection gave text of what came after: short sounds before it are *settled* |
/// | connectionHeard | a healthy connection listened to it all: see *settled* |
/// | connectionBroke | a connection was given the span and broke: see *not sent again* |
///
/// Sounds under 150 ms are clicks and count as silent, also where they are what is left over beside confirmed speech
/// (but not where a span is no longer sent again). *Settled* is speech that a healthy connection listened to whole, and
/// that stayed without text: at once when it is short, the second time when it is not. It needs no further hearing.
/// *Not sent again* is what was on connections that broke, after three replays that ended so. It is not settled: nobody
/// has listened to it.
public struct CoverageStateMachine: Hashable, Sendable {
    /// Word times are multiples of 80 ms, so an edge may be off by two steps.
    public static let tolerance = Int64(SamplePosition.rate) * 160 / 1_000
    /// Shorter than any word.
    public static let click = Int64(SamplePosition.rate) * 150 / 1_000
    /// A cough or a bark is shorter; such a sound needs one hearing, anything longer two.
    public static let settledAtOnce = Int64(SamplePosition.rate) * 1_500 / 1_000
    /// How far a replay goes back for a pause to begin at.
    public static let lookBack = Int64(SamplePosition.rate) * 5
    /// How often a span is sent again when the connections it was given to break.
    public static let replayLimit = 3

    public internal(set) var total = SamplePosition.zero
    var missingSpans = SpanSet()
    var confirmedSpans = SpanSet()
    var speechSpans = SpanSet()
    var sentSpans = SpanSet()
    /// Speech that is neither confirmed nor missing nor settled. Kept as events come, because a session asks often.
    private var open = SpanSet()
    /// What was listened to often enough, should it be speech.
    var settled = SpanSet()
    /// What the detector cannot tell yet: replaced with each look, never added up.
    var tentativeSpans: [AudioSpan] = []
    var heardOnce = SpanSet()
    /// At index n: what was given to more than n connections that broke.
    var broken = [SpanSet](repeating: SpanSet(), count: Self.replayLimit + 1)
    /// End of the last completed utterance, tolerance excluded.
    public internal(set) var lastConfirmed: SamplePosition?

    public init() {}

    public mutating func captured(upTo position: SamplePosition) {
        self.total = max(self.total, position)
    }

    public mutating func missed(_ span: AudioSpan) {
        self.missingSpans.insert(span)
        self.open.remove(span)
        self.captured(upTo: span.end)
    }

    public mutating func spoke(_ span: AudioSpan) {
        self.speechSpans.insert(span)
        let new = self.withoutText(in: SpanSet(CollectionOfOne(span))).subtracting(self.settled.clamped(to: span))
        for span in new.spans { self.open.insert(span) }
    }

    /// A recogniser began to understand this and did not complete it: speech after all, and worth another hearing.
    mutating func began(_ span: AudioSpan) {
        self.settled.remove(span)
        self.spoke(span)
    }

    /// The detector has not decided about these; until it has, they count as speech.
    public mutating func mayHaveSpoken(_ spans: [AudioSpan]) { self.tentativeSpans = spans }

    public mutating func sent(_ span: AudioSpan) { self.sentSpans.insert(span) }

    /// - Parameter start: where the connection began that understood it.
    public mutating func confirmed(_ span: AudioSpan, heardFrom start: SamplePosition = .zero) {
        guard !span.isEmpty else { return }
        var covered = span.widened(by: Self.tolerance)
        // Who began behind what connections break on may have cut a word in two. Of its first part the tolerance of the
        // next word says nothing: it was never heard.
        if covered.start < start, start <= span.start,
            self.exhausted.frames(in: AudioSpan(start: covered.start, end: start)) > 0
        {
            covered = AudioSpan(start: start, end: covered.end)
        }
        self.confirmedSpans.insert(covered)
        self.open.remove(covered)
        self.lastConfirmed = max(self.lastConfirmed ?? span.end, span.end)
    }

    public mutating func connectionHeard(_ span: AudioSpan) {
        var pieces = Array(self.unsettled.overlapping(span))
        // Next to what is not sent again, what is left over would otherwise never have been heard whole.
        if !self.exhausted.isEmpty { pieces += self.resendable(in: self.timeline).overlapping(span) }
        // A sound that reaches the end may go on behind it, and nobody has heard that.
        let end = span.end < self.total ? span.end - 1 : span.end
        for piece in pieces where span.start <= piece.start && piece.end <= end {
            if piece.frames < Self.settledAtOnce || self.heardOnce.frames(in: piece) == piece.frames {
                self.settled.insert(piece)
                self.open.remove(piece)
            }
        }
        self.heardOnce.insert(span)
    }

    /// Keeps what sessions ask about small: a connection may last for hours. What the detector may still add to waits.
    ///
    /// - Parameter span: from the beginning of the connection to its last text.
    public mutating func heardOnTheWay(_ span: AudioSpan) {
        let decided = self.tentativeSpans.first { !$0.isEmpty }.map { min($0.start, span.end) } ?? span.end
        for piece in self.open.overlapping(AudioSpan(start: span.start, end: decided))
        where span.start <= piece.start && piece.end < decided && piece.frames < Self.settledAtOnce {
            self.settled.insert(piece)
            self.open.remove(piece)
        }
    }

    public mutating func connectionBroke(_ span: AudioSpan) {
        for level in (1..<self.broken.count).reversed() {
            for again in self.broken[level - 1].clamped(to: span).spans { self.broken[level].insert(again) }
        }
        self.broken[0].insert(span)
    }
}

extension CoverageStateMachine {
    /// Speech without a completed utterance, clicks left out. In order.
    public var unconfirmed: SpanSet {
        self.withoutClicks(self.withoutText(in: self.speechSpans).union(self.tentative), in: self.timeline)
    }

    /// The part of `unconfirmed` that still matters: not yet settled.
    public var unsettled: SpanSet { self.unsettled(in: self.timeline) }

    /// Detected speech that gave no text although it was heard; listed for the person, never resent.
    public var settledWithoutText: SpanSet {
        SpanSet(self.unconfirmed.spans.lazy.flatMap { self.settled.clamped(to: $0).spans })
    }

    public var missing: SpanSet { self.missingSpans.clamped(to: self.timeline) }

    public var confirmed: SpanSet { self.confirmedSpans.clamped(to: self.timeline).subtracting(self.missingSpans) }

    /// What no recogniser was given, and could have been.
    public var unsent: SpanSet {
        SpanSet(CollectionOfOne(self.timeline)).subtracting(self.sentSpans).subtracting(self.missingSpans)
    }

    /// Where to go on in the order of the timeline: everything before it was given to a recogniser, or is missing.
    public var firstUnsent: SamplePosition {
        guard let end = self.sentSpans.end else { return .zero }
        return min(self.unsent.spans.first?.start ?? self.total, end, self.total)
    }

    public var hasConfirmedSpeech: Bool { self.lastConfirmed != nil }

    public var hasSpeech: Bool { self.hasConfirmedSpeech || !self.unconfirmed.isEmpty }

    /// The end of the last speech that came after everything confirmed, and waits for its text.
    public var awaited: SamplePosition? { self.awaited(after: self.lastConfirmed ?? .zero) }

    /// The same for a connection that understood everything before `position`. What came later may have its text from
    /// another one.
    func awaited(after position: SamplePosition) -> SamplePosition? {
        guard position < self.total else { return nil }
        return self.resendable(in: AudioSpan(start: position, end: self.total)).end
    }

    /// Where a new connection must begin so that nothing said stays unheard: the earliest speech that was sent and is
    /// unconfirmed, back to the pause before it. Speech that was sent too often or is settled does not count. `nil`
    /// when nothing was sent.
    public var replayStart: SamplePosition? {
        guard let sent = self.sentSpans.end else { return nil }
        let onset = self.onset(before: sent)
        let wanted = self.resendable(in: self.timeline)
        guard let piece = wanted.spans.first(where: { self.sentSpans.frames(in: $0) > 0 }) else { return onset }
        let earliest = max(.zero, piece.start - Self.lookBack)
        let pause = max(earliest, self.soundStart(of: piece, from: earliest) - Self.tolerance)
        // Going back into what connections break on would keep this piece from ever being sent.
        let broken = self.exhausted.overlapping(AudioSpan(start: pause, end: piece.start)).last?.end ?? pause
        return min(max(pause, broken), piece.start, onset)
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
}

extension CoverageStateMachine {
    private var timeline: AudioSpan { AudioSpan(start: .zero, end: self.total) }

    /// Where to begin when nothing that was sent is wanted again. A word of which less than a click was sent looks like a
    /// click. Whoever began after that would cut it in two.
    private func onset(before sent: SamplePosition) -> SamplePosition {
        let broken = self.exhausted.end ?? .zero
        let confirmed = self.lastConfirmed.map { $0 + Self.tolerance } ?? .zero
        let latest = max(sent - (Self.click + Self.tolerance), broken, .zero)
        guard confirmed > latest else { return min(sent, latest) }
        // So close behind a word it may be the next one already, where the sound goes on.
        let last = AudioSpan(start: sent - 1, end: sent)
        let earliest = max(broken, sent - Self.lookBack, .zero)
        guard sent < self.total, self.isSound(sent - 1) else { return min(sent, confirmed) }
        return min(sent, max(earliest, self.soundStart(of: last, from: earliest) - Self.tolerance))
    }

    private func isSound(_ position: SamplePosition) -> Bool {
        self.speechSpans.contains(position) || self.tentativeSpans.contains { $0.contains(position) }
    }

    /// Where the sound begins that `piece` is part of, if that is not before `earliest`.
    private func soundStart(of piece: AudioSpan, from earliest: SamplePosition) -> SamplePosition {
        var sounds = SpanSet(self.speechSpans.overlapping(AudioSpan(start: earliest, end: piece.end)))
        for span in self.tentativeSpans { sounds.insert(span) }
        return sounds.overlapping(piece).first?.start ?? piece.start
    }

    private var tentative: SpanSet { self.withoutText(in: SpanSet(self.tentativeSpans)) }

    /// What was sent again so often that it is not any more.
    private var exhausted: SpanSet { self.broken[Self.replayLimit] }

    private func unsettled(in bounds: AudioSpan) -> SpanSet {
        let undecided = self.tentativeSpans.isEmpty ? SpanSet() : self.tentative.subtracting(self.settled)
        return self.withoutClicks(self.open.clamped(to: bounds).union(undecided), in: bounds)
    }

    private func resendable(in bounds: AudioSpan) -> SpanSet {
        let unsettled = self.unsettled(in: bounds)
        return self.exhausted.isEmpty
            ? unsettled : self.withoutClicks(unsettled.subtracting(self.exhausted), in: bounds)
    }

    /// `speech` without what is confirmed or missing.
    private func withoutText(in speech: SpanSet) -> SpanSet {
        // A search for each span, or one pass over everything.
        guard speech.spans.count < 16 else {
            return speech.subtracting(self.confirmedSpans).subtracting(self.missingSpans)
        }
        return SpanSet(
            speech.spans.flatMap { span in
                SpanSet(CollectionOfOne(span))
                    .subtracting(self.confirmedSpans.clamped(to: span))
                    .subtracting(self.missingSpans.clamped(to: span))
                    .spans
            }
        )
    }

    private func withoutClicks(_ speech: SpanSet, in bounds: AudioSpan) -> SpanSet {
        // Where connections broke too often, even a little that is left over may be part of a word nobody heard.
        SpanSet(
            speech.clamped(to: bounds).spans.lazy.filter { piece in
                piece.frames >= Self.click || self.exhausted.frames(in: piece) > 0
            }
        )
    }
}
