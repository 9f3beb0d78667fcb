import StenoAudio
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Coverage as it is written")
struct WrittenCoverageTests {
    private let fixture = RecordingFixture()

    @Test("The writer hears what a session would that reads the recording, gaps of any length included")
    func likeASession() throws {
        for (seed, hole) in [Int64(1), 3_000, 100_000, 159_999, 160_001, 400_000].enumerated() {
            let writer = try self.fixture.writer("seed-\(seed)")
            let speech = Signal.mixed(Signal.voice(frames: 60_000), Signal.noise(level: -60, frames: 60_000))
            try writer.append(speech, at: .zero)
            try writer.missed(AudioGap(60_000..<60_000 + hole, .paused))
            try writer.append(speech, at: .init(frames: 60_000 + hole))
            try writer.conclude(isComplete: false)
            var detector = EnergyDetector()
            let samples = try RecordingReader(writer.place).allSamples()
            let spans = samples.withUnsafeBufferPointer { detector.accept($0) } + detector.finish()
            let found = try RecordingInfo(writer.place).memory?.speech
            #expect(found == SpanSet(spans), "hole of \(hole)")
        }
    }

    /// Audio, gaps, words, sessions that lag or run ahead, and a crash at any moment.
    @Test("A crash after any number of operations leaves a recording that verifies and can be gone on with")
    func crashes() throws {
        for seed in UInt64(0)..<12 {
            var random = SplitMix64(seed: seed)
            var writer: RecordingWriter? = try self.fixture.writer("seed-\(seed)")
            let place = try #require(writer?.place)
            var machine = CoverageStateMachine()
            for step in 0..<40 {
                try Self.act(try #require(writer), &machine, using: &random)
                guard Int.random(in: 0..<8, using: &random) == 0 else { continue }
                let promised = writer?.durable ?? .zero
                writer = nil
                let info = try RecordingInfo(place)
                #expect(info.end >= promised, "seed \(seed), step \(step)")
                #expect(info.end == .zero || info.coverage?.total == info.end, "seed \(seed), step \(step)")
                #expect(try RecordingVerification(place).isSound, "seed \(seed), step \(step)")
                if Bool.random(using: &random) { _ = try RecordingLibrary(home: "/nowhere").recover(place) }
                writer = try RecordingWriter(resuming: place)
                machine = CoverageStateMachine(try RecordingReader(place).memory().coverage)
            }
            try writer?.conclude(isComplete: true)
            #expect(try RecordingVerification(place).isSound, "seed \(seed)")
        }
    }

    private static func act(
        _ writer: RecordingWriter,
        _ machine: inout CoverageStateMachine,
        using random: inout SplitMix64
    ) throws {
        let end = writer.end
        let frames = Int64.random(in: 1...9_000, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0...2: try writer.append(Signal.voice(frames: Int(frames)), at: end)
        case 3: try writer.missed(AudioGap(AudioSpan(start: end, end: end + frames), cause: .overrun))
        case 4:
            machine.captured(upTo: end + Int64.random(in: 0...5_000, using: &random))
            let start = SamplePosition(frames: .random(in: 0...end.frames, using: &random))
            machine.sent(AudioSpan(start: start, end: start + frames))
            machine.spoke(AudioSpan(start: start, end: start + frames))
            if Bool.random(using: &random) { machine.confirmed(AudioSpan(start: start, end: start + frames / 2)) }
            writer.keep(.coverage(machine))
        default: try writer.settle()
        }
    }
}
