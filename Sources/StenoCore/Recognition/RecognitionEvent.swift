/// What a running recognition tells whoever shows or stores it. In order, each once.
public enum RecognitionEvent: Hashable, Sendable {
    case state(RecognitionState)
    case transcript(TranscriptStateMachine.Action)
    /// All information so far, merged.
    case information(Information)
    case progress(RecognitionProgress)
    /// What became of every sample, as it stands if the recognition ends now. With progress, four times a second at
    /// most, and once at the end, after everything else.
    case coverage(CoverageStateMachine)
    /// What a person asked for in the middle of it.
    case summary(RecordingSummary)
    /// The connection is gone; what follows continues where the unconfirmed speech began.
    case connectionLost
    /// Audio is missing here. Told when the gap is over, in the order in which the gaps became known.
    case gap(AudioGap)
}

/// What a recognition is doing, in words that hold for a service and for the embedded engine alike.
public enum RecognitionState: String, Hashable, Sendable {
    case connecting
    case waitingForReady = "waiting-for-ready"
    case streaming
    case draining
    case summarising
    /// Between two tries.
    case waiting
    case closed
}

/// How far a recognition has come.
public struct RecognitionProgress: Hashable, Sendable {
    /// What the source has so far.
    public var available: SamplePosition
    /// What the recogniser was given.
    public var sent: SamplePosition
    /// The end of the last completed utterance.
    public var confirmed: SamplePosition

    public init(available: SamplePosition, sent: SamplePosition, confirmed: SamplePosition) {
        self.available = available
        self.sent = sent
        self.confirmed = confirmed
    }
}

/// A SOEP summary and how much of the recording it heard.
public struct RecordingSummary: Hashable, Sendable {
    public var summary: SOEPSummary
    /// The audio of the connection that made it.
    public var covers: AudioSpan
    /// It did not hear the whole recording (JA-11).
    public var isPartial: Bool

    public init(summary: SOEPSummary, covers: AudioSpan, isPartial: Bool) {
        self.summary = summary
        self.covers = covers
        self.isPartial = isPartial
    }
}
