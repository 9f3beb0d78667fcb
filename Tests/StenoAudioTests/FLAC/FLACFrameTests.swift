import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("FLAC frames that stand alone")
struct FLACFrameTests {
    private func frame(_ samples: [Int16]) throws -> [UInt8] {
        try samples.withUnsafeBufferPointer { try FLACFrameEncoder().encode($0) }
    }

    private func samples(_ frame: [UInt8]) throws -> [Int16]? {
        try frame.withUnsafeBytes { try FLACFrameDecoder().decode($0) }
    }

    @Test("What is decoded is what was encoded, to the bit")
    func roundTrip() throws {
        for samples in [
            Signal.indexed(0..<4_000), Signal.indexed(0..<1), Signal.indexed(7..<22), Signal.voice(frames: 4_000),
            Signal.silence(frames: 4_000), [.min, .max, .min, .max], Signal.noise(level: -3, frames: 3_999),
        ] {
            #expect(try self.samples(try self.frame(samples)) == samples)
        }
    }

    @Test("Frames need neither their neighbours nor their order, and one coder serves them all")
    func independent() throws {
        let encoder = try FLACFrameEncoder()
        let decoder = try FLACFrameDecoder()
        let pieces = (0..<20).map { Signal.indexed(($0 * 4_000)..<($0 * 4_000 + 4_000 - $0)) }
        let frames = try pieces.map { try $0.withUnsafeBufferPointer { try encoder.encode($0) } }
        for index in (0..<20).reversed() {
            #expect(frames[index].withUnsafeBytes { decoder.decode($0) } == pieces[index])
        }
    }

    @Test("Any flipped bit, cut or addition gives nothing, and the decoder goes on with the next frame")
    func damage() throws {
        let decoder = try FLACFrameDecoder()
        let samples = Signal.voice(frames: 4_000)
        let frame = try self.frame(samples)
        for seed in UInt64(0)..<300 {
            var random = SplitMix64(seed: seed)
            var damaged = frame
            switch seed % 3 {
            case 0:
                damaged[Int.random(in: 0..<frame.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: damaged.removeLast(Int.random(in: 1...frame.count, using: &random))
            default: damaged += frame
            }
            #expect(damaged.withUnsafeBytes { decoder.decode($0) } == nil, "seed \(seed)")
            #expect(frame.withUnsafeBytes { decoder.decode($0) } == samples, "seed \(seed)")
        }
        #expect([UInt8](repeating: 0, count: 100_000).withUnsafeBytes { decoder.decode($0) } == nil)
    }
}
