import StenoCore
import Testing

@Suite("Recording ledger")
struct RecordingLedgerTests {
    /// Twenty seconds, the first `sent` of them given to a connection that began at the beginning.
    private func ledger(sent: Double) -> RecordingLedger {
        var ledger = RecordingLedger()
        ledger.captured(upTo: .seconds(20))
        ledger.connectionOpened(at: .zero)
        ledger.sent(.seconds(0..<sent))
        return ledger
    }

    @Test("A completed utterance confirms its audio; an interim confirms nothing")
    func confirms() {
        var ledger = self.ledger(sent: 20)
        ledger.spoke(.seconds(5..<6.4))
        _ = ledger.received(.interim("0", "een twee drie", at: 5), sent: .seconds(20))
        #expect(ledger.coverage.confirmed.isEmpty)
        #expect(ledger.hearing.openUtterances == 1)
        #expect(ledger.hearing.awaitsText)
        _ = ledger.received(.final("0", "een twee drie", at: 5), sent: .seconds(20))
        #expect(ledger.coverage.confirmed.spans == [.seconds(4.84..<6.56)])
        #expect(!ledger.hearing.awaitsText)
        #expect(ledger.hearing.hasConfirmedSpeech)
        #expect(ledger.isComplete)
    }

    @Test("What a recogniser began to understand is speech, though the detector heard none")
    func openIsSpeech() {
        var ledger = self.ledger(sent: 10)
        _ = ledger.received(.interim("0", "fluisterend gezegd", at: 5), sent: .seconds(10))
        #expect(ledger.hearing.replayStart == .seconds(9.69))
        _ = ledger.connectionLost()
        #expect(ledger.coverage.unsettled.spans == [.seconds(4.84..<6.06)])
        #expect(ledger.hearing.replayStart == .seconds(4.68))
    }

    @Test("Of a lost connection, what came before its last text was heard, and what came after was given in vain")
    func accounts() {
        var ledger = self.ledger(sent: 15)
        for sound in [2..<3.0, 4..<6.0, 12..<13.0] { ledger.spoke(.seconds(sound)) }
        _ = ledger.received(.final("0", "een twee", at: 8), sent: .seconds(15))
        _ = ledger.connectionLost()
        #expect(ledger.coverage.settledWithoutText.spans == [.seconds(2..<3)], "a short sound, heard once")
        #expect(ledger.coverage.unsettled.spans == [.seconds(4..<6), .seconds(12..<13)])
        #expect(ledger.hearing.replayStart == .seconds(3.84))

        ledger.connectionOpened(at: .seconds(3.84))
        ledger.sent(.seconds(3.84..<15))
        _ = ledger.received(.final("0", "een twee", at: 4.16), sent: .seconds(15))
        _ = ledger.connectionLost()
        #expect(ledger.coverage.unsettled.spans == [.seconds(12..<13)], "a long sound, heard twice")
    }

    @Test("An utterance that is still open was not heard to its end, though a later one completed")
    func overtaken() {
        var ledger = self.ledger(sent: 15)
        ledger.spoke(.seconds(5..<5.9))
        _ = ledger.received(.interim("0", "een twee", at: 5), sent: .seconds(15))
        _ = ledger.received(.final("1", "drie", at: 8), sent: .seconds(15))
        _ = ledger.connectionLost()
        #expect(!ledger.coverage.unsettled.isEmpty)
        #expect(ledger.hearing.replayStart.map { $0 <= .seconds(5) } == true)
    }

    @Test("A connection counts once, whether it was heard out, lost, or both")
    func countsOnce() {
        var ledger = self.ledger(sent: 20)
        ledger.spoke(.seconds(4..<6))
        ledger.connectionHeard(.seconds(0..<20))
        _ = ledger.connectionLost()
        _ = ledger.finish()
        #expect(ledger.coverage.unsettled.spans == [.seconds(4..<6)])
        ledger.connectionOpened(at: .zero)
        ledger.connectionHeard(.seconds(0..<20))
        #expect(ledger.coverage.unsettled.isEmpty)
    }

    @Test("What breaks four connections is not replayed a fourth time, and the recording is not complete")
    func exhausted() {
        var ledger = self.ledger(sent: 8)
        ledger.spoke(.seconds(4..<6))
        var replays = 0
        while let start = ledger.hearing.replayStart, start < .seconds(6), replays < 10 {
            _ = ledger.connectionLost()
            guard let start = ledger.hearing.replayStart, start < .seconds(6) else { break }
            replays += 1
            ledger.connectionOpened(at: start)
            ledger.sent(AudioSpan(start: start, end: .seconds(8)))
        }
        #expect(replays == CoverageStateMachine.replayLimit)
        ledger.connectionOpened(at: .seconds(8))
        ledger.sent(.seconds(8..<20))
        ledger.connectionHeard(.seconds(8..<20))
        _ = ledger.finish()
        #expect(!ledger.isComplete)
    }

    @Test("Complete is a recording of which all was sent or is missing, and all that was said has its text")
    func complete() {
        var ledger = self.ledger(sent: 12)
        #expect(!ledger.isComplete, "not all was sent")
        ledger.missed(.seconds(10..<15))
        #expect(!ledger.isComplete, "what is missing and was sent all the same does not stand for what was not")
        ledger.sent(.seconds(15..<20))
        #expect(ledger.isComplete, "nothing was said")
        _ = ledger.received(.interim("0", "een", at: 3), sent: .seconds(20))
        #expect(!ledger.isComplete, "an utterance is open")
        _ = ledger.finish()
        #expect(!ledger.isComplete, "an utterance never completed")
    }

    @Test("Information is merged")
    func information() {
        var ledger = RecordingLedger()
        let coding = Information.Coding(system: "icpc", code: "L03", description: "lage rug")
        ledger.received(Information(codings: [coding]))
        ledger.received(Information(codings: [coding], resources: []))
        #expect(ledger.information == Information(codings: [coding]))
    }
}
