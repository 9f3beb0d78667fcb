/// What a recording keeps of a recognition that ended, so that another one can go on with it.
public struct RecordingMemory: Hashable, Sendable {
    /// In the order of the timeline: completed ones, and what never completed.
    public var utterances: [Utterance] = []
    public var information = Information()
    public var coverage = CoverageMemory()

    public init() {}

    /// Nothing was recognised yet.
    public var isEmpty: Bool { self.utterances.isEmpty && self.coverage.sent.isEmpty }
}
