import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("Microphone monitor on recorded speech")
struct MicrophoneSpeechTests {
    private static let root = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()

    private static func samples(_ sample: String) throws -> [Int16] {
        let source = try AudioFile.open(
            "\(Self.root)/samples/audio/\(sample)",
            spoolFolder: TemporaryFolder().path("spool")
        )
        return try source.allSamples()
    }

    /// What is said of `samples` as a microphone would deliver them, and for how much of the time it is speech.
    private static func judge(_ samples: [Int16]) -> (changes: [MicrophoneChange], speech: Double) {
        var monitor = MicrophoneMonitor()
        var changes: [MicrophoneChange] = []
        var spoken = 0
        for start in stride(from: 0, to: samples.count, by: 1_600) {
            let piece = samples[start..<min(start + 1_600, samples.count)]
            let reading = LevelReading(piece, at: SamplePosition(frames: Int64(start)))
            if let change = monitor.received(.level(reading), now: .zero) { changes.append(change) }
            if monitor.condition == .speech { spoken += piece.count }
        }
        return (changes, Double(spoken) / Double(samples.count))
    }

    @Test(
        "Speech is heard as speech for most of the time, and never called a fault, at any usable gain",
        arguments: ["librivox.wav", "short.wav"],
        [1.0, 0.1]
    )
    func speech(sample: String, gain: Double) throws {
        let samples = try Self.samples(sample).map { Int16(Double($0) * gain) }
        let (changes, speech) = Self.judge(samples)
        #expect(changes.allSatisfy { $0.alert == .none }, "\(changes)")
        #expect(speech > 0.6)
    }

    @Test("Speech that is 45 dB too quiet is called too quiet")
    func tooQuiet() throws {
        let samples = try Self.samples("librivox.wav").map { Int16(Double($0) * 0.005) }
        let (changes, _) = Self.judge(samples + samples)
        #expect(changes.contains { $0.condition == .tooQuiet })
    }

    @Test("Speech that is 30 dB too loud is called distorted")
    func tooLoud() throws {
        let (changes, _) = Self.judge(try Self.samples("librivox.wav").map { Int16(clamping: Int($0) * 32) })
        #expect(changes.contains { $0.condition == .clipping })
    }
}

extension LevelReading {
    fileprivate init(_ samples: ArraySlice<Int16>, at start: SamplePosition) {
        self.init(
            start: start,
            frames: Int64(samples.count),
            peak: samples.map { Int($0.magnitude) }.max() ?? 0,
            squares: samples.reduce(0) { $0 + Double($1) * Double($1) },
            sum: samples.reduce(0) { $0 + Double($1) },
            clippedFrames: Int64(samples.filter { $0 == .max || $0 == .min }.count),
            trailingZeros: Int64(samples.reversed().prefix { $0 == 0 }.count)
        )
    }
}
