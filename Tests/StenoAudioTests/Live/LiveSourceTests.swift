import StenoCore
import StenoTesting
import Synchronization
import Testing

@testable import StenoAudio

@Suite("Live source")
struct LiveSourceTests {
    /// A source with its recording, whose rings hold `ringFrames`, and everything it said.
    private final class Live: Sendable {
        let recording = ScriptedRecording()
        let source: LiveSource

        init(ringFrames: Int = SampleRing.minimumFrames) throws {
            let notices = Notices()
            self.source = try LiveSource(recording: self.recording, ringFrames: ringFrames) { notices.put($0) }
            self.told = notices
        }

        private let told: Notices

        var gapsTold: [AudioGap] { self.told.all.compactMap(\.gap) }
        var troubles: [CaptureNotice] { self.told.all.filter { $0.gap == nil } }
    }

    private final class Notices: Sendable {
        private let notices = Locked<[CaptureNotice]>([])

        func put(_ notice: CaptureNotice) { self.notices.withLock { $0.append(notice) } }
        var all: [CaptureNotice] { self.notices.withLock { $0 } }
    }

    @Test("What is captured can be read by position, in order, and is recorded in rows of 250 ms")
    func everything() async throws {
        let live = try Live()
        var writer = live.source.makeWriter()
        writer.appendIndexed(10_000)
        let progress = await live.source.progressed { $0.available.frames >= 9_600 }
        #expect(!progress.isComplete && live.source.totalFrames == nil)
        #expect(try live.source.samples(at: .zero, count: 9_600) == Signal.indexed(0..<9_600))
        writer.appendIndexed(5)
        writer.finish()
        writer.appendIndexed(0)

        let end = await live.source.completed()
        #expect(end == SourceProgress(available: .init(frames: 10_005), isComplete: true))
        #expect(try live.source.allSamples() == Signal.indexed(0..<10_005))
        #expect(await live.source.recorded().isWhole)
        #expect(live.recording.samples == Signal.indexed(0..<10_005))
        #expect(
            live.recording.calls == [
                .append(AudioSpan(0..<4_000)), .append(AudioSpan(4_000..<8_000)), .append(AudioSpan(8_000..<10_005)),
                .finish,
            ]
        )
        for frame in [-1, 10_005, .max, .min] as [Int64] {
            #expect(try live.source.samples(at: SamplePosition(frames: frame), count: 10) == [])
        }
    }

    @Test("A gap is zeros with a place and a cause, one however often it grew, for the session and the recording")
    func gaps() async throws {
        let live = try Live()
        var writer = live.source.makeWriter()
        writer.appendIndexed(5_000)
        for _ in 0..<10 { writer.skip(300, cause: .paused) }
        writer.skip(1_000, cause: .deviceGone)
        writer.skip(0, cause: .overrun)
        writer.skip(-5, cause: .overrun)
        writer.appendIndexed(1_000)
        writer.skip(77, cause: .overrun)
        writer.finish()
        writer.skip(1_000, cause: .stalled)

        let gaps = [
            AudioGap(AudioSpan(5_000..<8_000), cause: .paused), AudioGap(AudioSpan(8_000..<9_000), cause: .deviceGone),
            AudioGap(AudioSpan(10_000..<10_077), cause: .overrun),
        ]
        #expect(await live.source.completed().available.frames == 10_077)
        #expect(await live.source.recorded().isWhole)
        #expect(live.source.gaps == gaps)
        #expect(live.recording.gaps == gaps)
        let timeline =
            Signal.indexed(0..<5_000) + Signal.silence(frames: 4_000) + Signal.indexed(9_000..<10_000)
            + Signal.silence(frames: 77)
        #expect(try live.source.allSamples(block: 700) == timeline)
        #expect(live.recording.samples == timeline)
        #expect(Set(live.gapsTold.map(\.span.start)) == Set(gaps.map(\.span.start)))
        #expect(live.gapsTold.last { $0.cause == .paused } == gaps[0])
    }

    @Test("A gap of any length traps nobody")
    func endlessGap() async throws {
        let folder = TemporaryFolder()
        let source = try LiveSource(recording: SpoolRecording(folder: folder.path)) { _ in }
        var writer = source.makeWriter()
        writer.skip(.max, cause: .suspended)
        writer.skip(.max, cause: .stalled)
        writer.appendIndexed(0)
        writer.finish()
        let end = await source.completed().available
        #expect(end.frames == .max / 8)
        #expect(try source.samples(at: end - 3, count: 10) == [0, 0, 0])
        #expect(await source.recorded().isWhole)
    }

    @Test("A session that comes late reads from the recording what memory could not hold, every sample once")
    func lateSession() async throws {
        let live = try Live(ringFrames: 8_192)
        var writer = live.source.makeWriter()
        for second in Int64(1)...6 {
            writer.appendIndexed(4_000)
            // The recorder keeps up, as with any disk that works.
            await Self.until { Int64(live.recording.samples.count) == second * 4_000 }
        }
        writer.finish()
        #expect(await live.source.recorded().isWhole)
        _ = await live.source.completed()
        #expect(try live.source.allSamples(block: 1_600) == Signal.indexed(0..<24_000))
        #expect(try live.source.samples(at: .init(frames: 100), count: 3_000) == Signal.indexed(100..<3_100))
        #expect(live.source.gaps == [])
    }

    @Test("A disk that stalls for longer than memory lasts leaves one measured gap, and the session loses nothing")
    func stalledDisk() async throws {
        let live = try Live(ringFrames: 8_192)
        live.recording.hold()
        var writer = live.source.makeWriter()
        var heard: [Int16] = []
        for _ in 0..<10 {
            writer.appendIndexed(1_600)
            let end = writer.position
            _ = await live.source.progressed { $0.available == end }
            heard += try live.source.samples(at: .init(frames: Int64(heard.count)), count: 1_600)
        }
        await live.recording.held()
        #expect(heard == Signal.indexed(0..<16_000))
        live.recording.release()
        writer.appendIndexed(0)
        writer.finish()

        let report = await live.source.recorded()
        #expect(report.gaps == [AudioGap(AudioSpan(8_192..<16_000), cause: .diskStalled)])
        #expect(report.failure == nil && !report.isWhole)
        #expect(live.recording.gaps == report.gaps)
        #expect(live.source.gaps == [], "the session heard it")
        #expect(live.source.warnings.map(\.kind) == [.notRecorded(frames: 7_808)])
        #expect(live.troubles.contains(.recordingFailing(.init(frames: 8_000))))
    }

    @Test("What neither memory nor the disk has is a gap for the session too, told with its cause")
    func lostForBoth() async throws {
        let live = try Live(ringFrames: 8_192)
        live.recording.hold()
        var writer = live.source.makeWriter()
        writer.appendIndexed(20_000)
        await live.recording.held()
        live.recording.release()
        writer.finish()
        _ = await live.source.recorded()
        _ = await live.source.completed()

        let lost = AudioSpan(8_192..<20_000)
        #expect(
            try live.source.allSamples(block: 1_600)
                == Signal.indexed(0..<8_192) + Signal.silence(frames: Int(lost.frames))
        )
        #expect(SpanSet(live.source.gaps.map(\.span)).spans == [lost])
        #expect(live.source.gaps.allSatisfy { $0.cause == .diskStalled })
    }

    @Test("A disk that refuses for a while costs nothing")
    func refusedForAWhile() async throws {
        let live = try Live()
        live.recording.fail(AudioError(.storage(folder: "/x"), path: "microphone"))
        var writer = live.source.makeWriter()
        writer.appendIndexed(8_000)
        await Self.until { live.source.recording.failure != nil }
        live.recording.fail(nil)
        writer.appendIndexed(8_000)
        writer.finish()
        #expect(await live.source.recorded().isWhole)
        #expect(live.recording.samples == Signal.indexed(0..<16_000))
        #expect(live.troubles.map(\.isFailing) == [true, false])
    }

    @Test("A disk that refuses to the end is told, what it lacks is measured, and the session hears everything")
    func refusedToTheEnd() async throws {
        let failure = AudioError(.storage(folder: "/x"), path: "microphone")
        let live = try Live()
        var writer = live.source.makeWriter()
        writer.appendIndexed(4_000)
        await Self.until { live.recording.samples.count == 4_000 }
        live.recording.fail(failure)
        writer.appendIndexed(4_000)
        writer.skip(500, cause: .overrun)
        writer.appendIndexed(500)
        writer.finish()
        let report = await live.source.recorded()
        #expect(report.failure == failure)
        #expect(report.gaps.map(\.span) == [AudioSpan(4_000..<8_000), AudioSpan(8_500..<9_000)])
        _ = await live.source.completed()
        let heard = try live.source.allSamples(block: 1_600)
        #expect(heard == Signal.indexed(0..<8_000) + Signal.silence(frames: 500) + Signal.indexed(8_500..<9_000))
    }

    @Test("A recording that cannot be read is a gap, and no error that would end the session")
    func unreadable() async throws {
        let live = try Live(ringFrames: 4_096)
        var writer = live.source.makeWriter()
        writer.appendIndexed(4_096)
        await Self.until { live.recording.samples.count == 4_000 }
        writer.appendIndexed(2_000)
        writer.finish()
        _ = await live.source.recorded()
        _ = await live.source.completed()
        live.recording.failReading(AudioError(.readFailed, path: "microphone"))
        #expect(try live.source.allSamples() == Signal.indexed(0..<4_096) + Signal.silence(frames: 2_000))
        #expect(live.source.gaps == [AudioGap(AudioSpan(4_096..<6_096), cause: .unreadable)])
    }

    @Test("A writer that is dropped finishes, and a source without a writer lets its threads go")
    func dropped() async throws {
        let live = try Live()
        do {
            var writer = live.source.makeWriter()
            writer.appendIndexed(100)
        }
        #expect(await live.source.completed().available.frames == 100)
        #expect(await live.source.recorded().isWhole)

        let recording = ScriptedRecording()
        do { _ = try LiveSource(recording: recording) { _ in } }
        await Self.until { recording.calls == [.finish] }
    }

    @Test("Notices arrive in order")
    func notices() async throws {
        let live = try Live()
        var writer = live.source.makeWriter()
        let notices: [CaptureNotice] = [.running, .paused(.zero), .resumed(.zero), .waiting(.absent), .running]
        for notice in notices { writer.notify(notice) }
        await Self.until { live.troubles.count == notices.count }
        #expect(live.troubles == notices)
    }

    /// Two real threads, the recorder and the notifier between them, everything that can go wrong.
    @Test("Whatever stalls, every sample read is in its place, or zero in a gap that is told")
    func adversary() async throws {
        for seed in UInt64(1)...6 {
            let live = try Live(ringFrames: 4_096)
            let writer = live.source.makeWriter()
            Self.capture(writer, seed: seed, live.recording)
            var random = SplitMix64(seed: seed &+ 50)
            var timeline: [Int16] = []
            while true {
                let progress = live.source.progress
                if progress.isComplete, timeline.count == Int(progress.available.frames) { break }
                let count = Int.random(in: 1...1_600, using: &random)
                let piece = try live.source.samples(at: .init(frames: Int64(timeline.count)), count: count)
                timeline += piece
                let past = max(0, timeline.count - Int.random(in: 1...9_000, using: &random))
                let again = try live.source.samples(at: .init(frames: Int64(past)), count: 100)
                let gaps = SpanSet(live.source.gaps.map(\.span))
                #expect(Self.isRight(again, at: past, gaps), "seed \(seed)")
                if piece.isEmpty { await Task.yield() }
            }
            let report = await live.source.recorded()
            let gaps = SpanSet(live.source.gaps.map(\.span))
            #expect(Self.isRight(timeline, at: 0, gaps), "seed \(seed)")
            let missing = gaps.union(SpanSet(report.gaps.map(\.span)))
            #expect(Self.isRight(live.recording.samples, at: 0, missing), "seed \(seed)")
            #expect(live.recording.samples.count == timeline.count, "seed \(seed)")
        }
    }

    private static func capture(_ writer: consuming sending LiveWriter, seed: UInt64, _ recording: ScriptedRecording) {
        let box = Mutex<LiveWriter?>(writer)
        TestThread.run {
            guard var writer = box.withLock({ $0.take() }) else { return }
            var random = SplitMix64(seed: seed)
            for _ in 0..<600 {
                switch Int.random(in: 0..<40, using: &random) {
                case 0: recording.hold()
                case 1...3: recording.release()
                case 4: recording.fail(AudioError(.readFailed, path: "x"))
                case 5...7: recording.fail(nil)
                case 8...9: writer.skip(Int64.random(in: 1...900, using: &random), cause: .overrun)
                case 10: writer.skip(Int64.random(in: 1...900, using: &random), cause: .paused)
                default: writer.appendIndexed(Int64.random(in: 1...400, using: &random))
                }
            }
            recording.fail(nil)
            recording.release()
        }
    }

    private static func isRight(_ samples: [Int16], at start: Int, _ gaps: SpanSet) -> Bool {
        samples.enumerated().allSatisfy { index, sample in
            let frame = Int64(start + index)
            if sample == Signal.indexedSample(frame) { return true }
            return sample == 0 && gaps.contains(SamplePosition(frames: frame))
        }
    }

    /// For what has no doorbell of its own.
    private static func until(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }
}

extension CaptureNotice {
    fileprivate var gap: AudioGap? {
        guard case .gap(let start, let frames, let cause) = self else { return nil }
        return AudioGap(AudioSpan(start: start, end: start + frames), cause: cause)
    }

    fileprivate var isFailing: Bool {
        if case .recordingFailing = self { true } else { false }
    }
}
