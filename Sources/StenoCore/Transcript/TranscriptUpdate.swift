/// What a recogniser says about one utterance, in its own terms: ids and times restart with each connection.
public struct TranscriptUpdate: Hashable, Sendable {
    public struct TimedWord: Hashable, Sendable {
        public var text: String
        /// Seconds since the first audio byte of the connection.
        public var start: Double
        /// Seconds since the first audio byte of the connection.
        public var end: Double

        public init(text: String, start: Double, end: Double) {
            self.text = text
            self.start = start
            self.end = end
        }
    }

    /// Opaque; unique within one connection only.
    public var id: String
    /// The whole text of the utterance so far. It replaces the earlier text.
    public var sentence: String
    /// May be empty, and need not join up to `sentence`.
    public var words: [TimedWord]
    public var isCompleted: Bool
    /// The word times are guesses of the recogniser (the embedded engine has none of its own).
    public var hasEstimatedWordTimes: Bool

    public init(
        id: String,
        sentence: String,
        words: [TimedWord],
        isCompleted: Bool,
        hasEstimatedWordTimes: Bool = false
    ) {
        self.id = id
        self.sentence = sentence
        self.words = words
        self.isCompleted = isCompleted
        self.hasEstimatedWordTimes = hasEstimatedWordTimes
    }
}

/// A recogniser of one stream of 16 kHz mono audio that works in the caller's thread.
///
/// The embedded engine is one; the sandbox takes any. Not `Sendable`: one thread owns it.
public protocol StreamRecognizer: AnyObject {
    /// Takes the next samples and returns what became known. May take long: call it from a thread of its own.
    ///
    /// - Parameter isBehind: more audio is already waiting, so interim results are not worth their time.
    func accept(_ samples: UnsafeBufferPointer<Int16>, isBehind: Bool) throws -> [TranscriptUpdate]
    /// No more audio will come: completes whatever is open.
    func finish() throws -> [TranscriptUpdate]
}
