import StenoCore
import Testing

@Suite("Gap tally")
struct GapTallyTests {
    private var tally = GapTally()
    private var ledger = RecordingLedger()

    private mutating func update(_ gaps: [AudioGap], available: Int64, isComplete: Bool = false) -> [AudioGap] {
        self.tally.update(
            gaps,
            available: SamplePosition(frames: available),
            isComplete: isComplete,
            telling: &self.ledger
        )
    }

    @Test("A gap is missing at once, and told once, whole, when it is over")
    func grows() {
        var test = self
        let short = AudioGap(AudioSpan(100..<200), cause: .paused)
        let long = AudioGap(AudioSpan(100..<900), cause: .paused)
        #expect(test.update([short], available: 200) == [])
        #expect(test.ledger.coverage.missing.frames == 100)
        #expect(test.update([long], available: 900) == [])
        #expect(test.update([long], available: 1_000) == [long])
        #expect(test.update([long], available: 2_000) == [])
        #expect(test.ledger.coverage.missing.frames == 800)
    }

    @Test("Another gap, or the end, ends one too")
    func ends() {
        var test = self
        let first = AudioGap(AudioSpan(0..<10), cause: .overrun)
        let second = AudioGap(AudioSpan(10..<30), cause: .suspended)
        let lost = AudioGap(AudioSpan(2..<3), cause: .unreadable)
        #expect(test.update([first, second], available: 30) == [first])
        #expect(test.update([first, second], available: 30, isComplete: true) == [second])
        #expect(test.update([first, second, lost], available: 30, isComplete: true) == [lost])
        #expect(test.ledger.coverage.missing.spans == [AudioSpan(0..<30)])
    }
}
