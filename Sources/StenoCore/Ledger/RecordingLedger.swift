/// Everything that is known about one recording: what was said, and what became of every sample.
///
/// Whoever recognises (a service on the network, the embedded engine) feeds the same ledger, so the transcript of a
/// recording is the same object however it was made.
public struct RecordingLedger: Sendable {
    public private(set) var transcript = TranscriptStateMachine()
    public private(set) var coverage = CoverageStateMachine()
    public private(set) var information = Information()

    public init() {}

    public mutating func captured(upTo position: SamplePosition) { self.coverage.captured(upTo: position) }

    public mutating func missed(_ span: AudioSpan) { self.coverage.missed(span) }

    public mutating func spoke(_ span: AudioSpan) { self.coverage.spoke(span) }

    public mutating func mayHaveSpoken(_ spans: [AudioSpan]) { self.coverage.mayHaveSpoken(spans) }

    public mutating func sent(_ span: AudioSpan) { self.coverage.sent(span) }

    public mutating func connectionOpened(at offset: SamplePosition) { self.transcript.connectionOpened(at: offset) }

    /// The connection listened to this span to its end, in order.
    public mutating func connectionHeard(_ span: AudioSpan) { self.coverage.connectionHeard(span) }

    public mutating func connectionLost() -> [TranscriptStateMachine.Action] { self.transcript.connectionLost() }

    /// - Parameter sent: the end of the audio that the present connection was given.
    public mutating func received(
        _ update: TranscriptUpdate,
        sent: SamplePosition
    ) -> [TranscriptStateMachine.Action] {
        let actions = self.transcript.received(update, sent: sent)
        for case .confirm(let span) in actions { self.coverage.confirmed(span) }
        return actions
    }

    public mutating func received(_ information: Information) { self.information.merge(information) }

    public mutating func finish() -> [TranscriptStateMachine.Action] { self.transcript.finish() }

    /// What a session has to decide by. Costs a pass over the speech found so far, so ask when a decision is due.
    public var hearing: SessionStateMachine.Hearing {
        SessionStateMachine.Hearing(
            openUtterances: self.transcript.openUtterances,
            awaitsText: self.coverage.awaited != nil,
            hasConfirmedSpeech: self.coverage.hasConfirmedSpeech,
            replayStart: self.coverage.replayStart
        )
    }

    /// Nothing that was said is without its text: the recording needs no further hearing.
    public var isComplete: Bool {
        let totals = self.coverage.totals
        return self.coverage.unsettled.isEmpty && totals.sent + totals.missing >= totals.total
            && !self.transcript.hasUnconfirmedText
    }
}
