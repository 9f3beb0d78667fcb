import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("FLAC stream decoder")
struct FLACStreamDecoderTests {
    private func decode(_ bytes: [UInt8], seed: UInt64) throws(AudioError) -> [Int16] {
        let decoder = try FLACStreamDecoder()
        var random = SplitMix64(seed: seed)
        var samples: [Int16] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...3_000, using: &random))
            samples += try decoder.decode(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return samples
    }

    @Test("What the encoder sends comes out again, however the bytes are cut")
    func roundTrip() throws {
        for samples in [Signal.voice(frames: 40_000), Signal.indexed(0..<16_001), Signal.silence(frames: 8_000)] {
            let encoder = try FLACStreamEncoder()
            let bytes = samples.withUnsafeBufferPointer { encoder.encode($0) } + encoder.finish()
            for seed in UInt64(0)..<5 {
                #expect(try self.decode(bytes, seed: seed) == samples, "seed \(seed)")
            }
        }
    }

    @Test("A frame comes out as soon as it is whole")
    func streaming() throws {
        let encoder = try FLACStreamEncoder()
        let decoder = try FLACStreamDecoder()
        let samples = Signal.voice(frames: 16_001)
        var decoded: [Int16] = []
        for start in stride(from: 0, to: 16_000, by: 1_600) {
            let bytes = samples[start..<(start + 1_601)].prefix(start == 0 ? 1_601 : 1_600)
            let next = start == 0 ? bytes : samples[(start + 1)..<(start + 1_601)]
            decoded += try decoder.decode(next.withUnsafeBufferPointer { encoder.encode($0) })
            #expect(decoded.count >= start)
        }
        #expect(decoded == Array(samples[..<decoded.count]))
    }

    @Test("Other bytes, and FLAC of another kind, are refused or give nothing")
    func foreign() {
        var random = SplitMix64(seed: 5)
        let noise = (0..<50_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        #expect((try? self.decode(noise, seed: 1)) ?? [] == [])

        let folder = TemporaryFolder()
        SoundFile.write(Signal.indexed(0..<20_000), as: .flac, rate: 8_000, to: folder.path("a.flac"))
        #expect(throws: AudioError(.unknownKind, path: "-")) { try self.decode(folder.read("a.flac"), seed: 1) }
    }
}
