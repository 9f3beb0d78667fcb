import StenoCore
import Testing

@Suite("Coverage state machine: adversary")
struct CoverageAdversaryTests {
    private static let cells = 800

    @Test("Whatever happens in whatever order, every sample is in the state a plain array of samples says")
    func agreesWithNaiveModel() {
        for seed in UInt64(0)..<500 {
            var random = SplitMix64(seed: seed)
            var coverage = CoverageStateMachine()
            var naive = NaiveCoverage(cells: Self.cells)
            for _ in 0..<24 {
                Self.happen(&coverage, &naive, using: &random)
            }
            let totals = coverage.totals
            #expect(totals == naive.totals, "seed \(seed)")
            #expect(
                totals.confirmed + totals.silent + totals.unconfirmed + totals.missing == totals.total,
                "seed \(seed)"
            )
            #expect(coverage.unconfirmed.cells == naive.unconfirmed, "seed \(seed)")
            #expect(coverage.unsettled.cells == naive.unsettled, "seed \(seed)")
            #expect(coverage.awaited?.cell == naive.awaited, "seed \(seed)")
            #expect(coverage.replayStart?.cell == naive.replayStart, "seed \(seed)")
        }
    }

    private static func happen(
        _ coverage: inout CoverageStateMachine,
        _ naive: inout NaiveCoverage,
        using random: inout SplitMix64
    ) {
        let start = Int.random(in: 0..<(Self.cells - 1), using: &random)
        let length = [8, 40, 180, 600].randomElement(using: &random) ?? 0
        let range = start..<min(Self.cells, start + Int.random(in: 0...length, using: &random))
        let span = AudioSpan(
            Int64(range.lowerBound) * NaiveCoverage.cell..<Int64(range.upperBound) * NaiveCoverage.cell
        )
        switch Int.random(in: 0..<13, using: &random) {
        case 0: coverage.captured(upTo: span.end); naive.captured(range.upperBound)
        case 1: if random.happens(30) { coverage.missed(span); naive.missed(range) }
        case 2, 3, 4: coverage.spoke(span); naive.spoke(range)
        case 5: coverage.mayHaveSpoken([span]); naive.mayHaveSpoken(range)
        case 6, 7: coverage.sent(span); naive.sent(range)
        case 8: coverage.confirmed(span); naive.confirmed(range)
        case 9: coverage.connectionHeard(span); naive.heard(range)
        case 10: coverage.heardOnTheWay(span); naive.heardOnTheWay(range)
        default:
            for _ in 0..<Int.random(in: 1...4, using: &random) { coverage.connectionBroke(span); naive.broke(range) }
        }
    }
}

extension SamplePosition {
    fileprivate var cell: Int { Int(self.frames / NaiveCoverage.cell) }
}

extension SpanSet {
    fileprivate var cells: [Range<Int>] { self.spans.map { $0.start.cell..<$0.end.cell } }
}
