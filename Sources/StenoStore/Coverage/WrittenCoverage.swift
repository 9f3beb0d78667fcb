import StenoAudio
import StenoCore

/// What became of every sample that is written, put together from what a session says of it and from a detector that
/// listens to whatever no session has looked at: in an outage, nobody else does.
struct WrittenCoverage {
    /// What was known when the recording was taken up again, and since then what sessions say.
    private var told: CoverageMemory
    private var gaps = SpanSet()
    private var detector: EnergyDetector
    /// What the detector found, from where it began to listen.
    private var found = SpanSet()
    /// Nothing more will be heard: what the detector had not decided is decided.
    private var isFinished = false

    /// - Parameters:
    ///   - memory: of an earlier run.
    ///   - start: where audio goes on.
    init(_ memory: CoverageMemory = CoverageMemory(), goingOnAt start: SamplePosition = .zero) {
        self.told = memory
        self.gaps = memory.missing
        self.found = memory.speech
        self.detector = EnergyDetector(start: start)
    }

    /// Samples that begin where the last ones ended, or a gap did.
    mutating func heard(_ samples: UnsafeBufferPointer<Int16>, at position: SamplePosition) {
        self.listenAgain(at: position)
        for span in self.detector.accept(samples) { self.found.insert(span) }
    }

    mutating func missed(_ span: AudioSpan) { self.gaps.insert(span) }

    /// The latest word of a session, which tells all that it told before.
    mutating func told(_ machine: CoverageStateMachine) { self.told = machine.memory }

    /// No more audio will come.
    mutating func finish() {
        guard !self.isFinished else { return }
        self.isFinished = true
        for span in self.detector.finish() { self.found.insert(span) }
    }

    /// All that is known of the audio before `end`.
    ///
    /// - Parameter isElsewhere: the audio is not written here, so that only sessions know how long it is.
    func memory(upTo end: SamplePosition, isElsewhere: Bool) -> CoverageMemory {
        var memory = self.told
        let told = self.told.total
        memory.total = isElsewhere ? max(end, told) : end
        for span in self.gaps.spans { memory.missing.insert(span) }
        // A session with a better detector decides about what it listened to, which is what it was sent.
        let known = memory.sent.end ?? .zero
        let open = self.isFinished ? [] : self.detector.speechSoFar
        for span in self.found.overlapping(AudioSpan(start: known, end: max(known, memory.total))) {
            memory.speech.insert(AudioSpan(start: max(known, span.start), end: span.end))
        }
        for span in open where span.end > known {
            memory.speech.insert(AudioSpan(start: max(known, span.start), end: span.end))
        }
        return memory
    }

    /// The detector counts samples; after a hole it begins anew.
    private mutating func listenAgain(at position: SamplePosition) {
        guard position != self.detector.position else { return }
        for span in self.detector.finish() { self.found.insert(span) }
        self.detector = EnergyDetector(start: position)
    }
}
