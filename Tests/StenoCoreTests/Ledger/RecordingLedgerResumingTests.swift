import StenoCore
import Testing

/// A recording outlives the process that made it: what one knew, the next one goes on with.
@Suite("Recording ledger: resuming")
struct RecordingLedgerResumingTests {
    /// Two utterances of twenty seconds, the second one never completed.
    private static let first: RecordingLedger = {
        var ledger = RecordingLedger()
        ledger.captured(upTo: .seconds(20))
        ledger.connectionOpened(at: .zero)
        ledger.sent(.seconds(0..<12))
        for sound in [1..<2.0, 8..<9.5] { ledger.spoke(.seconds(sound)) }
        _ = ledger.received(.final("0", "een twee", at: 1), sent: .seconds(12))
        _ = ledger.received(.interim("1", "drie vier vijf", at: 8), sent: .seconds(12))
        return ledger
    }()

    @Test(
        "Whatever the moment a process ends, the next one ends with the same text and the same coverage as a reconnect"
    )
    func killedIsLikeCut() {
        for seed in UInt64(0)..<150 {
            var random = SplitMix64(seed: seed)
            let truth = SpokenTruth(seed: seed, utterances: 5, vocabulary: random.happens(50) ? 3 : nil)
            let moment = Duration.milliseconds(
                Int64.random(in: 0...Int64((truth.end.seconds + 3) * 1_000), using: &random)
            )
            var policy = SessionPolicy()
            policy.pace = random.happens(25) ? .unlimited : .live
            let cut = SimulatedSession(truth, policy: policy, seed: seed, cuts: [moment])
            let killed = SimulatedSession(truth, policy: policy, seed: seed, cuts: [], kills: [moment])
            #expect(cut.run() == killed.run(), "seed \(seed)")

            #expect(
                killed.ledger.transcript.utterances.map(\.likeness) == cut.ledger.transcript.utterances.map(\.likeness),
                "seed \(seed)"
            )
            #expect(killed.ledger.coverage.totals == cut.ledger.coverage.totals, "seed \(seed)")
            #expect(killed.ledger.coverage.unsettled == cut.ledger.coverage.unsettled, "seed \(seed)")
            #expect(killed.ledger.isComplete, "seed \(seed)")
            let ids = killed.ledger.transcript.utterances.map(\.id)
            #expect(Set(ids).count == ids.count, "seed \(seed)")
        }
    }

    @Test("Killed again and again, wherever, the text is what was said, and nothing is told twice")
    func killedOften() {
        for seed in UInt64(0)..<60 {
            var random = SplitMix64(seed: seed)
            let truth = SpokenTruth(seed: seed, utterances: 5, vocabulary: nil)
            let kills = (0..<8).map { _ in
                Duration.milliseconds(Int64.random(in: 0...Int64((truth.end.seconds + 3) * 1_000), using: &random))
            }
            let session = SimulatedSession(truth, policy: SessionPolicy(), seed: seed, cuts: [], kills: kills)
            #expect(session.run() == .closed(.finished(.complete)), "seed \(seed)")
            let words = session.ledger.transcript.utterances.flatMap { $0.text.split(separator: " ").map(String.init) }
            #expect(words == truth.text, "seed \(seed)")
            #expect(session.ledger.isComplete, "seed \(seed)")
            #expect(Set(session.delivered.map(\.id)).count == session.delivered.count, "seed \(seed)")
        }
    }

    @Test("What was completed is there at once and is not delivered again; connections are numbered on")
    func goesOn() {
        var ledger = RecordingLedger(resuming: Self.first.memory)
        #expect(ledger.transcript.utterances.map(\.text) == ["een twee"])
        #expect(ledger.coverage.totals == Self.first.coverageSoFar.totals)
        #expect(ledger.hearing.replayStart == .seconds(7.68))
        #expect(!ledger.isComplete)

        ledger.connectionOpened(at: .seconds(7.68))
        ledger.sent(.seconds(7.68..<20))
        let told = ledger.received(.final("0", "drie vier vijf", at: 0.32), sent: .seconds(20))
        #expect(told.contains(.withdraw(.init(connection: 1, recogniserID: "1"))))
        #expect(told.delivered.map(\.text) == ["drie vier vijf"])
        #expect(told.delivered.map(\.id) == [.init(connection: 2, recogniserID: "0")])
        #expect(ledger.finish().isEmpty)
        #expect(ledger.transcript.utterances.map(\.text) == ["een twee", "drie vier vijf"])
        #expect(ledger.isComplete)
    }

    @Test("A replay that hears a completed word again does not double it")
    func noDoubles() {
        var ledger = RecordingLedger(resuming: Self.first.memory)
        ledger.connectionOpened(at: .zero)
        ledger.sent(.seconds(0..<20))
        _ = ledger.received(.final("0", "een twee", at: 1), sent: .seconds(20))
        #expect(ledger.transcript.utterances.map(\.text) == ["een twee"])
    }

    @Test("What never completes in the next process either is delivered in the end, unconfirmed, once")
    func neverCompletes() {
        var ledger = RecordingLedger(resuming: Self.first.memory)
        let told = ledger.finish()
        #expect(told.told == ["deliver drie vier vijf (unconfirmed)"])
        #expect(ledger.transcript.utterances.map(\.text) == ["een twee", "drie vier vijf"])
        var next = RecordingLedger(resuming: ledger.memory)
        #expect(next.finish() == told)
    }

    @Test("What a memory keeps aside although a later utterance covers it is taken back")
    func coveredAlready() {
        var memory = Self.first.memory
        var later = memory.utterances[1]
        (later.id.connection, later.isConfirmed) = (2, true)
        memory.utterances.append(later)
        var ledger = RecordingLedger(resuming: memory)
        #expect(ledger.finish() == [.withdraw(memory.utterances[1].id)])
        #expect(ledger.transcript.utterances.map(\.text) == ["een twee", "drie vier vijf"])
    }

    @Test("What the detector had not decided when the process ended counts as speech for the next one")
    func undecided() {
        var ledger = RecordingLedger()
        ledger.captured(upTo: .seconds(10))
        ledger.connectionOpened(at: .zero)
        ledger.sent(.seconds(0..<10))
        ledger.mayHaveSpoken([.seconds(6..<10)])
        #expect(ledger.coverageSoFar.totals == ledger.coverage.totals)
        #expect(RecordingLedger(resuming: ledger.memory).hearing.replayStart == .seconds(5.84))
    }

    @Test("However often a process is killed at the same place, its speech is given to the next one")
    func killsAreNoReason() {
        var ledger = Self.first
        for _ in 0..<10 {
            ledger = RecordingLedger(resuming: ledger.memory)
            #expect(ledger.hearing.replayStart == .seconds(7.68))
            ledger.connectionOpened(at: .seconds(7.68))
            ledger.sent(.seconds(7.68..<12))
        }
    }

    @Test("A memory that makes no sense is taken up all the same")
    func nonsense() {
        var memory = RecordingMemory()
        let span = AudioSpan.seconds(3..<4)
        for connection in [Int.min, -1, 0, Int.max] {
            for isConfirmed in [true, false] {
                memory.utterances.append(
                    Utterance(
                        id: .init(connection: connection, recogniserID: "0"),
                        span: span,
                        text: "een",
                        words: [Word(text: "een", span: AudioSpan(start: .seconds(9), end: .seconds(2)))],
                        isConfirmed: isConfirmed
                    )
                )
            }
        }
        memory.coverage.sent = SpanSet([.seconds(2..<5), .seconds(7..<900)])
        memory.coverage.total = .seconds(10)
        var ledger = RecordingLedger(resuming: memory)
        #expect(ledger.coverage.firstUnsent == .zero)
        ledger.connectionOpened(at: .zero)
        _ = ledger.received(.final("0", "een", at: 3), sent: .seconds(10))
        _ = ledger.finish()
        let totals = ledger.coverage.totals
        #expect(totals.confirmed + totals.silent + totals.unconfirmed + totals.missing == totals.total)
    }
}

extension Utterance {
    /// Everything but the id, which says who heard it.
    fileprivate var likeness: Utterance {
        var utterance = self
        utterance.id = ID(connection: 0, recogniserID: "")
        return utterance
    }
}
