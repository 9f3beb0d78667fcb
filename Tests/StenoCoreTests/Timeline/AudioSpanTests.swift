import StenoCore
import Testing

@Suite("Audio span")
struct AudioSpanTests {
    @Test("An end before its start gives the empty span at the start")
    func reversed() {
        let span = AudioSpan(start: .seconds(3), end: .seconds(1))
        #expect(span.isEmpty)
        #expect(span.start == .seconds(3))
        #expect(span.end == .seconds(3))
    }

    @Test("A span holds its start and not its end")
    func halfOpen() {
        let span = AudioSpan(10..<20)
        #expect(span.frames == 10)
        #expect(span.midpoint.frames == 15)
        #expect(span.contains(.init(frames: 10)))
        #expect(span.contains(.init(frames: 19)))
        #expect(!span.contains(.init(frames: 20)))
    }

    @Test("Spans that only touch do not overlap, and an empty one overlaps nothing beside it")
    func overlap() {
        #expect(!AudioSpan(0..<10).overlaps(AudioSpan(10..<20)))
        #expect(AudioSpan(0..<11).overlaps(AudioSpan(10..<20)))
        #expect(!AudioSpan(10..<10).overlaps(AudioSpan(10..<20)))
    }

    @Test("Clamping keeps what lies inside, and gives an empty span inside the bounds when nothing does")
    func clamping() {
        let bounds = AudioSpan(100..<200)
        #expect(AudioSpan(50..<150).clamped(to: bounds) == AudioSpan(100..<150))
        #expect(AudioSpan(150..<250).clamped(to: bounds) == AudioSpan(150..<200))
        #expect(AudioSpan(0..<50).clamped(to: bounds) == AudioSpan(100..<100))
        #expect(AudioSpan(300..<400).clamped(to: bounds) == AudioSpan(200..<200))
        #expect(AudioSpan(120..<130).clamped(to: bounds) == AudioSpan(120..<130))
    }

    @Test("Widening adds the same on both sides")
    func widening() {
        #expect(AudioSpan(100..<200).widened(by: 30) == AudioSpan(70..<230))
    }
}
