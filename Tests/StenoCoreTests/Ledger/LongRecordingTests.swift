import StenoCore
import Testing

@Suite("Recording ledger: hours of speech, thousands of reconnects")
struct LongRecordingTests {
    @Test("What a session asks about stays small, however much was said on one connection")
    func manyUtterances() {
        var ledger = RecordingLedger()
        ledger.connectionOpened(at: .zero)
        for index in 0..<2_000 {
            let start = Double(index) * 2.88
            ledger.captured(upTo: .seconds(start + 3))
            ledger.sent(.seconds(start..<(start + 2.88)))
            // A breath after the words, which the detector takes for speech.
            ledger.spoke(.seconds((start + 0.4)..<(start + 2.3)))
            _ = ledger.received(.final("\(index)", "een twee drie", at: start + 0.5), sent: .seconds(start + 3))
            #expect(ledger.coverage.unsettled.spans.count <= 1)
        }
        #expect(ledger.coverage.settledWithoutText.spans.count == 1_999)
    }

    @Test("However often a connection is lost at the same place, no more is remembered than after a few times")
    func manyReconnects() {
        func after(_ reconnects: Int) -> RecordingMemory {
            var ledger = RecordingLedger()
            ledger.captured(upTo: .seconds(20))
            for _ in 0..<reconnects {
                ledger.connectionOpened(at: .zero)
                ledger.sent(.seconds(0..<5))
                _ = ledger.received(.interim("0", "een twee", at: 1), sent: .seconds(5))
                _ = ledger.received(.final("1", "", at: 3), sent: .seconds(5))
                _ = ledger.connectionLost()
            }
            #expect(Mirror(reflecting: ledger.transcript).entries <= 4)
            var memory = ledger.memory
            for index in memory.utterances.indices { memory.utterances[index].id.connection = 0 }
            return memory
        }
        #expect(after(1_000) == after(10))
    }

    @Test(
        "A place where connections break is given up after three replays; what comes later is heard, and the rest says so"
    )
    func poison() {
        for seed in UInt64(0)..<40 {
            let truth = SpokenTruth(seed: seed, utterances: 6, vocabulary: nil)
            let bad = truth.words[truth.words.count / 2].span
            var policy = SessionPolicy()
            policy.giveUp = nil
            let session = SimulatedSession(truth, policy: policy, seed: seed, cuts: [], poison: bad.midpoint)
            #expect(session.run() == .closed(.finished(.complete)), "seed \(seed)")
            #expect(session.connections == CoverageStateMachine.replayLimit + 2, "seed \(seed)")
            let words = session.words
            #expect(Set(words).count == words.count, "seed \(seed)")
            let unsettled = session.ledger.coverage.unsettled
            #expect(unsettled.frames(in: bad) > 0, "seed \(seed)")
            for word in truth.words where !words.contains(word.text) {
                #expect(unsettled.frames(in: word.span) > 0, "seed \(seed): \(word.text) is lost")
            }
            #expect(
                truth.words.last.map { words.contains($0.text) } == true,
                "seed \(seed): nothing after it was heard"
            )
            #expect(!session.ledger.isComplete, "seed \(seed)")
        }
    }

    @Test("A long sound without words is settled when a second healthy connection gave no text of it either")
    func longSound() {
        var truth = SpokenTruth(seed: 1, utterances: 4, vocabulary: nil)
        truth.sounds = truth.sounds.map { $0 } + [AudioSpan(start: truth.end, end: truth.end + 40_000)]
        truth.end = truth.end + 60_000
        let session = SimulatedSession(truth, policy: SessionPolicy(), seed: 1, cuts: [])
        #expect(session.run() == .closed(.finished(.complete)))
        #expect(!session.ledger.isComplete, "one hearing is not enough")
        #expect(session.words == truth.text)

        var ledger = RecordingLedger(resuming: session.ledger.memory)
        let again = AudioSpan(start: ledger.beginning, end: truth.end)
        #expect(again.frames <= 60_000 + CoverageStateMachine.tolerance, "only the sound is sent again")
        ledger.connectionOpened(at: again.start)
        ledger.sent(again)
        ledger.connectionHeard(again)
        _ = ledger.finish()
        #expect(ledger.isComplete)
    }
}

extension Mirror {
    fileprivate var entries: Int {
        self.children.first { $0.label == "entries" }.map { Mirror(reflecting: $0.value).children.count } ?? .max
    }
}
