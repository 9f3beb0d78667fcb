import CSndfileQuiet
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("Audio files")
struct AudioFileTests {
    private let folder = TemporaryFolder()

    private func open(_ path: String) throws(AudioError) -> any SampleSource {
        try AudioFile.open(path, spoolFolder: self.folder.path("spool"))
    }

    private func open(bytes: [UInt8], as name: String = "a.wav") throws(AudioError) -> any SampleSource {
        try self.open(self.folder.write(bytes, to: name))
    }

    @Test("Every lossless kind at 16 kHz mono comes out bit for bit", arguments: SoundFile.Kind.allCases)
    func kinds(kind: SoundFile.Kind) async throws {
        let samples = Signal.voice(frames: 40_000)
        let path = self.folder.path("sound")
        SoundFile.write(samples, as: kind, to: path)
        let source = try self.open(path)
        let progress = await source.completed()
        #expect(progress.failure == nil)
        #expect(source.warnings == [])
        let decoded = try source.allSamples()
        if kind.isLossless {
            #expect(decoded == samples)
            #expect(source.totalFrames == 40_000)
        } else {
            #expect(abs(decoded.count - 40_000) <= 2_048)
            #expect(abs(self.level(decoded) - self.level(samples)) < 1)
        }
    }

    @Test("Any rate and channel count becomes 16 kHz mono of the exact length")
    func rates() async throws {
        for (rate, channels, kind) in [
            (8_000, 1, .flac), (11_025, 2, .aiff), (22_050, 1, .flac), (32_000, 2, .au), (44_100, 2, .flac24),
            (48_000, 1, .flac), (48_000, 6, .caf), (96_000, 2, .flac), (192_000, 8, .aiff),
        ] as [(Int, Int, SoundFile.Kind)] {
            let frames = rate + 7
            let tone = Signal.tone(440, frames: frames, rate: rate)
            let path = self.folder.path("sound")
            SoundFile.write(
                tone.flatMap { [Int16](repeating: $0, count: channels) },
                as: kind,
                rate: rate,
                channels: channels,
                to: path
            )
            let source = try self.open(path)
            let progress = await source.completed()
            let expected = (Double(frames) * 16_000 / Double(rate)).rounded()
            #expect(progress.available.frames == Int64(expected), "\(rate) Hz")
            #expect(source.totalFrames == Int64(expected), "\(rate) Hz")
            #expect(abs(self.level(try source.allSamples()) - self.level(tone)) < 0.1, "\(rate) Hz")
        }
    }

    @Test("A lossless file that was cut off gives what is there, and says so")
    func cutFLAC() async throws {
        let samples = Signal.indexed(0..<100_000)
        let whole = self.folder.path("whole.flac")
        SoundFile.write(samples, as: .flac, to: whole)
        let bytes = self.folder.read("whole.flac")
        let source = try self.open(bytes: Array(bytes[..<(bytes.count / 2)]), as: "cut.flac")
        let progress = await source.completed()
        let decoded = try source.allSamples()
        #expect(progress.failure == nil)
        #expect((40_000..<55_000).contains(decoded.count))
        #expect(decoded == Array(samples[..<decoded.count]))
        #expect(
            source.warnings == [
                AudioWarning(.truncated(missing: Int64(100_000 - decoded.count)), path: self.folder.path("cut.flac"))
            ]
        )
    }

    @Test("Damage in the middle of a file becomes silence, and everything around it stays in its place")
    func damagedFLAC() async throws {
        let samples = Signal.indexed(0..<100_000)
        SoundFile.write(samples, as: .flac, to: self.folder.path("whole.flac"))
        var bytes = self.folder.read("whole.flac")
        for index in 0..<20 { bytes[bytes.count / 2 + index] ^= 0x5A }
        let source = try self.open(bytes: bytes, as: "damaged.flac")
        let progress = await source.completed()
        #expect(progress == SourceProgress(available: SamplePosition(frames: 100_000), isComplete: true))
        #expect(source.warnings.map(\.kind) == [.damaged])
        let wrong = zip(samples, try source.allSamples()).enumerated().filter { $0.element.0 != $0.element.1 }
        #expect((1...8_192).contains(wrong.count))
        #expect(wrong.allSatisfy { $0.element.1 == 0 && (40_000..<60_000).contains($0.offset) })
    }

    @Test("The MP3 decoder is told to be quiet, also about a file that is cut off")
    func quietMP3() async throws {
        let before = steno_quiet_decoders()
        SoundFile.write(Signal.voice(frames: 100_000), as: .mp3, to: self.folder.path("whole.mp3"))
        let bytes = self.folder.read("whole.mp3")
        let source = try self.open(bytes: Array(bytes[..<(bytes.count / 2)]), as: "cut.mp3")
        let progress = await source.completed()
        #expect(progress.failure == nil)
        #expect((40_000..<60_000).contains(progress.available.frames))
        #expect(source.warnings.count == 1)
        #expect(steno_quiet_decoders() > before)
    }

    @Test("What is not there, or may not be opened, is told apart from what is no audio")
    func notFound() {
        let missing = self.folder.path("none.wav")
        #expect(throws: AudioError(.missing, path: missing, cause: "open: 2")) { try self.open(missing) }
        #expect(throws: AudioError(.folder, path: self.folder.path)) { try self.open(self.folder.path) }
        let inFile = self.folder.write([1], to: "file") + "/a.wav"
        #expect(throws: AudioError(.missing, path: inFile, cause: "open: 20")) { try self.open(inFile) }
    }

    @Test("Files that are no audio are refused before anything is made of them")
    func notAudio() {
        var random = SplitMix64(seed: 1)
        let noise = (0..<4_096).map { _ in UInt8.random(in: 0...0x7F, using: &random) }
        for (reason, bytes) in [
            (.empty, []),
            (.unknownKind, [0]),
            (.unknownKind, noise),
            (.unknownKind, [UInt8](repeating: 0, count: 10_000)),
            (.unknownKind, Array("Dear reader,\nthis is a letter and no recording.\n".utf8)),
            (.cutInHeader, Array("RIFF".utf8)),
            (.cutInHeader, Array(WAVFixture(Signal.indexed(0..<100)).bytes[..<30])),
            (.noFrames, WAVFixture([]).bytes),
            (.noFrames, WAVFixture([]).with { $0.chunksAfterData = [.init("LIST", [1, 2, 3, 4])] }.bytes),
            (.impossibleFormat(rate: 16_000, channels: 0), WAVFixture([1]).with { $0.channels = 0 }.bytes),
            (.impossibleFormat(rate: 0, channels: 1), WAVFixture([1]).with { $0.rate = 0 }.bytes),
            (.impossibleFormat(rate: 999, channels: 1), WAVFixture([1]).with { $0.rate = 999 }.bytes),
            (.impossibleFormat(rate: 4_294_967_295, channels: 1), WAVFixture([1]).with { $0.rate = .max }.bytes),
            (.impossibleFormat(rate: 16_000, channels: 65), WAVFixture([1]).with { $0.channels = 65 }.bytes),
        ] as [(AudioError.Reason, [UInt8])] {
            let path = self.folder.write(bytes, to: "bad.wav")
            let error = #expect(throws: AudioError.self) { try self.open(path) }
            #expect(error?.reason == reason)
            #expect(error?.code == .notAudio)
            #expect(error?.path == path)
        }
    }

    @Test("Nothing stays in the spool folder, and it is private")
    func spoolFolder() async throws {
        SoundFile.write(Signal.indexed(0..<1_000), as: .flac, to: self.folder.path("a.flac"))
        let source = try AudioFile.open(self.folder.path("a.flac"), spoolFolder: self.folder.path("deep/er/spool"))
        #expect(self.folder.names == ["a.flac", "deep"])
        #expect(TemporaryFolder.names(in: self.folder.path("deep/er/spool")) == [])
        #expect(TemporaryFolder.permissions(of: self.folder.path("deep/er/spool")) == 0o700)
        _ = await source.completed()
    }

    @Test("A spool that cannot be made is an error that names its folder")
    func noSpool() {
        SoundFile.write(Signal.indexed(0..<1_000), as: .flac, to: self.folder.path("a.flac"))
        let error = #expect(throws: AudioError.self) {
            try AudioFile.open(self.folder.path("a.flac"), spoolFolder: self.folder.path("a.flac"))
        }
        #expect(error?.reason == .storage(folder: self.folder.path("a.flac")))
        #expect(error?.code == .storageRefused)
    }

    private func level(_ samples: [Int16]) -> Double {
        var meter = LevelMeter()
        samples.withUnsafeBufferPointer { meter.accept($0) }
        return meter.rms
    }
}
