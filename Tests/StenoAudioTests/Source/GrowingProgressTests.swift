import StenoAudio
import StenoCore
import StenoTesting
import Synchronization
import Testing

@Suite("Growing progress")
struct GrowingProgressTests {
    /// Counts rings for the tests below.
    private final class Counter: Sendable {
        let value = Atomic(0)
        var count: Int { self.value.load(ordering: .relaxed) }
        func ring() { self.value.add(1, ordering: .relaxed) }
    }

    @Test("A change rings once until the progress is read")
    func coalesced() {
        let progress = GrowingProgress()
        let rings = Counter()
        progress.observe { rings.ring() }
        #expect(rings.count == 0)
        progress.advance(by: 10)
        progress.advance(by: 10)
        #expect(rings.count == 1)
        #expect(progress.current == SourceProgress(available: SamplePosition(frames: 20), isComplete: false))
        progress.finish()
        #expect(rings.count == 2)
        #expect(progress.current == SourceProgress(available: SamplePosition(frames: 20), isComplete: true))
    }

    @Test("The hundred-thousandth ring is as good as the first")
    func manyRings() {
        let progress = GrowingProgress()
        let rings = Counter()
        progress.observe { rings.ring() }
        for frames in Int64(1)...100_000 {
            progress.advance(by: 1)
            guard progress.current.available.frames == frames else { break }
        }
        #expect(rings.count == 100_000)
    }

    @Test("An observer who comes late is rung at once")
    func late() {
        let progress = GrowingProgress()
        let rings = Counter()
        progress.advance(by: 1)
        progress.observe { rings.ring() }
        #expect(rings.count == 1)
    }

    @Test("An observer may read the progress and observe again from inside the ring")
    func reentrant() {
        let progress = GrowingProgress()
        let rings = Counter()
        progress.observe {
            rings.ring()
            if !progress.current.isComplete { progress.observe { rings.ring() } }
        }
        progress.advance(by: 1)
        #expect(rings.count == 2)
    }

    @Test("The first end counts")
    func firstEnd() {
        let failure = AudioError(.readFailed, path: "a.wav")
        let progress = GrowingProgress()
        progress.finish(failure: failure)
        progress.finish()
        #expect(progress.current.failure == failure)
    }

    @Test("A scripted source gives what it was given")
    func scripted() throws {
        let source = ScriptedSource(Signal.indexed(0..<10), isComplete: false)
        #expect(source.totalFrames == nil)
        source.append(Signal.indexed(10..<30))
        #expect(try source.allSamples(block: 7) == Signal.indexed(0..<30))
        #expect(!source.progress.isComplete)
        source.finish()
        #expect(source.totalFrames == 30)
        #expect(source.progress.isComplete)
    }
}
