import Glibc
import StenoCore
import Testing

/// What an update costs, early and late in a very long transcript. Not a test of time, so it decides nothing and runs
/// only when asked: `STENO_BENCH=1 swift test -c release --filter TranscriptBenchmark`.
@Suite("Transcript benchmark", .enabled(if: getenv("STENO_BENCH") != nil))
struct TranscriptBenchmark {
    private static let utterances = 100_000
    private static let interims = 20

    @Test("The cost of an update does not grow with the transcript")
    func costPerUpdate() {
        for name in ["transcript", "ledger"] {
            let costs = (0..<3).map { _ in Self.run(throughLedger: name == "ledger") }
            let early = costs.map { $0.early }.sorted()[1]
            let late = costs.map { $0.late }.sorted()[1]
            let ratio = (late / early * 1_000).rounded() / 1_000
            print("\(name): \(Int(early)) ns per update at 1,000 utterances, \(Int(late)) ns at 99,000, ratio \(ratio)")
        }
    }

    /// Medians around the 1,000th and the 99,000th utterance, in nanoseconds for each update.
    private static func run(throughLedger: Bool) -> (early: Double, late: Double) {
        var ledger = RecordingLedger()
        var machine = TranscriptStateMachine()
        ledger.connectionOpened(at: .zero)
        machine.connectionOpened(at: .zero)
        let clock = ContinuousClock()
        var costs: [Double] = []
        costs.reserveCapacity(Self.utterances)
        for number in 0..<Self.utterances {
            let start = Double(number) * 6
            let updates = (0...Self.interims).map { step in
                let text = Self.text(words: 1 + min(step, 9))
                return step < Self.interims
                    ? TranscriptUpdate.interim("\(number)", text, at: start) : .final("\(number)", text, at: start)
            }
            let sent = SamplePosition(seconds: start + 6)
            ledger.captured(upTo: sent)
            ledger.sent(AudioSpan(start: .init(seconds: start), end: sent))
            ledger.spoke(AudioSpan(start: .init(seconds: start), end: .init(seconds: start + 5)))
            var actions = 0
            let time = clock.measure {
                for update in updates {
                    actions +=
                        throughLedger
                        ? ledger.received(update, sent: sent).count : machine.received(update, sent: sent).count
                }
            }
            precondition(actions == Self.interims + 3)
            costs.append(time / .nanoseconds(1) / Double(updates.count))
        }
        return (Self.median(costs[500..<1_500]), Self.median(costs[98_500..<99_500]))
    }

    private static func text(words: Int) -> String {
        (0..<words).map { "woord\($0)" }.joined(separator: " ")
    }

    private static func median(_ costs: ArraySlice<Double>) -> Double { costs.sorted()[costs.count / 2] }
}
