import StenoCore
import Testing

/// What a simulated recording found: cases in which a recording stayed incomplete for ever, or a word was lost.
@Suite("Recording ledger: settling")
struct RecordingLedgerSettlingTests {
    private static func heard(_ spoken: AudioSpan, upTo end: Double, of total: Double) -> RecordingLedger {
        var ledger = RecordingLedger()
        ledger.captured(upTo: .seconds(total))
        ledger.connectionOpened(at: .zero)
        ledger.spoke(spoken)
        ledger.sent(.seconds(0..<end))
        ledger.connectionHeard(.seconds(0..<end))
        _ = ledger.connectionLost()
        return ledger
    }

    @Test("Speech that gave no text is worth another hearing once a recogniser begins to understand it")
    func begunAfterAll() {
        var ledger = Self.heard(.seconds(2..<3), upTo: 10, of: 10)
        #expect(ledger.isComplete)
        ledger.connectionOpened(at: .zero)
        _ = ledger.received(.interim("0", "ja", at: 2.2), sent: .seconds(10))
        _ = ledger.connectionLost()
        #expect(!ledger.isComplete)
        #expect(ledger.hearing.awaitsText)
        #expect(ledger.hearing.replayStart.map { $0 <= .seconds(2) } == true)
    }

    @Test("A sound that goes on behind the end of a hearing is not settled by it")
    func cutOff() {
        let ledger = Self.heard(.seconds(4..<5), upTo: 5, of: 10)
        #expect(ledger.coverage.unsettled.spans == [.seconds(4..<5)])
    }

    @Test("A draft of a word at the edge of what was completed leaves with it, told a little off it as it was told")
    func draftAtTheEdge() {
        var ledger = RecordingLedger()
        ledger.captured(upTo: .seconds(10))
        ledger.connectionOpened(at: .zero)
        _ = ledger.received(.interim("0", "ja", at: 2), sent: .seconds(5))
        _ = ledger.connectionLost()
        ledger.connectionOpened(at: .zero)
        _ = ledger.received(.final("0", "ja", at: 2.16), sent: .seconds(5))
        _ = ledger.finish()
        #expect(ledger.transcript.utterances.map(\.text) == ["ja"])
    }

    @Test("A draft of what is missing from the recording does not keep it incomplete for ever")
    func draftOfWhatIsMissing() {
        var ledger = RecordingLedger()
        ledger.captured(upTo: .seconds(10))
        ledger.connectionOpened(at: .zero)
        ledger.sent(.seconds(0..<10))
        _ = ledger.received(.interim("0", "ja", at: 2), sent: .seconds(10))
        _ = ledger.connectionLost()
        #expect(!ledger.isComplete)
        ledger.missed(.seconds(1..<4))
        #expect(ledger.isComplete)
        _ = ledger.finish()
        #expect(ledger.transcript.utterances.map(\.isConfirmed) == [false])
    }

    @Test("Where sending stopped right behind a word and the sound goes on, the next word is not cut in two")
    func stoppedInABreath() {
        var ledger = RecordingLedger()
        ledger.captured(upTo: .seconds(20))
        ledger.connectionOpened(at: .zero)
        ledger.spoke(.seconds(8..<15))
        ledger.sent(.seconds(0..<11.4))
        _ = ledger.received(.final("0", "een twee drie vier vijf zes zeven", at: 7.96), sent: .seconds(11.4))
        #expect(ledger.coverage.lastConfirmed == .seconds(11.36))
        ledger.connectionHeard(.seconds(0..<11.4))
        _ = ledger.connectionLost()
        #expect(ledger.hearing.replayStart == .seconds(7.84))
    }
}
