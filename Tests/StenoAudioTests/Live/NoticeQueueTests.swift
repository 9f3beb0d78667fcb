import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("Notice queue")
struct NoticeQueueTests {
    private static let level = CaptureNotice.level(
        LevelReading(start: .zero, frames: 1_600, peak: 9, squares: 9, sum: 9, clippedFrames: 0, trailingZeros: 0)
    )

    private static func gap(_ frames: Range<Int64>, _ cause: AudioGap.Cause = .overrun) -> CaptureNotice {
        let span = AudioSpan(frames)
        return .gap(start: span.start, frames: span.frames, cause: cause)
    }

    private static func all(_ reader: inout NoticeQueue.Reader) -> [CaptureNotice] {
        var notices: [CaptureNotice] = []
        while let notice = reader.next() { notices.append(notice) }
        return notices
    }

    @Test("What goes in comes out, in order")
    func order() {
        let queue = NoticeQueue()
        var writer = queue.makeWriter()
        var reader = queue.makeReader()
        #expect(reader.next() == nil)
        let notices = [.running, Self.level, Self.gap(5..<9), .paused(.zero), .resumed(.zero), .waiting(.busy)]
        for notice in notices { #expect(writer.put(notice) == true) }
        #expect(Self.all(&reader) == notices)
        #expect(reader.next() == nil)
    }

    @Test("Without a reader levels are dropped first, then states, and gaps never")
    func dropsTheLeastFirst() {
        let queue = NoticeQueue(capacity: 8)
        var writer = queue.makeWriter()
        var reader = queue.makeReader()
        for _ in 0..<20 { writer.put(Self.level) }
        for _ in 0..<20 { writer.put(.running) }
        for gap in Int64(0)..<3 { writer.put(Self.gap(gap * 10..<gap * 10 + 5)) }
        #expect(writer.hasGapAside == true)
        #expect(
            Self.all(&reader) == [Self.level, Self.level, Self.level, Self.level, .running, .running]
                + [Self.gap(0..<5), Self.gap(10..<15)]
        )
        #expect(writer.put(.running) == true, "there is room again, and the gap goes first")
        #expect(Self.all(&reader) == [Self.gap(20..<25), .running])
        #expect(writer.hasGapAside == false)
    }

    @Test("Gaps that find no room become one that covers them all, and the longest word on one counts")
    func merges() {
        let queue = NoticeQueue(capacity: 4)
        var writer = queue.makeWriter()
        var reader = queue.makeReader()
        for gap in Int64(0)..<4 { writer.put(Self.gap(gap..<gap + 1)) }
        writer.put(Self.gap(10..<12, .paused))
        writer.put(Self.gap(10..<20, .paused))
        writer.put(Self.gap(30..<35, .overrun))
        #expect(writer.put(.running) == false)
        #expect(Self.all(&reader).count == 4)
        writer.flush()
        #expect(Self.all(&reader) == [Self.gap(10..<35, .paused)])
    }

    @Test("What was kept aside at the end comes out last, once")
    func finish() {
        let queue = NoticeQueue(capacity: 4)
        var writer = queue.makeWriter()
        var reader = queue.makeReader()
        for gap in Int64(0)..<6 { writer.put(Self.gap(gap * 10..<gap * 10 + 5)) }
        writer.finish()
        writer.finish()
        #expect(Self.all(&reader).last == Self.gap(40..<55))
        #expect(reader.next() == nil)
    }

    /// Run with `--sanitize=thread` it also proves the orderings.
    @Test("Between two threads no gap is lost, however slow the reader")
    func twoThreads() async {
        for seed in UInt64(1)...4 {
            let queue = NoticeQueue(capacity: 4)
            TestThread.run {
                var writer = queue.makeWriter()
                var random = SplitMix64(seed: seed)
                for gap in Int64(0)..<20_000 {
                    writer.put(Self.gap(gap * 10..<gap * 10 + 10))
                    if Int.random(in: 0..<3, using: &random) == 0 { writer.put(Self.level) }
                }
                writer.finish()
            }
            let covered = await withCheckedContinuation { continuation in
                TestThread.run {
                    var reader = queue.makeReader()
                    var covered = SpanSet()
                    while covered.end != SamplePosition(frames: 200_000) {
                        guard case .gap(let start, let frames, _)? = reader.next() else {
                            sched_yield()
                            continue
                        }
                        covered.insert(AudioSpan(start: start, end: start + frames))
                    }
                    continuation.resume(returning: covered.spans)
                }
            }
            #expect(covered == [AudioSpan(0..<200_000)], "seed \(seed)")
        }
    }
}
