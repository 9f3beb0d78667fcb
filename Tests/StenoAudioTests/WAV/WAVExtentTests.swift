import StenoAudio
import StenoCore
import StenoTesting
import Testing

/// A header may be wrong about where its samples end; every one of these goes through a real file.
@Suite("WAV extent")
struct WAVExtentTests {
    private let folder = TemporaryFolder()
    private static let samples = Signal.indexed(0..<1_000)
    private static let plain = WAVFixture(samples)

    private func open(_ bytes: [UInt8]) throws -> any SampleSource {
        try AudioFile.open(self.folder.write(bytes, to: "a.wav"), spoolFolder: self.folder.path("spool"))
    }

    private func expect(
        _ bytes: [UInt8],
        gives samples: [Int16] = samples,
        _ warnings: [AudioWarning.Kind],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let source = try self.open(bytes)
        #expect(try source.allSamples() == samples, sourceLocation: sourceLocation)
        #expect(source.warnings.map(\.kind) == warnings, sourceLocation: sourceLocation)
    }

    @Test("Chunks behind the samples are not samples")
    func chunksBehind() throws {
        let list = WAVFixture.Chunk("LIST", Array("INFOISFT".utf8) + [5, 0, 0, 0] + Array("Lavf\0".utf8))
        try self.expect(Self.plain.with { $0.chunksAfterData = [list, .init("id3 ", [1, 2])] }.bytes, [])
    }

    @Test("A file cut off gives all that is there, and says how much is not")
    func cutOff() throws {
        let bytes = Self.plain.bytes
        try self.expect(Array(bytes[..<1_044]), gives: Array(Self.samples[..<500]), [.truncated(missing: 500)])
        try self.expect(Array(bytes[..<1_045]), gives: Array(Self.samples[..<500]), [.truncated(missing: 500)])
        try self.expect(Array(bytes[..<46]), gives: [Self.samples[0]], [.truncated(missing: 999)])
    }

    @Test("A size of zero, as a recorder leaves that was cut off, means everything")
    func zeroSize() throws {
        try self.expect(Self.plain.with { $0.dataSize = .wrong(0) }.bytes, [.wrongSize])
    }

    @Test("A size that pipes leave means everything", arguments: [UInt32.max, 0x8000_0000, 0x7FFF_FFFF, 0x7FFF_F024])
    func pipeSize(size: UInt32) throws {
        try self.expect(Self.plain.with { $0.dataSize = .wrong(size) }.bytes, [.wrongSize])
    }

    @Test("A size that is too small does not hide samples")
    func smallSize() throws {
        for size in [2, 1_000, 1_001, 1_990] as [UInt32] {
            try self.expect(Self.plain.with { $0.dataSize = .wrong(size) }.bytes, [.wrongSize])
        }
    }

    @Test("A long file with its size in ds64 is read by that, and may be cut off as well")
    func longSizes() throws {
        func fixture(_ size: UInt64) -> [UInt8] {
            let sizes = WAVFixture.bytes(UInt64(0)) + WAVFixture.bytes(size) + WAVFixture.bytes(UInt64(0))
            return Self.plain.with {
                $0.form = "RF64"
                $0.chunksBeforeFormat = [.init("ds64", sizes + [0, 0, 0, 0])]
                $0.dataSize = .wrong(.max)
            }.bytes
        }
        try self.expect(fixture(2_000), [])
        try self.expect(fixture(4_000), [.truncated(missing: 1_000)])
        try self.expect(fixture(10_000_002_000), [.truncated(missing: 5_000_000_000)])
        try self.expect(fixture(.max), [.truncated(missing: .max / 2 - 1_000)])
    }

    @Test("The missing part is told in frames of the timeline")
    func missingAtOtherRate() async throws {
        let fixture = WAVFixture(Signal.voice(frames: 1_000)).with {
            $0.rate = 8_000
            $0.dataSize = .wrong(3_000)
        }
        let source = try self.open(fixture.bytes)
        #expect(await source.completed().available.frames == 2_000)
        #expect(source.warnings.map(\.kind) == [.truncated(missing: 1_000)])
    }
}
