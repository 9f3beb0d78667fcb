/// One word and where on the timeline it was spoken.
public struct Word: Hashable, Sendable {
    /// The word as the recogniser wrote it, punctuation attached.
    public var text: String
    public var span: AudioSpan

    public init(text: String, span: AudioSpan) {
        self.text = text
        self.span = span
    }
}

/// A connected stretch of speech, with its text and its place on the timeline.
public struct Utterance: Hashable, Sendable {
    /// Names an utterance within one recording: which connection heard it, and the recogniser's own id there.
    ///
    /// The recogniser's ids start again with each connection, so they identify nothing by themselves.
    public struct ID: Hashable, Sendable, CustomStringConvertible {
        public var connection: Int
        public var recogniserID: String

        public init(connection: Int, recogniserID: String) {
            self.connection = connection
            self.recogniserID = recogniserID
        }

        public var description: String { "\(self.connection)-\(self.recogniserID)" }
    }

    public var id: ID
    public var span: AudioSpan
    public var text: String
    public var words: [Word]
    /// The recogniser called this utterance complete. `false` for an interim, and for one that never completed.
    public var isConfirmed: Bool
    /// The recogniser gives no word times; those of `words` were estimated from the utterance's length.
    public var hasEstimatedWordTimes: Bool
    /// Near the edge of a replay, and it could not be told whether part of it is already in another utterance. Kept,
    /// because a doubled word can be struck out and a lost one cannot be put back.
    public var isDoubtful: Bool

    public init(
        id: ID,
        span: AudioSpan,
        text: String,
        words: [Word] = [],
        isConfirmed: Bool,
        hasEstimatedWordTimes: Bool = false,
        isDoubtful: Bool = false
    ) {
        self.id = id
        self.span = span
        self.text = text
        self.words = words
        self.isConfirmed = isConfirmed
        self.hasEstimatedWordTimes = hasEstimatedWordTimes
        self.isDoubtful = isDoubtful
    }
}
