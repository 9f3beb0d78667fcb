import StenoCore
import Testing

@Suite("Sample position")
struct SamplePositionTests {
    @Test("Seconds become the nearest frame at 16 kHz")
    func nearestFrame() {
        #expect(SamplePosition(seconds: 1).frames == 16_000)
        #expect(SamplePosition(seconds: 8.48).frames == 135_680)
        #expect(SamplePosition(seconds: 0.000_04).frames == 1)
        #expect(SamplePosition(seconds: -0.5).frames == -8_000)
        #expect(SamplePosition(frames: 24_000).seconds == 1.5)
    }

    @Test(
        "Seconds that no recording has are clamped and never trap",
        arguments: [.nan, .signalingNaN, .infinity, -.infinity, 1e308, -1e308, 1e18, .greatestFiniteMagnitude]
    )
    func clamps(seconds: Double) {
        let position = SamplePosition(seconds: seconds)
        let sum = position + position.frames
        #expect(abs(position.frames) <= 16_000_000_000_000)
        #expect(abs(sum - position) <= 16_000_000_000_000)
    }

    @Test("Positions are ordered by their frames")
    func order() {
        #expect(SamplePosition.zero < .seconds(0.1))
        #expect(SamplePosition.seconds(2) - .seconds(0.5) == 24_000)
        #expect(SamplePosition.seconds(2) - 16_000 == .seconds(1))
    }
}
