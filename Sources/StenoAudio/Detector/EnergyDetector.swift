package import StenoCore

/// Finds speech by its loudness against the room, in 16 kHz mono audio of any length, as it comes.
///
/// It is the detector that is always there, so coverage can tell silence from words nobody wrote down. Steady noise at
/// any level, hum, rumble, a constant offset and digital silence are silence; sounds under 150 ms are clicks. Anything
/// else that changes like speech, such as a bark, counts as speech: a false alarm costs a look, a missed word is lost.
///
/// How the samples are cut into pieces makes no difference. Frames are decided about a second after they were heard
/// (`NoiseFloor` says why); `speechSoFar` decides the last second by what is known now.
package struct EnergyDetector: Sendable {
    private let start: SamplePosition
    private var accepted: Int64 = 0
    private var band = BandEnergy()
    private var floor = NoiseFloor()
    private var gate = SpeechGate()

    /// - Parameter start: where the first sample lies on the timeline.
    package init(start: SamplePosition = .zero) {
        self.start = start
    }

    /// Where the next sample lies on the timeline.
    package var position: SamplePosition { self.start + self.accepted }

    /// Takes the next samples and returns the spans of speech that ended by them, in order. No allocation unless one
    /// did.
    package mutating func accept(_ samples: UnsafeBufferPointer<Int16>) -> [AudioSpan] {
        var spans: [AudioSpan] = []
        var rest = samples
        self.accepted += Int64(samples.count)
        while let energy = self.band.next(from: &rest) {
            if let decision = self.floor.accept(energy) { self.pass(decision, into: &spans) }
        }
        return spans
    }

    /// No more samples will come: returns the spans that were not returned yet, in order.
    package mutating func finish() -> [AudioSpan] {
        var spans: [AudioSpan] = []
        if let energy = self.band.finish(), let decision = self.floor.accept(energy) {
            self.pass(decision, into: &spans)
        }
        while let decision = self.floor.finish() { self.pass(decision, into: &spans) }
        if let frames = self.gate.finish() { spans.append(self.span(frames)) }
        return spans
    }

    /// The spans that `accept` did not return yet, if nothing more came. The last of them may still grow, and those of
    /// the last second may still turn out to be noise.
    package var speechSoFar: [AudioSpan] {
        var copy = self
        return copy.finish()
    }

    private mutating func pass(_ decision: NoiseFloor.Decision, into spans: inout [AudioSpan]) {
        for frame in decision.frames {
            let energy = self.floor.energy(of: frame)
            if let frames = self.gate.accept(energy: energy, floor: decision.floor) { spans.append(self.span(frames)) }
        }
    }

    private func span(_ frames: Range<Int>) -> AudioSpan {
        let samples = Int64(BandEnergy.frameSamples)
        let end = min(Int64(frames.upperBound) * samples, self.accepted)
        return AudioSpan(start: self.start + Int64(frames.lowerBound) * samples, end: self.start + end)
    }
}
