import StenoCore
import Testing

@Suite("Coverage: how often speech is replayed")
struct CoverageReplayBoundTests {
    @Test("What is left over beside speech that is not sent again is settled when it was heard, as any other speech")
    func leftOver() {
        var coverage = CoverageStateMachine()
        coverage.captured(upTo: .seconds(20))
        coverage.spoke(.seconds(2..<10))
        coverage.sent(.seconds(0..<12))
        for _ in 0...CoverageStateMachine.replayLimit { coverage.connectionBroke(.seconds(0..<8)) }
        #expect(coverage.replayStart == .seconds(8))
        coverage.connectionHeard(.seconds(8..<12))
        #expect(coverage.replayStart == .seconds(8), "a long sound is heard twice")
        coverage.connectionHeard(.seconds(8..<12))
        #expect(coverage.replayStart.map { $0 > .seconds(11) } == true)
        #expect(coverage.unsettled.spans == [.seconds(2..<8)], "nobody has listened to it")
        #expect(coverage.settledWithoutText.spans == [.seconds(8..<10)])
    }
}
