import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Gaps in a recording")
struct RecordingGapTests {
    private let fixture = RecordingFixture()

    @Test("A gap is zeros in its place, is told with its cause, and what is around it stays whole")
    func gap() throws {
        let lengths: [Int64] = [1, 500, 3_000, 4_000, 100_000, 3 * 3_600 * 16_000]
        for (index, frames) in lengths.enumerated() {
            let writer = try self.fixture.writer("gap-\(index)")
            let gap = AudioGap(1_000..<1_000 + frames, .overrun)
            try writer.appendIndexed(0..<1_000)
            try writer.missed(gap)
            try writer.appendIndexed(gap.span.end.frames..<gap.span.end.frames + 9_000)
            try writer.conclude(isComplete: true)

            let reader = try RecordingReader(writer.place)
            #expect(reader.info.gaps == [gap])
            #expect(reader.info.end == gap.span.end + 9_000)
            let around =
                try writer.samples(900..<1_000) + writer.samples(gap.span.end.frames..<gap.span.end.frames + 9_000)
            #expect(
                around == Signal.indexed(900..<1_000)
                    + Signal.indexed(gap.span.end.frames..<gap.span.end.frames + 9_000)
            )
            let inside = try writer.samples(1_000..<min(1_000 + frames, 21_000))
            #expect(inside.allSatisfy { $0 == 0 } && inside.count == Int(min(frames, 20_000)))
            #expect(try RecordingVerification(writer.place).isSound)
        }
    }

    @Test("A pause that is told in pieces is one gap, and is durable while it lasts")
    func pieces() throws {
        let writer = try self.fixture.writer()
        try writer.appendIndexed(0..<5_000)
        for piece in 0..<50 {
            try writer.missed(AudioGap(5_000 + Int64(piece) * 320..<5_320 + Int64(piece) * 320, .paused))
        }
        #expect(writer.durable.frames > 21_000 - 4_000)
        try writer.missed(AudioGap(21_000..<21_010, .overrun))
        try writer.conclude(isComplete: true)
        let info = try RecordingReader(writer.place).info
        #expect(info.gaps == [AudioGap(5_000..<21_000, .paused), AudioGap(21_000..<21_010, .overrun)])
        #expect(info.end.frames == 21_010)
    }

    @Test("What is told twice counts once, and a hole that nobody told of is a gap of the disk")
    func repeated() throws {
        let writer = try self.fixture.writer()
        try writer.appendIndexed(0..<6_000)
        try writer.append(Signal.indexed(2_000..<7_000), at: SamplePosition(frames: 2_000))
        try writer.missed(AudioGap(6_500..<7_000, .overrun))
        try writer.append(Signal.indexed(9_000..<9_500), at: SamplePosition(frames: 9_000))
        try writer.missed(AudioGap(9_600..<9_700, .stalled))
        try writer.conclude(isComplete: true)
        let reader = try RecordingReader(writer.place)
        #expect(
            reader.info.gaps == [
                AudioGap(7_000..<9_000, .diskStalled), AudioGap(9_500..<9_600, .diskStalled),
                AudioGap(9_600..<9_700, .stalled),
            ]
        )
        #expect(
            try reader.allSamples() == Signal.indexed(0..<7_000) + Signal.silence(frames: 2_000)
                + Signal.indexed(9_000..<9_500) + Signal.silence(frames: 200)
        )
    }

    /// Cuts, gaps, repeats, other devices and looks in between, in any order, against an array that simply remembers.
    @Test("Whatever order things come in, the recording is what came, and nothing durable ever changes")
    func adversary() throws {
        for seed in UInt64(0)..<8 {
            var random = SplitMix64(seed: seed)
            let writer = try self.fixture.writer("seed-\(seed)")
            var truth: [Int16] = []
            var missing = SpanSet()
            for _ in 0..<60 {
                let start = Int64(truth.count)
                let frames = Int64.random(in: 1...9_000, using: &random)
                switch Int.random(in: 0..<10, using: &random) {
                case 0...6:
                    let back = min(start, Int64.random(in: 0..<3, using: &random) * 700)
                    let again = truth[Int(start - back)...] + Signal.indexed(start..<start + frames)
                    try writer.append(Array(again), at: SamplePosition(frames: start - back))
                    truth += Signal.indexed(start..<start + frames)
                case 7, 8:
                    try writer.missed(AudioGap(start..<start + frames, .overrun))
                    missing.insert(AudioSpan(start..<start + frames))
                    truth += Signal.silence(frames: Int(frames))
                default: try writer.deviceChanged(to: "Other")
                }
                let durable = Int(writer.durable.frames)
                #expect(durable <= truth.count && truth.count - durable <= 4_000, "seed \(seed)")
                let from = Int.random(in: 0...durable, using: &random)
                let read = try writer.samples(Int64(from)..<Int64(min(durable, from + 2_000)))
                #expect(read == Array(truth[from..<min(durable, from + 2_000)]), "seed \(seed)")
            }
            try writer.conclude(isComplete: true)
            let reader = try RecordingReader(writer.place)
            #expect(try reader.allSamples() == truth, "seed \(seed)")
            #expect(SpanSet(reader.info.gaps.map(\.span)) == missing, "seed \(seed)")
            #expect(try RecordingVerification(writer.place).isSound, "seed \(seed)")
        }
    }
}
