import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Row cutter")
struct RowCutterTests {
    private func append(_ frames: Range<Int64>, to cutter: inout RowCutter) -> Int {
        Signal.indexed(frames).withUnsafeBufferPointer { cutter.append($0[...]) }
    }

    @Test("A row is full at the next multiple of 250 ms, wherever it began")
    func multiples() {
        var cutter = RowCutter(at: SamplePosition(frames: 1_500))
        #expect(self.append(1_500..<9_000, to: &cutter) == 2_500)
        #expect(cutter.isFull)
        cutter.advance()
        #expect(cutter.start.frames == 4_000)
        #expect(self.append(4_000..<9_000, to: &cutter) == 4_000)
        #expect(cutter.isFull)
    }

    @Test("A gap ends the row in the making, and goes on without rows")
    func skip() {
        var cutter = RowCutter(at: .zero)
        #expect(self.append(0..<1_000, to: &cutter) == 1_000)
        #expect(cutter.settled == .zero)
        #expect(cutter.skip(50_000) == 3_000)
        #expect(
            cutter.isFull && cutter.withRow { Array($0) } == Signal.indexed(0..<1_000) + Signal.silence(frames: 3_000)
        )
        cutter.advance()
        #expect(cutter.skip(47_000) == 47_000)
        #expect(!cutter.isFull && !cutter.hasSound)
        #expect(cutter.end.frames == 51_000 && cutter.start.frames == 48_000 && cutter.settled == cutter.end)
        #expect(self.append(51_000..<51_001, to: &cutter) == 1)
        #expect(cutter.withRow { Array($0) } == Signal.silence(frames: 3_000) + Signal.indexed(51_000..<51_001))
    }
}
