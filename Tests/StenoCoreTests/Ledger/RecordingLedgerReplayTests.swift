import StenoCore
import Testing

/// The promise of the whole: a connection that is lost costs no word and doubles none.
@Suite("Recording ledger: lost connections")
struct RecordingLedgerReplayTests {
    @Test("An undisturbed session gives exactly what was said")
    func undisturbed() {
        let truth = SpokenTruth(seed: 1, utterances: 8, vocabulary: nil)
        let session = SimulatedSession(truth, policy: SessionPolicy(), seed: 1, cuts: [])
        #expect(session.run() == .closed(.finished(.complete)))
        #expect(session.words == truth.text)
        #expect(session.connections == 1)
        #expect(session.ledger.isComplete)
    }

    @Test("Wherever the line is cut, up to three times, the text is the same as without", arguments: [nil, 3])
    func cut(vocabulary: Int?) {
        for seed in UInt64(0)..<120 {
            var random = SplitMix64(seed: seed)
            let truth = SpokenTruth(seed: seed, utterances: 5, vocabulary: vocabulary)
            let cuts = (0..<Int.random(in: 1...3, using: &random)).map { _ in truth.anyTime(using: &random) }
            var policy = SessionPolicy()
            policy.pace = random.happens(25) ? .unlimited : .live
            let session = SimulatedSession(truth, policy: policy, seed: seed, cuts: cuts)
            let state = session.run()

            let utterances = session.ledger.transcript.utterances
            #expect(session.words == truth.text, "seed \(seed)")
            #expect(utterances.allSatisfy { $0.isConfirmed }, "seed \(seed)")
            #expect(state == .closed(.finished(.complete)), "seed \(seed)")
            #expect(session.ledger.isComplete, "seed \(seed)")
            #expect(Set(session.delivered) == Set(utterances), "seed \(seed)")
            #expect(session.delivered.count == utterances.count, "seed \(seed)")
        }
    }

    @Test("What a connection hears again is waited for, although what came after it has its text already")
    func waitsForWhatIsHeardAgain() {
        var ledger = RecordingLedger()
        ledger.captured(upTo: .seconds(10))
        ledger.spoke(.seconds(0.5..<2.1))
        ledger.spoke(.seconds(5..<6))
        ledger.connectionOpened(at: .zero)
        ledger.sent(.seconds(0..<10))
        _ = ledger.received(.interim("0", "een twee drie", at: 0.6), sent: .seconds(10))
        _ = ledger.received(.final("1", "vier vijf", at: 5), sent: .seconds(10))
        _ = ledger.connectionLost()
        ledger.connectionOpened(at: .zero)
        ledger.sent(.seconds(0..<10))
        #expect(ledger.hearing.awaitsText)
        _ = ledger.received(.final("0", "een twee drie", at: 0.6), sent: .seconds(10))
        #expect(!ledger.hearing.awaitsText)
    }

    @Test("Cut more often than a replay is tried, no word is doubled, and what is lost is known to be")
    func cutAllTheTime() {
        var incomplete = 0
        for seed in UInt64(0)..<60 {
            var random = SplitMix64(seed: seed)
            let truth = SpokenTruth(seed: seed, utterances: 5, vocabulary: nil)
            let cuts = (0..<40).map { _ in truth.anyTime(using: &random) * 3 }
            var policy = SessionPolicy()
            policy.giveUp = .seconds(10_000)
            let session = SimulatedSession(truth, policy: policy, seed: seed, cuts: cuts)
            let state = session.run()

            #expect(state == .closed(.finished(.complete)), "seed \(seed)")
            #expect(Set(session.words).count == session.words.count, "seed \(seed)")
            let unsettled = session.ledger.coverage.unsettled
            for word in truth.words where !session.words.contains(word.text) {
                #expect(unsettled.frames(in: word.span) > 0, "seed \(seed): \(word.text) is lost")
            }
            let totals = session.ledger.coverage.totals
            #expect(
                totals.confirmed + totals.silent + totals.unconfirmed + totals.missing == truth.end.frames,
                "seed \(seed)"
            )
            if !session.ledger.isComplete { incomplete += 1 }
            #expect(!session.ledger.isComplete || session.words == truth.text && session.isConfirmed, "seed \(seed)")
        }
        #expect((1..<60).contains(incomplete), "the test must lose something, sometimes: \(incomplete)")
    }
}

extension SpokenTruth {
    fileprivate func anyTime(using random: inout SplitMix64) -> Duration {
        .milliseconds(Int64.random(in: 0...Int64((self.end.seconds + 3) * 1_000), using: &random))
    }
}

extension SimulatedSession {
    fileprivate var isConfirmed: Bool { self.ledger.transcript.utterances.allSatisfy { $0.isConfirmed } }
}
