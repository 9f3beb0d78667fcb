/// What a `CoverageStateMachine` knows, as values that can be stored and taken up again by another process.
///
/// The sets may overlap and may reach beyond `total`; the machine that is made from them decides which state wins.
public struct CoverageMemory: Hashable, Sendable {
    public var total = SamplePosition.zero
    public var missing = SpanSet()
    /// Widened by the tolerance already.
    public var confirmed = SpanSet()
    /// Detected speech, confirmed or not.
    public var speech = SpanSet()
    public var sent = SpanSet()
    /// Needs no further hearing, should it be speech.
    public var settled = SpanSet()
    public var heardOnce = SpanSet()
    /// At index n: what was given to more than n connections that broke.
    public var broken: [SpanSet] = []
    /// End of the last completed utterance, tolerance excluded.
    public var lastConfirmed: SamplePosition?

    public init() {}
}

extension CoverageStateMachine {
    /// Goes on where another machine ended.
    public init(_ memory: CoverageMemory) {
        self.init()
        self.total = max(.zero, memory.total)
        self.missingSpans = memory.missing
        self.confirmedSpans = memory.confirmed
        self.sentSpans = memory.sent
        self.settled = memory.settled
        self.heardOnce = memory.heardOnce
        for (level, set) in memory.broken.prefix(self.broken.count).enumerated() { self.broken[level] = set }
        self.lastConfirmed = memory.lastConfirmed
        for span in memory.speech.spans { self.spoke(span) }
    }

    /// Everything it knows but what the detector has not decided yet.
    public var memory: CoverageMemory {
        var memory = CoverageMemory()
        memory.total = self.total
        memory.missing = self.missingSpans
        memory.confirmed = self.confirmedSpans
        memory.speech = self.speechSpans
        memory.sent = self.sentSpans
        memory.settled = self.settled
        memory.heardOnce = self.heardOnce
        memory.broken = self.broken
        memory.lastConfirmed = self.lastConfirmed
        return memory
    }

    /// There will be no next word from the detector: what it has not decided was speech.
    mutating func detectorEnded() {
        for span in self.tentativeSpans { self.spoke(span) }
        self.tentativeSpans = []
    }
}
