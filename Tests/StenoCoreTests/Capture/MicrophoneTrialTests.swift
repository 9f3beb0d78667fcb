import StenoCore
import Testing

@Suite("Microphone trial")
struct MicrophoneTrialTests {
    /// Hears pieces of sound of 100 ms until the trial is over, the last one for as long as it takes.
    private func trial(_ amplitudes: [Int], clipped: Int64 = 0) -> MicrophoneTrial {
        var trial = MicrophoneTrial(now: .seconds(100))
        var position = SamplePosition.zero
        while !trial.isOver(now: .seconds(100 + position.seconds)) {
            let amplitude = amplitudes[min(Int(position.frames / 1_600), amplitudes.count - 1)]
            let reading = LevelReading.steady(amplitude: amplitude, clipped: clipped, at: position)
            trial.received(.level(reading), now: .seconds(100 + position.seconds))
            position = position + reading.frames
        }
        return trial
    }

    @Test(
        "It says what the microphone is worth",
        arguments: [
            ([60], .listening),
            ([60, 60, 60, 60, 6_000, 6_000, 6_000, 60], .speech),
            ([0], .digitalZero),
            ([3], .tooQuiet),
            ([0, 0, 0, 0, 0, 60, 60, 60, 0], .listening),
        ] as [([Int], MicrophoneCondition)]
    )
    func verdict(amplitudes: [Int], verdict: MicrophoneCondition) {
        let trial = self.trial(amplitudes)
        #expect(trial.verdict == verdict)
        #expect(trial.heard == .seconds(5))
        #expect(trial.peak == amplitudes.max())
    }

    @Test("Distortion is told whatever else was heard")
    func clipping() {
        #expect(self.trial([6_000, 60], clipped: 100).verdict == .clipping)
    }

    @Test("A device that gives nothing is given up after its time and some patience, with the reason")
    func nothing() {
        var trial = MicrophoneTrial(now: .seconds(100))
        #expect(trial.verdict == .noData)
        trial.received(.waiting(.busy), now: .seconds(101))
        #expect(!trial.isOver(now: .seconds(108.9)))
        #expect(trial.isOver(now: .seconds(109)))
        #expect(trial.verdict == .noData)
        #expect(trial.trouble == .busy)
    }

    @Test("A device that went away in the middle is not called good for how it began")
    func gone() {
        var trial = MicrophoneTrial(now: .zero)
        for second in 0..<2 {
            let start = SamplePosition.seconds(Double(second))
            trial.received(.level(.steady(amplitude: 900, at: start, frames: 16_000)), now: .seconds(second))
        }
        trial.received(.waiting(.absent), now: .seconds(2))
        trial.received(.level(.steady(amplitude: 900, at: .seconds(2), frames: 500)), now: .seconds(2))
        #expect(trial.verdict == .noData)
        #expect(trial.trouble == .absent)
    }
}
