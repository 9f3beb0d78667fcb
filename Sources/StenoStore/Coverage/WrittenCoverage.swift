import StenoAudio
import StenoCore

/// What became of every sample that is written, put together from what a session says of it and from a detector that
/// listens to whatever no session has looked at: in an outage, nobody else does.
///
/// The detector hears a gap as the silence that readers get in its place, so it finds what a session would.
struct WrittenCoverage {
    /// Of a long gap the detector hears only about this much at each end: 5 s, more than it remembers, and a multiple
    /// of what it decides at once.
    private static let silence = Int64(SamplePosition.rate) * 5

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

    /// Samples that begin where the last ones ended, or behind a hole.
    mutating func heard(_ samples: UnsafeBufferPointer<Int16>, at position: SamplePosition) {
        if self.isFinished {
            self.isFinished = false
            self.detector = EnergyDetector(start: position)
        }
        self.hearSilence(until: position)
        for span in self.detector.accept(samples) { self.found.insert(span) }
    }

    /// Nobody can tell what is in these samples; it may be speech.
    mutating func mayBeSpeech(_ span: AudioSpan) { self.found.insert(span) }

    mutating func missed(_ span: AudioSpan) { self.gaps.insert(span) }

    /// The latest word of a session, which tells all that it told before.
    mutating func told(_ machine: CoverageStateMachine) { self.told = machine.memory }

    /// No more audio will come.
    mutating func finish() {
        guard !self.isFinished else { return }
        self.isFinished = true
        for span in self.detector.finish() { self.found.insert(span) }
    }

    /// All that is known of the audio before `end`. May reach beyond it.
    ///
    /// - Parameter isElsewhere: the audio is not written here, so that only sessions know how long it is.
    func memory(upTo end: SamplePosition, isElsewhere: Bool) -> CoverageMemory {
        var memory = self.told
        memory.total = isElsewhere ? max(end, self.told.total) : end
        memory.missing = memory.missing.union(self.gaps)
        memory.speech = memory.speech.union(self.unheard(upTo: memory.total))
        return memory
    }

    /// What the detector found, and may find, where no session has listened. One with a better detector decides about
    /// what it listened to, which is what it was sent.
    private func unheard(upTo end: SamplePosition) -> SpanSet {
        let sent = self.told.sent
        let head = sent.spans.first.map { $0.start <= .zero ? $0.end : .zero } ?? .zero
        let rest = AudioSpan(start: head, end: end)
        var speech = self.found.clamped(to: rest)
        if !self.isFinished {
            for span in self.detector.speechSoFar { speech.insert(span.clamped(to: rest)) }
        }
        return speech.subtracting(sent)
    }

    private mutating func hearSilence(until position: SamplePosition) {
        let hole = position - self.detector.position
        guard hole > 3 * Self.silence else { return self.hearSilence(hole) }
        self.hearSilence(Self.silence)
        for span in self.detector.finish() { self.found.insert(span) }
        // On the same grid as one that hears everything from the beginning.
        let start = (position.frames / Self.silence - 1) * Self.silence
        self.detector = EnergyDetector(start: SamplePosition(frames: start))
        self.hearSilence(position.frames - start)
    }

    /// - Parameter frames: at most three times `silence`.
    private mutating func hearSilence(_ frames: Int64) {
        guard frames > 0 else { return }
        let zeros = [Int16](repeating: 0, count: Int(frames))
        zeros.withUnsafeBufferPointer { zeros in
            for span in self.detector.accept(zeros) { self.found.insert(span) }
        }
    }
}
