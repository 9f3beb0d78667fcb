import StenoAudio
import StenoTesting
import Testing

@Suite("Level meter")
struct LevelMeterTests {
    private func meter(_ pieces: [Int16]...) -> LevelMeter {
        var meter = LevelMeter()
        for piece in pieces { piece.withUnsafeBufferPointer { meter.accept($0) } }
        return meter
    }

    @Test("Nothing and silence are infinitely quiet")
    func silence() {
        #expect(self.meter().rms == -.infinity)
        #expect(self.meter().peakLevel == -.infinity)
        #expect(self.meter(Signal.silence(frames: 10)).rms == -.infinity)
    }

    @Test("A sine at half of full scale peaks at -6 dB and averages -9")
    func tone() {
        let meter = self.meter(Signal.tone(1_000, amplitude: 0.5, frames: 16_000))
        #expect(abs(meter.peakLevel + 6.02) < 0.01)
        #expect(abs(meter.rms + 9.03) < 0.01)
        #expect(meter.clippedFrames == 0)
        #expect(meter.frames == 16_000)
    }

    @Test("Full scale counts as clipped on both sides")
    func clipping() {
        let meter = self.meter([.max, .min, 0, .max - 1, .min + 1])
        #expect(meter.clippedFrames == 2)
        #expect(meter.peak == 32_768)
    }

    @Test("Zeros at the end are counted across pieces")
    func zeros() {
        #expect(self.meter([1, 0, 0], [0, 0]).zeroRun == 4)
        #expect(self.meter([0, 0], [0, 1]).zeroRun == 0)
        #expect(self.meter([0, 0], [], [5, 0]).zeroRun == 1)
    }
}
