import Testing

@testable import StenoEngine

@Suite("Audio history")
struct AudioHistoryTests {
    private func history(frames: Int) -> AudioHistory {
        var history = AudioHistory()
        (0..<frames).map { Int16(truncatingIfNeeded: $0) }.withUnsafeBufferPointer { history.append($0) }
        return history
    }

    @Test("Samples are lent by their position, between minus one and one")
    func lent() {
        var history = self.history(frames: 100)
        history.appendSilence(frames: 2)
        #expect(history.withSamples(in: 98..<102) { Array($0) } == [98.0 / 32_768, 99.0 / 32_768, 0, 0])
        [Int16.min].withUnsafeBufferPointer { history.append($0) }
        #expect(history.end == 103)
        #expect(history.withSamples(in: 102..<103) { Array($0) } == [-1])
    }

    @Test("Only what is kept is lent, whatever is asked for", arguments: [-5..<3, 90..<110, 200..<300, -9 ..< -1])
    func clamped(range: Range<Int64>) {
        let lent = self.history(frames: 100).withSamples(in: range) { $0.count }
        #expect(lent == range.clamped(to: 0..<100).count)
    }

    @Test("What is forgotten is freed, and positions stay")
    func forgotten() {
        var history = self.history(frames: 20_000)
        history.forget(before: 19_990)
        #expect(history.start == 19_990)
        #expect(history.end == 20_000)
        #expect(history.withSamples(in: 0..<20_000) { $0.first } == 19_990.0 / 32_768)
        history.forget(before: 90_000)
        #expect(history.end == 20_000)
    }
}
