import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("Upload writer")
struct UploadWriterTests {
    private let folder = TemporaryFolder()

    private static func part(_ range: Range<Int64>, _ format: UploadPlan.Format) -> UploadPlan.Part {
        UploadPlan.Part(span: AudioSpan(range), number: 1, count: 1, format: format)
    }

    @Test("WAV and FLAC hold the very samples of their part", arguments: [UploadPlan.Format.wav, .flac])
    func exact(format: UploadPlan.Format) async throws {
        let path = self.folder.path("a")
        let source = ScriptedSource(Signal.indexed(0..<50_000))
        try UploadWriter.write(source, Self.part(10_000..<30_000, format), to: path)
        let file = try AudioFile.open(path, spoolFolder: self.folder.path("spool"))
        _ = await file.completed()
        #expect(try file.allSamples() == Signal.indexed(10_000..<30_000))
        #expect(TemporaryFolder.permissions(of: path) == 0o600)
    }

    @Test("MP3 has 48 kbit/s, the length of its part and its sound, and only the user may read it")
    func mp3() async throws {
        let path = self.folder.path("a.mp3")
        let voice = Signal.voice(frames: 60 * 16_000)
        try UploadWriter.write(ScriptedSource(voice), Self.part(0..<(50 * 16_000), .mp3), to: path)
        let size = self.folder.read("a.mp3").count
        #expect((50 * 6_000...50 * 6_000 + 4_096).contains(size), "\(size) bytes")
        #expect(TemporaryFolder.permissions(of: path) == 0o600)
        let file = try AudioFile.open(path, spoolFolder: self.folder.path("spool"))
        #expect(await file.completed().failure == nil)
        let samples = try file.allSamples()
        #expect(abs(samples.count - 50 * 16_000) < 2_400)
        func power(_ samples: ArraySlice<Int16>) -> Double { samples.reduce(0) { $0 + Double($1) * Double($1) } }
        let ratio = power(samples.prefix(160_000)) / power(voice.prefix(160_000))
        #expect((0.5...2).contains(ratio), "\(ratio)")
    }

    @Test("The plan's bound of a file's size holds", arguments: [UploadPlan.Format.mp3, .flac])
    func bound(format: UploadPlan.Format) throws {
        var random = SplitMix64(seed: 7)
        // Noise is what FLAC cannot make smaller.
        let noise = (0..<640_000).map { _ in Int16.random(in: .min ... .max, using: &random) }
        let limits = UploadPlan.Limits(bytes: 200_000, longest: .seconds(30))
        let larger = UploadPlan.Limits(bytes: 900_000, longest: .seconds(30))
        for limits in [limits, larger] {
            let end = SamplePosition(frames: Int64(noise.count))
            guard let plan = try? UploadPlan(end: end, format: format, splits: true, limits: limits, speech: { [] })
            else { continue }
            for part in plan.parts {
                let path = self.folder.path("b")
                try UploadWriter.write(ScriptedSource(noise), part, to: path)
                #expect(self.folder.read("b").count <= Int(limits.bytes), "\(format) \(part.span)")
            }
        }
    }

    @Test("A recording that became shorter, and a folder that is not there, are errors that leave nothing behind")
    func refused() {
        for format in UploadPlan.Format.allCases {
            #expect(throws: AudioError.self) {
                try UploadWriter.write(ScriptedSource([1]), Self.part(0..<1, format), to: self.folder.path("no/c"))
            }
            #expect(throws: AudioError.self) {
                try UploadWriter.write(ScriptedSource([1]), Self.part(0..<2, format), to: self.folder.path("short"))
            }
        }
        #expect(self.folder.names == [])
    }

    @Test("A recording is heard through for where somebody speaks")
    func scan() throws {
        let samples = Signal.silence(frames: 48_000) + Signal.voice(frames: 32_000) + Signal.silence(frames: 48_000)
        let spans = try SpeechScan.speech(in: ScriptedSource(samples))
        #expect(!spans.isEmpty)
        #expect(spans.allSatisfy { $0.start.frames >= 44_000 && $0.end.frames <= 90_000 }, "\(spans)")
    }
}
