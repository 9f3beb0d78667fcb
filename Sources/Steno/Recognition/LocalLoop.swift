import StenoAudio
import StenoCore

/// What the loop of a local session holds; owned by its thread.
struct LocalLoop {
    var ledger: RecordingLedger
    private var gaps = GapTally()
    /// Where the recogniser began to listen.
    let start: SamplePosition
    var position: SamplePosition
    var sourceFailure: AudioError?
    var engineFailure: String?
    private var listener = SpeechListener()
    private var buffer = [Int16](repeating: 0, count: SamplePosition.rate)
    private var lastProgress = SamplePosition.zero
    private var lastCoverage = ContinuousClock.now
    private let onEvent: @Sendable (RecognitionEvent) -> Void

    init(resuming memory: RecordingMemory, onEvent: @escaping @Sendable (RecognitionEvent) -> Void) {
        self.onEvent = onEvent
        self.ledger = RecordingLedger(resuming: memory)
        self.start = self.ledger.beginning
        self.position = self.start
        self.listener.begin(at: self.start)
    }

    /// - Returns: whether the source had anything.
    mutating func feed(
        _ recognizer: any StreamRecognizer,
        from source: any SampleSource,
        frames: Int64,
        isBehind: Bool
    ) throws -> Bool {
        let start = self.position
        let count = try self.buffer.withUnsafeMutableBufferPointer { buffer in
            try source.read(at: start, into: UnsafeMutableBufferPointer(rebasing: buffer[..<Int(frames)]))
        }
        guard count > 0 else { return false }
        self.position = start + Int64(count)
        let updates = try self.buffer.withUnsafeBufferPointer { buffer in
            let piece = UnsafeBufferPointer(rebasing: buffer[..<count])
            self.listener.listen(to: piece, at: start, telling: &self.ledger)
            self.ledger.sent(AudioSpan(start: start, end: start + Int64(count)))
            return try recognizer.accept(piece, isBehind: isBehind)
        }
        self.take(updates)
        guard self.position - self.lastProgress >= Int64(SamplePosition.rate / 2) else { return true }
        self.lastProgress = self.position
        self.onEvent(
            .progress(
                RecognitionProgress(
                    available: source.progress.available,
                    sent: self.position,
                    confirmed: self.ledger.coverage.lastConfirmed ?? .zero
                )
            )
        )
        self.tellCoverage()
        return true
    }

    /// A recogniser may go much faster than real time: at most four times a second.
    private mutating func tellCoverage() {
        let now = ContinuousClock.now
        guard now - self.lastCoverage >= .milliseconds(250) else { return }
        self.lastCoverage = now
        self.listener.tellTentative(to: &self.ledger)
        self.onEvent(.coverage(self.ledger.coverageSoFar))
    }

    /// - Parameter isLast: the recognition ends, and hears of no more.
    mutating func tellGaps(of source: any SampleSource, isLast: Bool = false) {
        let progress = source.progress
        let over = self.gaps.update(
            source.gaps,
            available: progress.available,
            isComplete: progress.isComplete || isLast,
            telling: &self.ledger
        )
        for gap in over { self.onEvent(.gap(gap)) }
    }

    mutating func take(_ updates: [TranscriptUpdate]) {
        for update in updates { self.tell(self.ledger.received(update, sent: self.position)) }
    }

    func tell(_ actions: [TranscriptStateMachine.Action]) {
        for action in actions { self.onEvent(.transcript(action)) }
    }

    /// Audio that nobody recognised may hold speech too, and then it must not be called silent.
    mutating func listenToTheRest(of source: any SampleSource) {
        self.buffer.withUnsafeMutableBufferPointer {
            self.listener.listenToTheRest(of: source, telling: &self.ledger, using: $0)
        }
    }
}
