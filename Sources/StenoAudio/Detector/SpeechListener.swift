package import StenoCore

/// Reads a source in order and tells the ledger where somebody speaks, each sample once, however often it is sent.
package struct SpeechListener {
    private var detector = EnergyDetector()
    /// Everything before this has been listened to.
    package private(set) var position = SamplePosition.zero
    private var isFinished = false

    package init() {}

    /// What was said before `position` is known already. Only before anything was listened to.
    package mutating func begin(at position: SamplePosition) {
        guard self.position == .zero, position > .zero else { return }
        self.detector = EnergyDetector(start: position)
        self.position = position
    }

    /// Listens to the part of `samples`, which begin at `start`, that is new.
    package mutating func listen(
        to samples: UnsafeBufferPointer<Int16>,
        at start: SamplePosition,
        telling ledger: inout RecordingLedger
    ) {
        let end = start + Int64(samples.count)
        guard start <= self.position, end > self.position else { return }
        let new = UnsafeBufferPointer(rebasing: samples[Int(self.position - start)...])
        for span in self.detector.accept(new) { ledger.spoke(span) }
        self.position = end
    }

    /// Tells the ledger what cannot be decided yet, before a decision is made that depends on it.
    package func tellTentative(to ledger: inout RecordingLedger) {
        guard !self.isFinished else { return }
        ledger.mayHaveSpoken(self.detector.speechSoFar)
    }

    /// No more audio will come.
    package mutating func finish(telling ledger: inout RecordingLedger) {
        guard !self.isFinished else { return }
        self.isFinished = true
        for span in self.detector.finish() { ledger.spoke(span) }
        ledger.mayHaveSpoken([])
    }

    /// Listens to everything that is left of `source`: what was never sent may hold speech too, and then it must not be
    /// called silent. What cannot be read any more is missing; what the source has not at hand may be speech.
    package mutating func listenToTheRest(
        of source: any SampleSource,
        telling ledger: inout RecordingLedger,
        using buffer: UnsafeMutableBufferPointer<Int16>
    ) {
        let available = source.progress.available
        ledger.captured(upTo: available)
        while self.position < available {
            let start = self.position
            let count = Int(min(available - start, Int64(buffer.count)))
            let piece = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            guard let read = try? source.read(at: start, into: piece) else {
                ledger.missed(AudioSpan(start: start, end: available))
                break
            }
            guard read > 0 else {
                ledger.spoke(AudioSpan(start: start, end: available))
                break
            }
            let samples = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(piece)[..<min(read, count)])
            self.listen(to: samples, at: start, telling: &ledger)
        }
        self.finish(telling: &ledger)
    }
}
