/// Everything that is known about one recording: what was said, and what became of every sample.
///
/// Whoever recognises (a service on the network, the embedded engine) feeds the same ledger, so the transcript of a
/// recording is the same object however it was made.
public struct RecordingLedger: Sendable {
    /// The connection that listens now, and what it is known to have heard.
    private struct Connection: Sendable {
        var start: SamplePosition
        var sent: SamplePosition
        /// The end of its last completed utterance: audio before that it has heard.
        var confirmed: SamplePosition
        /// It ended in order, so it heard everything.
        var hasEnded = false
    }

    public private(set) var transcript = TranscriptStateMachine()
    public private(set) var coverage = CoverageStateMachine()
    public private(set) var information = Information()
    private var connection: Connection?

    public init() {}

    /// Goes on where another recognition of the same recording ended, as after a connection that it left.
    public init(resuming memory: RecordingMemory) {
        self.coverage = CoverageStateMachine(memory.coverage)
        self.information = memory.information
        self.transcript = TranscriptStateMachine(
            remembering: memory.utterances,
            sent: memory.coverage.sent.end ?? .zero
        )
    }

    public mutating func captured(upTo position: SamplePosition) { self.coverage.captured(upTo: position) }

    public mutating func missed(_ span: AudioSpan) { self.coverage.missed(span) }

    public mutating func spoke(_ span: AudioSpan) { self.coverage.spoke(span) }

    public mutating func mayHaveSpoken(_ spans: [AudioSpan]) { self.coverage.mayHaveSpoken(spans) }

    public mutating func sent(_ span: AudioSpan) {
        self.coverage.sent(span)
        self.heardSoFar(span.end)
    }

    public mutating func connectionOpened(at offset: SamplePosition) {
        self.settleAccounts()
        self.connection = Connection(start: offset, sent: offset, confirmed: offset)
        self.transcript.connectionOpened(at: offset)
    }

    /// The connection listened to this span to its end, in order.
    public mutating func connectionHeard(_ span: AudioSpan) {
        self.coverage.connectionHeard(span)
        self.connection?.hasEnded = true
    }

    public mutating func connectionLost() -> [TranscriptStateMachine.Action] {
        self.settleAccounts()
        return self.transcript.connectionLost()
    }

    /// The connection is gone because we left it: what it was given says nothing against the audio.
    public mutating func connectionLeft() -> [TranscriptStateMachine.Action] {
        self.settleAccounts(hasBroken: false)
        return self.transcript.connectionLost()
    }

    /// - Parameter sent: the end of the audio that the present connection was given.
    public mutating func received(
        _ update: TranscriptUpdate,
        sent: SamplePosition
    ) -> [TranscriptStateMachine.Action] {
        self.heardSoFar(sent)
        let actions = self.transcript.received(update, sent: sent)
        for case .confirm(let span) in actions {
            self.coverage.confirmed(span, heardFrom: self.connection?.start ?? .zero)
            guard var connection = self.connection else { continue }
            connection.confirmed = max(connection.confirmed, span.end)
            self.connection = connection
            let heard = self.heard(by: connection)
            self.coverage.heardOnTheWay(AudioSpan(start: connection.start, end: heard))
        }
        return actions
    }

    public mutating func received(_ information: Information) { self.information.merge(information) }

    public mutating func finish() -> [TranscriptStateMachine.Action] {
        self.settleAccounts()
        return self.transcript.finish()
    }

    /// What a session has to decide by. Costs a look at the speech that is still without text.
    public var hearing: SessionStateMachine.Hearing {
        let awaited = self.connection.map { self.coverage.awaited(after: $0.confirmed) } ?? self.coverage.awaited
        return SessionStateMachine.Hearing(
            openUtterances: self.transcript.openUtterances,
            awaitsText: awaited != nil,
            hasConfirmedSpeech: self.coverage.hasConfirmedSpeech,
            replayStart: self.coverage.replayStart
        )
    }

    /// Where a recognition that goes on from a memory begins to listen.
    public var beginning: SamplePosition {
        let furthest = self.coverage.firstUnsent
        return min(self.coverage.replayStart ?? furthest, furthest)
    }

    /// Nothing that was said is without its text: the recording needs no further hearing.
    public var isComplete: Bool {
        self.transcript.openUtterances == 0 && !self.transcript.hasTextWithoutPlace
            && self.coverage.unsettled.isEmpty && self.coverage.unsent.isEmpty
    }
}

extension RecordingLedger {
    /// What another recognition needs to go on if this one ends now. What no completed utterance covers is heard again.
    public var memory: RecordingMemory {
        var memory = RecordingMemory()
        memory.utterances = self.transcript.remembered
        memory.information = self.information
        memory.coverage = self.coverageSoFar.memory
        return memory
    }

    /// The coverage as it stands if this recognition ends now. Costs a look at the speech that is still without text.
    public var coverageSoFar: CoverageStateMachine {
        var ledger = self
        ledger.settleAccounts(hasBroken: false)
        ledger.coverage.detectorEnded()
        return ledger.coverage
    }

    /// Completed utterances may overtake one that is still open.
    private func heard(by connection: Connection) -> SamplePosition {
        let begun = self.transcript.openStart ?? connection.confirmed
        return max(connection.start, min(begun, connection.confirmed))
    }

    private mutating func heardSoFar(_ end: SamplePosition) {
        if let connection = self.connection { self.connection?.sent = max(connection.sent, end) }
    }

    /// The connection says nothing more. What it heard is one thing, what it was given in vain another; and what a
    /// recogniser began to understand was speech, whatever the detector says.
    private mutating func settleAccounts(hasBroken: Bool = true) {
        guard let connection = self.connection else { return }
        self.connection = nil
        let open = self.transcript.openSpans
        for span in open { self.coverage.began(span.widened(by: CoverageStateMachine.tolerance)) }
        guard !connection.hasEnded else { return }
        let heard = self.heard(by: connection)
        self.coverage.connectionHeard(AudioSpan(start: connection.start, end: heard))
        if hasBroken { self.coverage.connectionBroke(AudioSpan(start: heard, end: connection.sent)) }
    }
}
