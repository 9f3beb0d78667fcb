import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Synchronization
import Testing

@Suite("Sample ring")
struct SampleRingTests {
    @Test("It holds a minute at least, in a power of two")
    func capacity() {
        #expect(SampleRing().capacity == 1_048_576)
        #expect(SampleRing(holding: 1).capacity == 2)
        #expect(SampleRing(holding: 1_024).capacity == 1_024)
        #expect(SampleRing(holding: 1_025).capacity == 2_048)
    }

    @Test("What goes in comes out, in order, also around the end of the memory")
    func order() {
        let ring = SampleRing(holding: 1_000)
        var writer = ring.makeWriter()
        var reader = ring.makeReader()
        var position: Int64 = 0
        for round in 0..<50 {
            let samples = Signal.indexed(position..<(position + Int64(round * 7)))
            #expect(Self.write(samples, into: &writer) == samples.count)
            #expect(reader.available == samples.count)
            #expect(Self.readAll(&reader) == samples)
            position += Int64(samples.count)
        }
        #expect(writer.position == Int(position))
        #expect(reader.position == Int(position))
    }

    @Test("A full ring lends nothing and loses nothing")
    func full() {
        let ring = SampleRing(holding: 64)
        var writer = ring.makeWriter()
        var reader = ring.makeReader()
        #expect(Self.write(Signal.indexed(0..<100), into: &writer) == 64)
        #expect(writer.free == 0)
        var lent = -1
        #expect(
            writer.write { loan in
                lent = loan.count
                return 0
            } == 0
        )
        #expect(lent == 0)
        #expect(Self.readAll(&reader) == Signal.indexed(0..<64))
        #expect(writer.free == 64)
    }

    @Test("An empty ring lends nothing")
    func empty() {
        var reader = SampleRing(holding: 64).makeReader()
        #expect(reader.available == 0)
        #expect(reader.read { $0.count } == 0)
    }

    @Test("What is not released is lent again")
    func lentAgain() {
        let ring = SampleRing(holding: 64)
        var writer = ring.makeWriter()
        var reader = ring.makeReader()
        _ = Self.write(Signal.indexed(0..<10), into: &writer)
        #expect(reader.read { _ in 0 } == 0)
        #expect(reader.read { _ in 4 } == 4)
        #expect(Self.readAll(&reader) == Signal.indexed(4..<10))
    }

    @Test("A body that throws changes nothing")
    func throwing() {
        struct Refused: Error {}
        let ring = SampleRing(holding: 64)
        var writer = ring.makeWriter()
        var reader = ring.makeReader()
        _ = Self.write([1, 2], into: &writer)
        #expect(throws: Refused.self) { try writer.write { _ throws(Refused) in throw Refused() } }
        #expect(throws: Refused.self) { try reader.read { _ throws(Refused) in throw Refused() } }
        #expect(Self.readAll(&reader) == [1, 2])
    }

    /// Two real threads with loans of seeded sizes over a small ring, so that it is full and empty again and again. Run
    /// with `--sanitize=thread` it also proves the orderings.
    @Test("Two threads never lose, repeat or tear a sample")
    func twoThreads() async {
        for seed in UInt64(1)...4 {
            let isRight = await withCheckedContinuation { continuation in
                let ring = SampleRing(holding: 1 << (4 + seed))
                Self.produce(100_000, into: ring, seed: seed)
                Self.check(100_000, from: ring, seed: seed) { continuation.resume(returning: $0) }
            }
            #expect(isRight, "seed \(seed)")
        }
    }

    private static func produce(_ frames: Int64, into ring: SampleRing, seed: UInt64) {
        TestThread.run {
            var writer = ring.makeWriter()
            var random = SplitMix64(seed: seed)
            while writer.position < frames {
                let position = Int64(writer.position)
                let written = writer.write { loan in
                    let most = min(loan.count, Int(frames - position))
                    let count = most == 0 ? 0 : Int.random(in: 0...most, using: &random)
                    for index in 0..<count { loan[index] = Signal.indexedSample(position + Int64(index)) }
                    return count
                }
                // The other thread may need this core to make room.
                if written == 0 { sched_yield() }
            }
        }
    }

    private static func check(
        _ frames: Int64,
        from ring: SampleRing,
        seed: UInt64,
        _ report: @escaping @Sendable (Bool) -> Void
    ) {
        TestThread.run {
            var reader = ring.makeReader()
            var random = SplitMix64(seed: seed &+ 100)
            var isRight = true
            while isRight, reader.position < frames {
                let position = Int64(reader.position)
                let read = reader.read { loan in
                    let count = loan.isEmpty ? 0 : Int.random(in: 0...loan.count, using: &random)
                    for index in 0..<count where loan[index] != Signal.indexedSample(position + Int64(index)) {
                        isRight = false
                    }
                    return count
                }
                if read == 0 { sched_yield() }
            }
            report(isRight)
        }
    }

    private static func write(_ samples: [Int16], into writer: inout SampleRing.Writer) -> Int {
        var done = 0
        while done < samples.count {
            let count = writer.write { loan in
                let piece = samples[done...].prefix(loan.count)
                return loan.update(fromContentsOf: piece)
            }
            guard count > 0 else { break }
            done += count
        }
        return done
    }

    private static func readAll(_ reader: inout SampleRing.Reader) -> [Int16] {
        var samples: [Int16] = []
        while reader.available > 0 {
            _ = reader.read { loan in
                samples += loan
                return loan.count
            }
        }
        return samples
    }
}
