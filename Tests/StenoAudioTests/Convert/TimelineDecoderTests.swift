import Glibc
import StenoCore
import StenoTesting
import Testing

@testable import StenoAudio

@Suite("Timeline decoder")
struct TimelineDecoderTests {
    /// Frames out of memory, in pieces of seeded sizes.
    private final class ScriptedReader: FrameReader {
        let format: FrameFormat
        var expectedFrames: Int64? { Int64(self.frames.count / self.format.channels) }
        var warnings: [AudioWarning.Kind] { [] }
        private var frames: ArraySlice<Float>
        private var random = SplitMix64(seed: 3)

        init(_ frames: [Float], rate: Int, channels: Int = 1) {
            self.format = FrameFormat(rate: rate, channels: channels)
            self.frames = frames[...]
        }

        func read(into buffer: UnsafeMutableBufferPointer<Float>) throws(AudioError) -> Int {
            let channels = self.format.channels
            let room = min(buffer.count / channels, self.frames.count / channels)
            let count = room == 0 ? 0 : Int.random(in: 1...room, using: &self.random)
            _ = buffer.update(fromContentsOf: self.frames.prefix(count * channels))
            self.frames = self.frames.dropFirst(count * channels)
            return count
        }
    }

    private func decode(
        _ frames: [Float],
        rate: Int = 16_000,
        channels: Int = 1
    ) throws -> (samples: [Int16], warnings: [AudioWarning.Kind]) {
        let decoder = try TimelineDecoder(ScriptedReader(frames, rate: rate, channels: channels), path: "a.wav")
        let block = Scratch<Int16>(count: 3_000, filledWith: 0)
        var samples: [Int16] = []
        while case let count = try decoder.next(into: block.buffer), count > 0 { samples += block.buffer[..<count] }
        return (samples, decoder.warnings)
    }

    private func floats(_ samples: [Int16]) -> [Float] {
        samples.map { Float($0) / 32_768 }
    }

    @Test("All 65,536 values of 16 kHz mono 16-bit pass through untouched")
    func bitExact() throws {
        let samples = (Int16.min ... .max).map { $0 }
        let decoded = try self.decode(self.floats(samples))
        #expect(decoded.samples == samples)
        #expect(decoded.warnings == [])
    }

    @Test("Finer samples are rounded to the nearest, and too loud ones cut to full scale")
    func rounding() throws {
        let steps: [Float] = [0.4, 0.6, -0.4, -0.6, 1.5, 2.5, 32_767.4, 40_000, -40_000]
        let decoded = try self.decode(steps.map { $0 / 32_768 })
        #expect(decoded.samples == [0, 1, 0, -1, 2, 2, 32_767, 32_767, -32_768])
        #expect(decoded.warnings == [.clipped(frames: 2)])
    }

    @Test("What is no number is silence, and spoils nothing around it", arguments: [16_000, 48_000])
    func notNumbers(rate: Int) throws {
        var frames = [Float](repeating: 0, count: rate)
        for (index, value) in [Float.nan, .signalingNaN].enumerated() { frames[1_000 + index] = value }
        #expect(try self.decode(frames, rate: rate).samples == Signal.silence(frames: 16_000))
        frames[1_000] = .infinity
        frames[2_000] = -.greatestFiniteMagnitude
        let decoded = try self.decode(frames, rate: rate).samples
        #expect(decoded.count == 16_000)
        #expect(decoded[8_000...].allSatisfy { $0 == 0 })
    }

    @Test("Channels are averaged")
    func downmix() throws {
        #expect(try self.decode([0.5, -0.25, 0.5, 0.5], channels: 2).samples == [4_096, 16_384])
        #expect(try self.decode([0.75, 0, 0, 0.25, 0.25, 0.25], channels: 3).samples == [8_192, 8_192])
        let many = [Float](repeating: 0.5, count: 64 * 10)
        #expect(try self.decode(many, channels: 64).samples == [Int16](repeating: 16_384, count: 10))
    }

    @Test("The length is exact for every rate and every number of frames")
    func lengths() throws {
        for rate in [1_000, 8_000, 11_025, 15_999, 16_001, 22_050, 44_100, 48_000, 96_000, 768_000] {
            for frames in [1, 2, 3, 100, 8_191, 8_192, 8_193, 20_000] {
                let expected = Int((Double(frames) * 16_000 / Double(rate)).rounded(.toNearestOrAwayFromZero))
                let decoded = try self.decode([Float](repeating: 0.1, count: frames), rate: rate)
                #expect(decoded.samples.count == expected, "\(frames) frames at \(rate) Hz")
                #expect(TimelineLength.frames(Int64(frames), atRate: rate) == Int64(expected))
            }
        }
    }

    @Test("An impulse stays in its place, to the frame", arguments: [8_000, 11_025, 22_050, 44_100, 48_000, 96_000])
    func impulse(rate: Int) throws {
        for second in [0.1, 0.5, 0.9] {
            var frames = [Float](repeating: 0, count: rate)
            frames[Int(second * Double(rate))] = 1
            let samples = try self.decode(frames, rate: rate).samples
            let loudest = samples.indices.max { abs(Int(samples[$0])) < abs(Int(samples[$1])) }
            #expect(abs((loudest ?? 0) - Int(second * 16_000)) <= 1)
        }
    }

    @Test("A tone keeps its frequency, level and phase", arguments: [8_000, 11_025, 44_100, 48_000, 96_000])
    func tone(rate: Int) throws {
        let original = Signal.tone(1_000, amplitude: 0.5, frames: 2 * rate, rate: rate)
        let samples = try self.decode(self.floats(original), rate: rate).samples
        let expected = Signal.tone(1_000, amplitude: 0.5, frames: 32_000)
        // The first and last hundredth of a second ring, because the tone begins and ends there.
        let worst = (160..<31_840).map { abs(Int(samples[$0]) - Int(expected[$0])) }.max()
        #expect((worst ?? .max) <= 16)
    }

    @Test("What is above the new band is gone, not folded into it")
    func alias() throws {
        let samples = try self.decode(self.floats(Signal.tone(12_000, frames: 48_000, rate: 48_000)), rate: 48_000)
            .samples
        #expect(samples[160..<15_840].allSatisfy { abs($0) <= 1 })
    }

    @Test("Lengths of the timeline do not overflow")
    func saturates() {
        #expect(TimelineLength.frames(.max, atRate: 1) == .max)
        #expect(TimelineLength.frames(.max, atRate: 16_000) == .max)
        #expect(TimelineLength.frames(.max, atRate: 768_000) == 192_153_584_101_141_163)
        #expect(TimelineLength.frames(-5, atRate: 8_000) == 0)
        #expect(TimelineLength.frames(5, atRate: 0) == 0)
    }
}
