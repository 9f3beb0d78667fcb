import StenoCore
import Testing

@Suite("Coverage state machine")
struct CoverageStateMachineTests {
    /// Ten seconds, all of it sent.
    private func tenSeconds() -> CoverageStateMachine {
        var coverage = CoverageStateMachine()
        coverage.captured(upTo: .seconds(10))
        coverage.sent(.seconds(0..<10))
        return coverage
    }

    // MARK: What a sample is

    @Test("A recording in which nothing is known is silent")
    func silent() {
        let totals = self.tenSeconds().totals
        #expect(
            totals
                == CoverageTotals(
                    total: 160_000,
                    confirmed: 0,
                    silent: 160_000,
                    unconfirmed: 0,
                    missing: 0,
                    sent: 160_000
                )
        )
    }

    @Test("Missing comes before confirmed, confirmed before unconfirmed, unconfirmed before silent")
    func order() {
        var coverage = self.tenSeconds()
        coverage.spoke(.seconds(2..<8))
        coverage.confirmed(.seconds(4..<6))
        coverage.missed(.seconds(5..<7))
        #expect(coverage.missing.spans == [.seconds(5..<7)])
        #expect(coverage.confirmed.spans == [.seconds(3.84..<5)])
        #expect(coverage.unconfirmed.spans == [.seconds(2..<3.84), .seconds(7..<8)])
        #expect(coverage.totals.silent == coverage.totals.total - Int64(16_000 * (2 + 1.16 + 2.84)))
    }

    @Test("The order of the events does not matter")
    func orderOfEvents() {
        var coverage = self.tenSeconds()
        coverage.missed(.seconds(5..<7))
        coverage.confirmed(.seconds(4..<6))
        coverage.spoke(.seconds(2..<8))
        #expect(coverage.unconfirmed.spans == [.seconds(2..<3.84), .seconds(7..<8)])
        #expect(coverage.confirmed.spans == [.seconds(3.84..<5)])
    }

    @Test("A completed utterance confirms 160 ms on both sides, and not a sample more")
    func tolerance() {
        var coverage = self.tenSeconds()
        coverage.spoke(.seconds(3..<6))
        coverage.confirmed(.seconds(4..<5))
        #expect(coverage.confirmed.spans == [.seconds(3.84..<5.16)])
        coverage.confirmed(.seconds(0..<0.5))
        #expect(coverage.confirmed.spans.first == .seconds(0..<0.66))
        coverage.confirmed(.seconds(9..<10))
        #expect(coverage.confirmed.end == .seconds(10), "nothing is confirmed beyond the end")
        coverage.confirmed(.seconds(7..<7))
        #expect(!coverage.confirmed.contains(.seconds(7)), "an empty span confirms nothing")
    }

    @Test("Sounds under 150 ms are clicks, also where they are left over beside confirmed speech")
    func clicks() {
        var coverage = self.tenSeconds()
        coverage.spoke(AudioSpan(16_000..<18_399))
        #expect(coverage.unconfirmed.isEmpty)
        coverage.spoke(AudioSpan(32_000..<34_400))
        #expect(coverage.unconfirmed.spans == [AudioSpan(32_000..<34_400)])
        coverage.spoke(.seconds(5..<6.3))
        coverage.confirmed(.seconds(5..<6))
        #expect(coverage.unconfirmed.spans == [AudioSpan(32_000..<34_400)], "0.14 s are left over")
    }

    @Test("Speech beyond the end of the timeline counts when the timeline gets there")
    func beyondTheEnd() {
        var coverage = CoverageStateMachine()
        coverage.spoke(.seconds(1..<3))
        #expect(coverage.unconfirmed.isEmpty)
        coverage.captured(upTo: .seconds(2))
        #expect(coverage.unconfirmed.spans == [.seconds(1..<2)])
        coverage.captured(upTo: .seconds(1))
        #expect(coverage.total == .seconds(2), "a timeline never shrinks")
    }

    @Test("What the detector has not decided counts as speech until the next word on it")
    func tentative() {
        var coverage = self.tenSeconds()
        coverage.mayHaveSpoken([.seconds(4..<5)])
        #expect(coverage.unsettled.spans == [.seconds(4..<5)])
        #expect(coverage.awaited == .seconds(5))
        #expect(coverage.replayStart == .seconds(3.84))
        coverage.mayHaveSpoken([.seconds(4..<6)])
        #expect(coverage.unconfirmed.spans == [.seconds(4..<6)])
        coverage.mayHaveSpoken([])
        #expect(coverage.unconfirmed.isEmpty)
    }

    // MARK: What is settled

    @Test("A short sound that a healthy connection heard is settled at once, a long one the second time")
    func settling() {
        var coverage = self.tenSeconds()
        coverage.spoke(.seconds(1..<2))
        coverage.spoke(.seconds(4..<6))
        coverage.connectionHeard(.seconds(0..<10))
        #expect(coverage.unsettled.spans == [.seconds(4..<6)])
        #expect(coverage.settledWithoutText.spans == [.seconds(1..<2)])
        coverage.connectionHeard(.seconds(3..<10))
        #expect(coverage.unsettled.isEmpty)
        #expect(coverage.settledWithoutText.spans == [.seconds(1..<2), .seconds(4..<6)])
        #expect(coverage.unconfirmed.spans == [.seconds(1..<2), .seconds(4..<6)], "settled is still unconfirmed")
    }

    @Test("1.5 s is long")
    func settledAtOnceBound() {
        for (frames, isSettled) in [(Int64(23_999), true), (24_000, false)] {
            var coverage = self.tenSeconds()
            coverage.spoke(AudioSpan(16_000..<(16_000 + frames)))
            coverage.connectionHeard(.seconds(0..<10))
            #expect(coverage.unsettled.isEmpty == isSettled)
        }
    }

    @Test("Hearing part of a sound settles nothing")
    func partOfASound() {
        var coverage = self.tenSeconds()
        coverage.spoke(.seconds(4..<5))
        coverage.connectionHeard(.seconds(0..<4.9))
        coverage.connectionHeard(.seconds(4.1..<10))
        #expect(coverage.unsettled.spans == [.seconds(4..<5)])
        // A sound may go on behind the end of a hearing.
        coverage.connectionHeard(.seconds(4..<5))
        #expect(coverage.unsettled.spans == [.seconds(4..<5)])
        coverage.connectionHeard(.seconds(4..<5.1))
        #expect(coverage.unsettled.isEmpty)
    }

    @Test("Text that comes after all takes a sound out of the settled ones")
    func textAfterAll() {
        var coverage = self.tenSeconds()
        coverage.spoke(.seconds(4..<5))
        coverage.connectionHeard(.seconds(0..<10))
        coverage.confirmed(.seconds(4..<5))
        #expect(coverage.settledWithoutText.isEmpty)
        #expect(coverage.unconfirmed.isEmpty)
    }

    @Test("Speech is awaited when it came after everything confirmed")
    func awaited() {
        var coverage = self.tenSeconds()
        #expect(coverage.awaited == nil)
        #expect(!coverage.hasSpeech)
        coverage.spoke(.seconds(1..<3))
        #expect(coverage.awaited == .seconds(3))
        #expect(coverage.hasSpeech && !coverage.hasConfirmedSpeech)
        coverage.confirmed(.seconds(5..<6))
        #expect(coverage.awaited == nil)
        #expect(coverage.unsettled.spans == [.seconds(1..<3)])
        coverage.spoke(.seconds(7..<7.1))
        #expect(coverage.awaited == nil, "a click")
        coverage.spoke(.seconds(8..<9))
        #expect(coverage.awaited == .seconds(9))
    }

    // MARK: Replay

    @Test("A replay begins at the pause before the earliest speech that was sent and has no text")
    func replayStart() {
        var coverage = CoverageStateMachine()
        coverage.captured(upTo: .seconds(20))
        coverage.spoke(.seconds(2..<5))
        #expect(coverage.replayStart == nil, "nothing was sent")
        coverage.sent(.seconds(0..<10))
        #expect(coverage.replayStart == .seconds(1.84))
        coverage.confirmed(.seconds(2..<5))
        coverage.spoke(.seconds(12..<13))
        #expect(coverage.replayStart == .seconds(9.69), "the rest was not sent yet")
        coverage.spoke(.seconds(0.1..<0.5))
        #expect(coverage.replayStart == .zero)
    }

    @Test("A word of which too little was sent to be told from a click is sent again whole")
    func onset() {
        var coverage = CoverageStateMachine()
        coverage.captured(upTo: .seconds(20))
        coverage.sent(.seconds(0..<10))
        coverage.mayHaveSpoken([.seconds(9.86..<10)])
        #expect(coverage.replayStart == .seconds(9.69))
        coverage.confirmed(.seconds(7..<9.7))
        #expect(coverage.replayStart == .seconds(9.7), "from the pause before it")
        coverage.confirmed(.seconds(9.7..<9.99))
        #expect(coverage.replayStart == .seconds(9.7), "and it may go on where the sending stopped")
        coverage.mayHaveSpoken([.seconds(9.7..<9.98)])
        #expect(coverage.replayStart == .seconds(10), "which it does not")
    }

    @Test(
        "What is left over of a long stretch of speech is replayed from its pause, but no more than five seconds back"
    )
    func lookBack() {
        var coverage = CoverageStateMachine()
        coverage.captured(upTo: .seconds(40))
        coverage.sent(.seconds(0..<40))
        coverage.spoke(.seconds(10..<14))
        coverage.confirmed(.seconds(10..<12))
        #expect(coverage.replayStart == .seconds(9.84))
        coverage.confirmed(.seconds(12..<14))
        coverage.spoke(.seconds(20..<35))
        coverage.confirmed(.seconds(20..<33.84))
        #expect(coverage.replayStart == .seconds(29))
        coverage.confirmed(.seconds(34..<35))
        #expect(coverage.replayStart == .seconds(39.69))
    }

    @Test("What breaks every connection is replayed three times, then passed over, and stays unsettled")
    func exhausted() {
        var coverage = self.tenSeconds()
        coverage.spoke(.seconds(4..<6))
        for _ in 0..<CoverageStateMachine.replayLimit + 1 {
            #expect(coverage.replayStart == .seconds(3.84))
            coverage.connectionBroke(.seconds(3.84..<7))
        }
        #expect(coverage.replayStart == .seconds(9.69))
        #expect(coverage.awaited == nil)
        #expect(coverage.unsettled.spans == [.seconds(4..<6)])
    }

    @Test("A word beside what is not sent again covers nothing that its connection was never given")
    func besideExhausted() {
        // Seeds 602893 and 830172: a word cut in two, its first part on four connections that broke.
        var coverage = self.tenSeconds()
        coverage.spoke(.seconds(5.5..<7.5))
        for _ in 0..<4 { coverage.connectionBroke(.seconds(5.3..<6.6)) }
        coverage.confirmed(.seconds(6.68..<7.5), heardFrom: SamplePosition(seconds: 6.6))
        #expect(coverage.unconfirmed.spans == [.seconds(5.5..<6.6)])
        // Where nothing broke, a word may be told a little too late, as ever.
        var healthy = self.tenSeconds()
        healthy.spoke(.seconds(6.5..<7.5))
        healthy.confirmed(.seconds(6.64..<7.5), heardFrom: SamplePosition(seconds: 6.6))
        #expect(healthy.unconfirmed.isEmpty)
    }

    @Test("A replay of what comes after does not go back into what breaks connections")
    func passesOver() {
        var coverage = self.tenSeconds()
        coverage.spoke(.seconds(4..<8))
        for _ in 0..<4 { coverage.connectionBroke(.seconds(3.84..<6)) }
        #expect(coverage.replayStart == .seconds(6))
        #expect(coverage.awaited == .seconds(8))
    }

    @Test("Unsent is what no recogniser was given, and was captured")
    func unsent() {
        var coverage = CoverageStateMachine()
        coverage.captured(upTo: .seconds(10))
        coverage.sent(.seconds(0..<6))
        coverage.missed(.seconds(5..<7))
        #expect(coverage.unsent.spans == [.seconds(7..<10)])
        coverage.sent(.seconds(6..<10))
        #expect(coverage.unsent.isEmpty)
    }
}
