import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Synchronization
import Testing

@Suite("Referenced WAV")
struct ReferencedWAVTests {
    private let folder = TemporaryFolder()

    private func open(_ fixture: WAVFixture) throws -> any SampleSource {
        try AudioFile.open(self.folder.write(fixture.bytes, to: "a.wav"), spoolFolder: self.folder.path("spool"))
    }

    @Test("A 16 kHz mono 16-bit file is referenced, complete at once, bit for bit")
    func bitExact() throws {
        let samples = Signal.indexed(0..<100_000)
        let source = try self.open(WAVFixture(samples))
        #expect(source is ReferencedWAV)
        #expect(source.progress == SourceProgress(available: SamplePosition(frames: 100_000), isComplete: true))
        #expect(source.totalFrames == 100_000)
        #expect(source.warnings == [])
        #expect(try source.allSamples() == samples)
        #expect(self.folder.names == ["a.wav"])
    }

    @Test("Any part can be read again at any time")
    func randomAccess() throws {
        let source = try self.open(WAVFixture(Signal.indexed(0..<50_000)))
        var random = SplitMix64(seed: 7)
        for _ in 0..<500 {
            let start = Int64.random(in: 0..<50_000, using: &random)
            let count = Int64.random(in: 1..<5_000, using: &random)
            let expected = Signal.indexed(start..<min(50_000, start + count))
            #expect(try source.samples(at: SamplePosition(frames: start), count: Int(count)) == expected)
        }
    }

    @Test("Outside the timeline there is nothing to read")
    func outside() throws {
        let source = try self.open(WAVFixture(Signal.indexed(0..<10)))
        for frame in [-1, .min, 10, 11, .max] as [Int64] {
            #expect(try source.samples(at: SamplePosition(frames: frame), count: 4) == [])
        }
    }

    @Test("An observer is rung once")
    func rings() throws {
        let source = try self.open(WAVFixture(Signal.indexed(0..<10)))
        let rings = Atomic(0)
        source.observe { rings.add(1, ordering: .relaxed) }
        #expect(rings.load(ordering: .relaxed) == 1)
    }

    @Test("A file that became shorter gives an error, never silence")
    func shortened() throws {
        let source = try self.open(WAVFixture(Signal.indexed(0..<1_000)))
        #expect(truncate(self.folder.path("a.wav"), 1_000) == 0)
        #expect(throws: AudioError(.shortened, path: self.folder.path("a.wav"))) {
            try source.samples(at: SamplePosition(frames: 400), count: 600)
        }
        #expect(try source.samples(at: .zero, count: 400) == Signal.indexed(0..<400))
    }
}
