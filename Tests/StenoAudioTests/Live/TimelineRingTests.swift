import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Synchronization
import Testing

@Suite("Timeline ring")
struct TimelineRingTests {
    @Test("Samples keep their places on the timeline across holes")
    func holes() {
        let ring = TimelineRing(holding: 4_096)
        var writer = ring.makeWriter()
        let reader = ring.makeReader()
        #expect(reader.stretch(from: .zero) == nil)
        #expect(writer.write(0..<480) == 480)
        #expect(writer.write(900..<1_300) == 400)
        #expect(writer.write(1_300..<1_310) == 10)
        #expect(writer.write(2_000..<2_001) == 1)

        #expect(reader.stretch(from: .zero) == AudioSpan(0..<480))
        #expect(reader.stretch(from: .init(frames: 100)) == AudioSpan(100..<480))
        #expect(reader.stretch(from: .init(frames: 480)) == AudioSpan(900..<1_310))
        #expect(reader.stretch(from: .init(frames: 899)) == AudioSpan(900..<1_310))
        #expect(reader.stretch(from: .init(frames: 1_310)) == AudioSpan(2_000..<2_001))
        #expect(reader.stretch(from: .init(frames: 2_001)) == nil)
        #expect(reader.samples(at: 470, count: 100) == Signal.indexed(470..<480))
        #expect(reader.samples(at: 480, count: 100) == [])
        #expect(reader.samples(at: 1_000, count: 500) == Signal.indexed(1_000..<1_310))
    }

    @Test("A timeline may begin with a hole")
    func beginsLate() {
        let ring = TimelineRing(holding: 64)
        var writer = ring.makeWriter()
        let reader = ring.makeReader()
        #expect(writer.write(1_000..<1_010) == 10)
        #expect(reader.stretch(from: .zero) == AudioSpan(1_000..<1_010))
        #expect(reader.samples(at: 0, count: 10) == [])
        #expect(reader.samples(at: 1_000, count: 20) == Signal.indexed(1_000..<1_010))
    }

    @Test("What does not fit is dropped from the back, and what fits later is in its place")
    func full() {
        let ring = TimelineRing(holding: 64)
        var writer = ring.makeWriter()
        var reader = ring.makeReader()
        #expect(writer.write(0..<60) == 60)
        #expect(writer.write(60..<80) == 4)
        #expect(writer.write(80..<100) == 0)
        reader.release(before: .init(frames: 50))
        #expect(writer.write(100..<120) == 20)
        #expect(reader.stretch(from: .zero) == AudioSpan(50..<64))
        #expect(reader.stretch(from: .init(frames: 64)) == AudioSpan(100..<120))
        #expect(reader.samples(at: 100, count: 99) == Signal.indexed(100..<120))
    }

    @Test("With too many holes audio is dropped, until the reader lets go of one")
    func marksFull() {
        let ring = TimelineRing(holding: 1_024, marks: 4)
        var writer = ring.makeWriter()
        var reader = ring.makeReader()
        for hole in Int64(1)...4 { #expect(writer.write(hole * 100..<hole * 100 + 10) == 10) }
        #expect(writer.write(500..<510) == 0)
        #expect(writer.write(410..<412) == 2, "it follows on, and needs no mark")
        reader.release(before: .init(frames: 105))
        #expect(writer.write(600..<610) == 10)
        #expect(writer.write(700..<710) == 0)
        #expect(reader.stretch(from: .zero) == AudioSpan(105..<110))
        #expect(reader.stretch(from: .init(frames: 405)) == AudioSpan(405..<412))
        #expect(reader.stretch(from: .init(frames: 412)) == AudioSpan(600..<610))
    }

    @Test("What was read can be read again until it is released, also around the end of the memory")
    func readAgain() {
        let ring = TimelineRing(holding: 300)
        var writer = ring.makeWriter()
        var reader = ring.makeReader()
        var position: Int64 = 0
        for round in Int64(0)..<50 {
            #expect(writer.write(position..<position + 100) == 100)
            #expect(reader.samples(at: position, count: 100) == Signal.indexed(position..<position + 100))
            let kept = max(0, position - 90)
            reader.release(before: .init(frames: kept))
            #expect(reader.stretch(from: .zero)?.start.frames == (round == 0 ? 0 : kept))
            #expect(reader.samples(at: kept, count: 50) == Signal.indexed(kept..<kept + 50))
            position += 100
        }
        reader.release(before: .init(frames: position + 1_000))
        #expect(reader.stretch(from: .zero) == nil)
        #expect(writer.write(position + 7..<position + 9) == 2)
        #expect(reader.stretch(from: .zero) == AudioSpan(position + 7..<position + 9))
    }

    /// Everything two threads can do to a ring, one after the other, against a list of positions.
    @Test("It does what a list of positions does, within its bounds")
    func adversary() {
        for seed in UInt64(0)..<60 {
            var random = SplitMix64(seed: seed)
            let ring = TimelineRing(holding: 256, marks: 4)
            var writer = ring.makeWriter()
            var reader = ring.makeReader()
            var model = NaiveRing(capacity: 256, marks: 4)
            for step in 0..<200 {
                let position = model.end + (Int.random(in: 0..<4, using: &random) == 0 ? 37 : 0)
                let count = Int64.random(in: 0...90, using: &random)
                let written = writer.write(position..<position + count)
                let expected = model.write(count, at: position)
                let asked = Int64.random(in: max(0, model.end - 400)...model.end + 10, using: &random)
                let stretch = model.stretch(from: asked)
                let samples = reader.samples(at: asked, count: 70)
                let fits = stretch.map { $0.lowerBound == asked ? Signal.indexed($0.prefix(70)) : [] } ?? []
                let isRight =
                    written == expected && samples == fits
                    && reader.stretch(from: .init(frames: asked)) == stretch.map { AudioSpan($0) }
                #expect(isRight, "seed \(seed), step \(step)")
                guard isRight else { return }
                if Int.random(in: 0..<3, using: &random) == 0 {
                    reader.release(before: .init(frames: asked))
                    model.release(before: asked)
                }
            }
        }
    }

    /// Run with `--sanitize=thread` it also proves the orderings.
    @Test("Two threads never lose, tear or misplace a sample that went in")
    func twoThreads() async {
        for seed in UInt64(1)...4 {
            let ring = TimelineRing(holding: 1 << (5 + seed), marks: 8)
            let read = await withCheckedContinuation { continuation in
                let isDone = SharedCount()
                Self.produce(into: ring, seed: seed, done: isDone)
                Self.consume(from: ring, seed: seed, done: isDone) { continuation.resume(returning: $0) }
            }
            #expect(read.isRight && read.frames == read.written, "seed \(seed)")
        }
    }

    private struct Reading: Sendable {
        var frames: Int64 = 0
        var written: Int64 = 0
        var isRight = true
    }

    private final class SharedCount: Sendable {
        /// -1 until the writer has ended; then how many samples went in.
        let count = Atomic<Int64>(-1)
    }

    private static func produce(into ring: TimelineRing, seed: UInt64, done: SharedCount) {
        TestThread.run {
            var writer = ring.makeWriter()
            var random = SplitMix64(seed: seed)
            var (position, kept) = (Int64(0), Int64(0))
            while position < 200_000 {
                if Int.random(in: 0..<8, using: &random) == 0 { position += Int64.random(in: 1...99, using: &random) }
                let count = Int64.random(in: 1...40, using: &random)
                let written = writer.write(position..<position + count)
                kept += Int64(written)
                position += count
                // The other thread may need this core to make room.
                if written == 0 { sched_yield() }
            }
            done.count.store(kept, ordering: .releasing)
        }
    }

    private static func consume(
        from ring: TimelineRing,
        seed: UInt64,
        done: SharedCount,
        _ report: @escaping @Sendable (Reading) -> Void
    ) {
        TestThread.run {
            var reader = ring.makeReader()
            var random = SplitMix64(seed: seed &+ 100)
            var reading = Reading()
            var position = SamplePosition.zero
            while reading.isRight {
                let written = done.count.load(ordering: .acquiring)
                guard let stretch = reader.stretch(from: position) else {
                    reading.written = written
                    if written >= 0 { break }
                    sched_yield()
                    continue
                }
                let samples = reader.samples(at: stretch.start.frames, count: Int.random(in: 1...64, using: &random))
                let end = stretch.start + Int64(samples.count)
                reading.isRight = samples == Signal.indexed(AudioSpan(start: stretch.start, end: end))
                reading.frames += Int64(samples.count)
                position = end
                if Int.random(in: 0..<2, using: &random) == 0 { reader.release(before: position - 8) }
            }
            report(reading)
        }
    }
}

extension TimelineRing.Writer {
    fileprivate mutating func write(_ frames: Range<Int64>) -> Int {
        Signal.indexed(frames).withUnsafeBufferPointer {
            self.write($0, at: SamplePosition(frames: frames.lowerBound))
        }
    }
}

extension TimelineRing.Reader {
    fileprivate func samples(at frame: Int64, count: Int) -> [Int16] {
        [Int16](unsafeUninitializedCapacity: count) { buffer, initialized in
            let room = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            initialized = self.copy(at: SamplePosition(frames: frame), into: room)
        }
    }
}

/// The position of every sample that went in, by its index.
private struct NaiveRing {
    let capacity: Int
    let marks: Int
    private var positions: [Int64] = []
    private var jumps: [Int] = []
    private var released = 0
    /// Where the timeline is.
    private(set) var end: Int64 = 0

    init(capacity: Int, marks: Int) {
        self.capacity = capacity
        self.marks = marks
    }

    mutating func write(_ count: Int64, at position: Int64) -> Int {
        self.end = position + count
        let room = self.capacity - (self.positions.count - self.released)
        guard count > 0, room > 0 else { return 0 }
        if position != (self.positions.last ?? -1) + 1 {
            guard self.jumps.count < self.marks else { return 0 }
            self.jumps.append(self.positions.count)
        }
        let kept = min(Int(count), room)
        self.positions += position..<position + Int64(kept)
        return kept
    }

    func stretch(from position: Int64) -> Range<Int64>? {
        guard let first = self.positions[self.released...].firstIndex(where: { $0 >= position }) else { return nil }
        var last = first
        while last + 1 < self.positions.count, self.positions[last + 1] == self.positions[last] + 1 { last += 1 }
        return self.positions[first]..<self.positions[last] + 1
    }

    mutating func release(before position: Int64) {
        while self.released < self.positions.count, self.positions[self.released] < position { self.released += 1 }
        self.jumps.removeAll { $0 <= self.released }
    }
}

extension Range<Int64> {
    fileprivate func prefix(_ count: Int64) -> Range<Int64> {
        self.lowerBound..<Swift.min(self.upperBound, self.lowerBound + count)
    }
}
