import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("FLAC stream encoder")
struct FLACStreamEncoderTests {
    private let folder = TemporaryFolder()

    private func encode(_ samples: [Int16], seed: UInt64 = 1) throws -> [UInt8] {
        let encoder = try FLACStreamEncoder()
        var random = SplitMix64(seed: seed)
        var bytes: [UInt8] = []
        var rest = samples[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...5_000, using: &random))
            bytes += piece.withUnsafeBufferPointer { encoder.encode($0) }
            rest = rest.dropFirst(piece.count)
        }
        return bytes + encoder.finish()
    }

    private func decode(_ bytes: [UInt8]) async throws -> [Int16] {
        let path = self.folder.write(bytes, to: "a.flac")
        let source = try AudioFile.open(path, spoolFolder: self.folder.path("spool"))
        #expect(await source.completed().failure == nil)
        #expect(source.warnings == [])
        return try source.allSamples()
    }

    @Test("What is decoded is what was encoded, however it was cut")
    func roundTrip() async throws {
        for (seed, samples) in [
            Signal.indexed(0..<1), Signal.indexed(0..<1_600), Signal.indexed(0..<50_001), Signal.voice(frames: 80_000),
            Signal.silence(frames: 20_000), [.min, .max, .min, .max],
        ].enumerated() {
            #expect(try await self.decode(try self.encode(samples, seed: UInt64(seed))) == samples)
        }
    }

    @Test("The header comes first, and a frame as soon as the next one begins")
    func streaming() async throws {
        let encoder = try FLACStreamEncoder()
        let samples = Signal.voice(frames: 1_601)
        let header = samples[..<1_600].withUnsafeBufferPointer { encoder.encode($0) }
        #expect(header.starts(with: Array("fLaC".utf8)))
        let frame = samples[1_600...].withUnsafeBufferPointer { encoder.encode($0) }
        #expect(frame.count > 100)
        #expect(frame.starts(with: [0xFF, 0xF8]))
        #expect(try await self.decode(header + frame + encoder.finish()) == samples)
    }

    @Test("Speech needs about half the bytes")
    func size() throws {
        let bytes = try self.encode(
            Signal.mixed(Signal.voice(frames: 160_000), Signal.noise(level: -60, frames: 160_000))
        )
        #expect(bytes.count < 160_000 * 2 * 6 / 10)
    }

    @Test("A stream may be ended twice, or not at all")
    func ends() throws {
        let encoder = try FLACStreamEncoder()
        #expect(!encoder.finish().isEmpty)
        #expect(encoder.finish() == [])
        let dropped = try FLACStreamEncoder()
        _ = Signal.indexed(0..<100).withUnsafeBufferPointer { dropped.encode($0) }
    }
}
