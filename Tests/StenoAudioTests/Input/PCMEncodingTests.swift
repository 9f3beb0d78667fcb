import StenoCore
import StenoTesting
import Testing

@testable import StenoAudio

@Suite("PCM encodings")
struct PCMEncodingTests {
    private let folder = TemporaryFolder()

    private func decode(_ encoding: PCMEncoding, _ bytes: [UInt8]) -> [Float] {
        let count = bytes.count / encoding.bytesPerSample
        let samples = Scratch<Float>(count: count, filledWith: 0)
        bytes.withUnsafeBytes { encoding.decode($0.baseAddress!, count: count, into: samples.buffer.baseAddress!) }
        return Array(samples.buffer)
    }

    private func decodeByLibsndfile(_ fixture: WAVFixture) throws -> [Float] {
        let path = self.folder.write(fixture.bytes, to: "a.wav")
        let reader = try SndfileReader(file: try FileHandle(reading: path), path: path)
        let samples = Scratch<Float>(count: 4_096, filledWith: 0)
        let count = try reader.read(into: samples.buffer)
        return Array(samples.buffer[..<count])
    }

    @Test(
        "Every encoding gives what libsndfile gives, in both byte orders",
        arguments: [
            (1, 8, .integer8), (1, 16, .integer16), (1, 24, .integer24), (1, 32, .integer32), (6, 8, .aLaw),
            (7, 8, .muLaw),
        ] as [(UInt16, UInt16, WAVHeader.Encoding)]
    )
    func agrees(tag: UInt16, bits: UInt16, encoding: WAVHeader.Encoding) throws {
        var random = SplitMix64(seed: UInt64(tag) * 100 + UInt64(bits))
        let bytes = (0..<3_072).map { $0 < 256 ? UInt8($0) : UInt8.random(in: 0...255, using: &random) }
        for form in ["RIFF", "RIFX"] {
            let fixture = WAVFixture(data: bytes).with {
                $0.form = form
                $0.tag = tag
                $0.bits = bits
            }
            let ours = try #require(PCMEncoding(encoding, isBigEndian: form == "RIFX"))
            #expect(self.decode(ours, bytes) == (try self.decodeByLibsndfile(fixture)), "\(form)")
        }
    }

    @Test("Floats are taken as they are, in both widths and byte orders")
    func floats() throws {
        let values: [Float] = [0, 1, -1, 0.5, -0.125, 3.5, .leastNonzeroMagnitude, .infinity]
        for isBigEndian in [false, true] {
            let single = values.flatMap { WAVFixture.bytes($0.bitPattern, bigEndian: isBigEndian) }
            #expect(self.decode(try #require(PCMEncoding(.float32, isBigEndian: isBigEndian)), single) == values)
            let double = values.flatMap { WAVFixture.bytes(Double($0).bitPattern, bigEndian: isBigEndian) }
            #expect(self.decode(try #require(PCMEncoding(.float64, isBigEndian: isBigEndian)), double) == values)
        }
    }

    @Test("Compressed kinds have no PCM encoding")
    func compressed() {
        #expect(PCMEncoding(.other(tag: 2)) == nil)
    }
}
