import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("Standard input")
struct StandardInputTests {
    private let folder = TemporaryFolder()

    private func open(_ pipe: TestPipe, rate: Int = 16_000, channels: Int = 1) throws -> SpooledSource {
        try StandardInput.open(
            descriptor: pipe.readEnd,
            rate: rate,
            channels: channels,
            spoolFolder: self.folder.path("spool")
        )
    }

    /// What comes out when `bytes` arrive in pieces of seeded sizes.
    private func run(
        _ bytes: [UInt8],
        rate: Int = 16_000,
        channels: Int = 1,
        seed: UInt64 = 1
    ) async throws -> (progress: SourceProgress, samples: [Int16], warnings: [AudioWarning.Kind]) {
        var random = SplitMix64(seed: seed)
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            pieces.append(Array(rest.prefix(Int.random(in: 1...5_001, using: &random))))
            rest = rest.dropFirst(pieces[pieces.count - 1].count)
        }
        let pipe = TestPipe()
        let source = try self.open(pipe, rate: rate, channels: channels)
        pipe.feed(pieces)
        let progress = await source.completed()
        #expect(source.totalFrames == progress.available.frames)
        return (progress, try source.allSamples(), source.warnings.map(\.kind))
    }

    private func expectFailure(_ reason: AudioError.Reason, _ bytes: [UInt8]) async throws {
        let result = try await self.run(bytes)
        #expect(result.progress.failure?.reason == reason)
        #expect(result.progress.failure?.path == "-")
        #expect(result.samples == [])
    }

    @Test("Raw samples come out bit for bit, however they are cut")
    func raw() async throws {
        let samples = Signal.indexed(0..<60_000)
        let bytes = samples.flatMap { WAVFixture.bytes($0) }
        for seed in UInt64(0)..<5 {
            let result = try await self.run(bytes, seed: seed)
            #expect(result.samples == samples, "seed \(seed)")
            #expect(result.progress.failure == nil)
            #expect(result.warnings == [])
        }
    }

    @Test("Raw samples of another rate and channel count are converted")
    func rawFormat() async throws {
        let bytes = Signal.voice(frames: 48_000).flatMap { WAVFixture.bytes($0) + WAVFixture.bytes($0) }
        let result = try await self.run(bytes, rate: 48_000, channels: 2)
        #expect(result.samples.count == 16_000)
    }

    @Test("Half a sample at the end is left out, and said")
    func oddEnd() async throws {
        let samples = Signal.indexed(0..<1_000)
        let bytes = samples.flatMap { WAVFixture.bytes($0) }
        let result = try await self.run(bytes + [7])
        #expect(result.samples == samples)
        #expect(result.warnings == [.partialFrame])
        #expect(try await self.run(bytes + [7, 7], channels: 2).warnings == [.partialFrame])
    }

    @Test("WAV is told by its first bytes, whatever size it claims")
    func wav() async throws {
        let samples = Signal.indexed(0..<20_000)
        let plain = WAVFixture(samples).with {
            $0.chunksBeforeData = [.init("LIST", [UInt8](repeating: 1, count: 9_001))]
        }
        for size in [0, 0x7FFF_F000, 0x8000_0024, UInt32.max] {
            let result = try await self.run(plain.with { $0.dataSize = .wrong(size) }.bytes)
            #expect(result.samples == samples)
            #expect(result.warnings == [], "a pipe cannot know its size: \(size)")
        }
        let behind = plain.with { $0.chunksAfterData = [.init("LIST", [1, 2, 3])] }
        #expect(try await self.run(behind.bytes).samples == samples)
        #expect(try await self.run(behind.bytes).warnings == [])
    }

    @Test("A WAV that is shorter or longer than it says gives all its samples and a warning")
    func wavWrongSize() async throws {
        let samples = Signal.indexed(0..<20_000)
        let plain = WAVFixture(samples)
        let short = try await self.run(Array(plain.bytes[..<20_044]))
        #expect(short.samples == Array(samples[..<10_000]))
        #expect(short.warnings == [.truncated(missing: 10_000)])
        for size in [2, 10_001, 39_990] as [UInt32] {
            let long = try await self.run(plain.with { $0.dataSize = .wrong(size) }.bytes)
            #expect(long.samples == samples)
            #expect(long.warnings == [.wrongSize])
        }
    }

    @Test("WAV of another kind is converted by its own header, not by the options")
    func wavFormat() async throws {
        let plain = WAVFixture(data: [UInt8](repeating: 0x10, count: 44_100 * 6))
        let stereo24 = plain.with {
            $0.rate = 44_100
            $0.channels = 2
            $0.bits = 24
            $0.isExtensible = true
        }
        let result = try await self.run(stereo24.bytes, rate: 8_000, channels: 5)
        #expect(result.samples.count == 16_000)
        #expect(result.samples[8_000] == 0x1010)
    }

    @Test("What a pipe cannot carry is refused by name")
    func refused() async throws {
        let flac = self.folder.path("a.flac")
        SoundFile.write(Signal.indexed(0..<100), as: .flac, to: flac)
        try await self.expectFailure(.needsFile(kind: "FLAC"), self.folder.read("a.flac"))
        SoundFile.write(Signal.indexed(0..<100), as: .vorbis, to: flac)
        try await self.expectFailure(.needsFile(kind: "OGG"), self.folder.read("a.flac"))
        SoundFile.write(Signal.indexed(0..<100), as: .imaADPCM, to: flac)
        try await self.expectFailure(.needsFile(kind: "compressed WAV"), self.folder.read("a.flac"))
        try await self.expectFailure(.empty, [])
        try await self.expectFailure(.noFrames, [1])
        try await self.expectFailure(.noFrames, WAVFixture([]).bytes)
        try await self.expectFailure(.cutInHeader, Array(WAVFixture([1, 2]).bytes[..<40]))
        let impossible = WAVFixture([1]).with { $0.channels = 0 }
        try await self.expectFailure(.impossibleFormat(rate: 16_000, channels: 0), impossible.bytes)
        let plain = WAVFixture([1, 2, 3]).bytes
        let formatLast = Array(plain[..<12] + plain[36...] + plain[12..<36])
        try await self.expectFailure(.needsFile(kind: "WAV with its format behind its sound"), formatLast)
        let bad = try await self.run([1, 2, 3, 4], rate: 0)
        #expect(bad.progress.failure?.reason == .impossibleFormat(rate: 0, channels: 1))
    }

    @Test("A closed input is an empty one")
    func closed() {
        #expect(throws: AudioError(.empty, path: "-", cause: "fcntl: 9")) {
            try StandardInput.open(descriptor: 99_999, spoolFolder: self.folder.path("spool"))
        }
    }

    @Test("Samples can be read as soon as they have come")
    func live() async throws {
        let pipe = TestPipe()
        let source = try self.open(pipe)
        var arrivals = Arrivals(of: source)
        for step in Int64(0)..<5 {
            pipe.write(Signal.indexed((step * 100)..<((step + 1) * 100)).flatMap { WAVFixture.bytes($0) })
            await arrivals.wait(for: (step + 1) * 100)
            #expect(try source.allSamples() == Signal.indexed(0..<((step + 1) * 100)))
            #expect(source.totalFrames == nil)
        }
    }

    @Test("A source that is stopped ends at once, though its pipe stays open")
    func stopped() async throws {
        let pipe = TestPipe()
        let source = try self.open(pipe)
        pipe.write([UInt8](repeating: 1, count: 200))
        var arrivals = Arrivals(of: source)
        await arrivals.wait(for: 100)
        source.stop()
        let progress = await source.completed()
        #expect(progress.failure?.reason == .cancelled)
        #expect(progress.available.frames == 100)
        #expect(try source.allSamples().count == 100)
    }

    @Test("A name that stands for a pipe is read like one, if it carries WAV")
    func namedPipe() async throws {
        let path = self.folder.path("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        let samples = Signal.indexed(0..<1_000)
        let folder = self.folder
        TestThread.run { _ = folder.write(WAVFixture(samples).bytes, to: "pipe") }
        let source = try AudioFile.open(path, spoolFolder: folder.path("spool"))
        #expect(await source.completed().failure == nil)
        #expect(try source.allSamples() == samples)

        TestThread.run { _ = folder.write(Array("Dear reader, this is no sound.".utf8), to: "pipe") }
        let letter = try AudioFile.open(path, spoolFolder: folder.path("spool"))
        #expect(await letter.completed().failure?.reason == .unknownKind)
    }
}

/// Waits for a source to grow, by its rings.
struct Arrivals {
    private let source: any SampleSource
    private var rings: AsyncStream<Void>.Iterator

    init(of source: any SampleSource) {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        source.observe { continuation.yield() }
        self.source = source
        self.rings = stream.makeAsyncIterator()
    }

    mutating func wait(for frames: Int64) async {
        while self.source.progress.available.frames < frames { await self.rings.next() }
    }
}
