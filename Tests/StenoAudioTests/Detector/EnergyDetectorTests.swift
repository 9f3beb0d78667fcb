import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("Energy detector")
struct EnergyDetectorTests {
    private static let second = SamplePosition.rate

    private func spans(_ samples: [Int16], start: SamplePosition = .zero) -> [AudioSpan] {
        var detector = EnergyDetector(start: start)
        return samples.withUnsafeBufferPointer { detector.accept($0) } + detector.finish()
    }

    /// One second of quiet, two of voice, one of quiet.
    private static func phrase(voice level: Double = -25) -> [Int16] {
        Signal.silence(frames: second) + Signal.voice(level: level, frames: 2 * second) + Signal.silence(frames: second)
    }

    private func expectPhrase(_ spans: [AudioSpan], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(spans.count == 1, sourceLocation: sourceLocation)
        guard let span = spans.first else { return }
        #expect(abs(span.start.frames - 16_000) <= 1_600, sourceLocation: sourceLocation)
        #expect(abs(span.end.frames - 48_000) <= 2_400, sourceLocation: sourceLocation)
    }

    @Test("Nothing, digital silence and a constant offset are silence")
    func nothing() {
        #expect(self.spans([]) == [])
        #expect(self.spans(Signal.silence(frames: 80_000)) == [])
        #expect(self.spans([Int16](repeating: 12_000, count: 80_000)) == [])
        #expect(self.spans([Int16](repeating: .min, count: 80_000)) == [])
    }

    @Test("Steady noise is silence at any level", arguments: [-75.0, -60, -50, -40, -30, -20])
    func noise(level: Double) {
        for seed in UInt64(1)...2 {
            #expect(self.spans(Signal.noise(level: level, frames: 10 * Self.second, seed: seed)) == [], "seed \(seed)")
            #expect(self.spans(Signal.rumble(level: level, frames: 10 * Self.second, seed: seed)) == [], "seed \(seed)")
        }
        let peak = 0.9 * Signal.amplitude(level: level)
        #expect(self.spans(Signal.tone(50, amplitude: peak, frames: 10 * Self.second)) == [])
    }

    @Test("A fan that starts and stops is no speech")
    func fan() {
        let quiet = Signal.noise(level: -65, frames: 4 * Self.second)
        let fan = Signal.noise(level: -40, frames: 4 * Self.second, seed: 2)
        #expect(self.spans(quiet + fan + quiet) == [])
    }

    @Test("Speech is found, in a quiet room and in a noisy one, near and far")
    func speech() {
        self.expectPhrase(self.spans(Self.phrase()))
        self.expectPhrase(self.spans(Self.phrase(voice: -50)))
        self.expectPhrase(self.spans(Signal.mixed(Self.phrase(), Signal.noise(level: -45, frames: 64_000))))
        self.expectPhrase(self.spans(Signal.mixed(Self.phrase(), Signal.rumble(level: -35, frames: 64_000))))
        self.expectPhrase(self.spans(Self.phrase().map { Int16(clamping: Int($0) + 8_000) }))
    }

    @Test("Speech that fills the whole recording is found from its first syllable to its last")
    func wall() {
        let spans = self.spans(Signal.voice(frames: 10 * Self.second))
        #expect(spans.count == 1)
        #expect(spans.first.map { $0.start.frames < 2_400 && $0.end.frames > 157_600 } == true)
    }

    @Test("A pause of half a second parts two spans, one of a tenth does not")
    func pauses() {
        let voice = Signal.voice(frames: Self.second)
        let quiet = Signal.silence(frames: Self.second)
        #expect(self.spans(quiet + voice + Signal.silence(frames: 8_000) + voice + quiet).count == 2)
        #expect(self.spans(quiet + voice + Signal.silence(frames: 1_600) + voice + quiet).count == 1)
    }

    @Test("Clicks, one or many, are no speech; a short word is")
    func clicks() {
        func burst(_ frames: Int) -> [Int16] {
            Signal.silence(frames: 8_000) + Signal.tone(800, amplitude: 0.6, frames: frames)
        }
        #expect(self.spans(burst(1_600) + Signal.silence(frames: 16_000)) == [])
        #expect(self.spans(burst(3_200) + Signal.silence(frames: 16_000)).count == 1)
        let typing = (0..<20).flatMap { _ in
            Signal.tone(900, amplitude: 0.4, frames: 240) + Signal.silence(frames: 2_400)
        }
        #expect(self.spans(Signal.silence(frames: 16_000) + typing + Signal.silence(frames: 16_000)) == [])
    }

    @Test("How the samples are cut into pieces makes no difference")
    func pieces() {
        let samples = Signal.mixed(
            Self.phrase() + Self.phrase(voice: -35) + Self.phrase(),
            Signal.noise(level: -55, frames: 200_000)
        )
        let start = SamplePosition(frames: 123_456_789)
        let expected = self.spans(samples, start: start)
        #expect(expected.count == 3)
        for seed in UInt64(0)..<10 {
            var random = SplitMix64(seed: seed)
            var detector = EnergyDetector(start: start)
            var spans: [AudioSpan] = []
            var rest = samples[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 0...3_000, using: &random))
                spans += piece.withUnsafeBufferPointer { detector.accept($0) }
                rest = rest.dropFirst(piece.count)
            }
            #expect(detector.position == start + Int64(samples.count))
            #expect(spans + detector.finish() == expected, "seed \(seed)")
        }
    }

    @Test("Speech that is still going on can be asked for, and asking changes nothing")
    func soFar() {
        var detector = EnergyDetector()
        let samples = Self.phrase()
        _ = samples[..<32_000].withUnsafeBufferPointer { detector.accept($0) }
        let open = detector.speechSoFar
        #expect(open.count == 1)
        #expect(open.first.map { abs($0.start.frames - 16_000) <= 1_600 && $0.end.frames >= 30_000 } == true)
        let rest = samples[32_000...].withUnsafeBufferPointer { detector.accept($0) } + detector.finish()
        #expect(rest == self.spans(samples))
    }

    @Test("Spans lie inside what was heard, in order, whatever was heard")
    func bounds() {
        for seed in UInt64(0)..<50 {
            var random = SplitMix64(seed: seed)
            let count = Int.random(in: 0..<40_000, using: &random)
            var level = 1.0
            let samples = (0..<count).map { index -> Int16 in
                if index % 1_000 == 0 { level = Double.random(in: 0...32_767, using: &random) }
                return Int16(Double.random(in: -level...level, using: &random))
            }
            var end = SamplePosition.zero
            for span in self.spans(samples) {
                #expect(span.start >= end && span.frames >= 2_400, "seed \(seed)")
                end = span.end
            }
            #expect(end.frames <= Int64(count), "seed \(seed)")
        }
    }
}
