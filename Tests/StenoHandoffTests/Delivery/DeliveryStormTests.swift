import Foundation
import StenoCore
import StenoHandoff
import StenoStore
import Testing

/// `scripts/deliveries` runs many more of them, with the same code.
@Suite("Uploads in a storm")
struct DeliveryStormTests {
    /// `STENO_DELIVERIES=FIRST-LAST` asks for other seeds.
    private static let seeds: ClosedRange<UInt64> = {
        let asked = ProcessInfo.processInfo.environment["STENO_DELIVERIES"]?.split(separator: "-")
            .compactMap { UInt64($0) }
        guard let asked, asked.count == 2, asked[0] <= asked[1] else { return 1...2_000 }
        return asked[0]...asked[1]
    }()

    private struct Tally {
        var runs = 0
        var done = 0
        var parked = 0
        var deaths = 0
        var sent = 0
        /// More than one request of ours was stored, and a search could have known.
        var duplicates = 0
        /// Said to be done, and the service has nothing; or neither done nor parked.
        var lost = 0
        /// What appeared later than the window ends and so was sent twice.
        var late = 0
        /// Doubles of the service that we told the person of.
        var flagged = 0

        var line: String {
            "runs \(self.runs) done \(self.done) parked \(self.parked) deaths \(self.deaths) requests \(self.sent) "
                + "duplicates \(self.duplicates) lost \(self.lost) late \(self.late) flagged \(self.flagged)"
        }
    }

    @Test("Nothing is lost and nothing is made twice by us, whatever is dropped, delayed, doubled or killed")
    func storm() async {
        var tally = Tally()
        for seed in Self.seeds {
            let result = await StormWorld(seed: seed).run()
            Self.count(result, seed, &tally)
        }
        if let path = ProcessInfo.processInfo.environment["STENO_DELIVERY_LOG"] {
            try? "\(tally.line)\n".write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(tally.duplicates == 0 && tally.lost == 0, "\(tally.line)")
        #expect(tally.deaths > 0 && tally.flagged > 0 && tally.done > tally.parked, "\(tally.line)")
    }

    private static func count(_ result: StormWorld.Result, _ seed: UInt64, _ tally: inout Tally) {
        tally.runs += 1
        tally.deaths += result.deaths
        tally.sent += result.sent
        if result.stored > 1 {
            if result.isTooLate {
                tally.late += 1
            } else {
                tally.duplicates += 1
                Issue.record("seed \(seed): made \(result.stored) times")
            }
        }
        switch result.delivery.memory.stage {
        case .done:
            tally.done += 1
            if result.delivery.memory.duplicates > 0 { tally.flagged += 1 }
            guard result.stored == 0 else { return }
            tally.lost += 1
            Issue.record("seed \(seed): done, and the service has nothing")
        case .parked(.unknown), .parked(.exhausted): tally.parked += 1
        case .intended, .sending, .unknown, .processing, .parked:
            tally.lost += 1
            Issue.record("seed \(seed): \(result.delivery.memory.stage) is no end")
        }
    }
}
