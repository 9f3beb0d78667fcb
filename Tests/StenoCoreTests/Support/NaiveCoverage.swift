import StenoCore

/// What `CoverageStateMachine` promises, written down sample by sample: slow, and too plain to be wrong.
///
/// A cell is 10 ms, which divides every bound of the machine.
struct NaiveCoverage {
    static let cell = Int64(160)
    private static let click = 15
    private static let short = 150

    private struct Cell {
        var missing = false, confirmed = false, spoke = false, tentative = false, sent = false, settled = false
        var heard = 0, broken = 0

        var isUnconfirmed: Bool { (self.spoke || self.tentative) && !self.confirmed && !self.missing }
    }

    private var cells: [Cell]
    private(set) var total = 0
    private var lastConfirmed: Int?

    init(cells: Int) { self.cells = [Cell](repeating: Cell(), count: cells) }

    // MARK: Events

    mutating func captured(_ end: Int) { self.total = max(self.total, end) }
    mutating func missed(_ range: Range<Int>) {
        for index in range { self.cells[index].missing = true }
        self.captured(range.upperBound)
    }
    mutating func spoke(_ range: Range<Int>) { for index in range { self.cells[index].spoke = true } }
    mutating func mayHaveSpoken(_ range: Range<Int>) {
        for index in self.cells.indices { self.cells[index].tentative = range.contains(index) }
    }
    mutating func sent(_ range: Range<Int>) { for index in range { self.cells[index].sent = true } }
    mutating func confirmed(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        for index in self.clamped(range.lowerBound - 16, range.upperBound + 16) { self.cells[index].confirmed = true }
        self.lastConfirmed = max(self.lastConfirmed ?? 0, range.upperBound)
    }
    mutating func heard(_ range: Range<Int>) {
        let pieces = self.unsettled + self.resendable
        let end = range.upperBound < self.total ? range.upperBound - 1 : range.upperBound
        for piece in pieces where range.lowerBound <= piece.lowerBound && piece.upperBound <= end {
            guard piece.count < Self.short || piece.allSatisfy({ self.cells[$0].heard > 0 }) else { continue }
            for index in piece { self.cells[index].settled = true }
        }
        for index in range { self.cells[index].heard += 1 }
    }
    mutating func broke(_ range: Range<Int>) { for index in range { self.cells[index].broken += 1 } }

    // MARK: What follows from them

    var unconfirmed: [Range<Int>] { self.runs { $0.isUnconfirmed } }
    var unsettled: [Range<Int>] { self.runs { $0.isUnconfirmed && !$0.settled } }

    /// In cells; the machine's are in frames.
    var totals: CoverageTotals {
        let all = self.cells[..<self.total]
        let missing = all.count { $0.missing }
        let confirmed = all.count { $0.confirmed && !$0.missing }
        let unconfirmed = self.unconfirmed.reduce(0) { $0 + $1.count }
        return CoverageTotals(
            total: Int64(self.total) * Self.cell,
            confirmed: Int64(confirmed) * Self.cell,
            silent: Int64(self.total - missing - confirmed - unconfirmed) * Self.cell,
            unconfirmed: Int64(unconfirmed) * Self.cell,
            missing: Int64(missing) * Self.cell,
            sent: Int64(all.count { $0.sent }) * Self.cell
        )
    }

    /// Pieces that a replay would be for.
    private var resendable: [Range<Int>] {
        let wanted = self.unsettled
        let isWanted = self.cells.indices.map { index in
            !self.isExhausted(index) && wanted.contains { $0.contains(index) }
        }
        return self.runs(isWanted)
    }

    var awaited: Int? {
        guard let end = self.resendable.last?.upperBound, end > (self.lastConfirmed ?? 0) else { return nil }
        return end
    }

    var replayStart: Int? {
        guard let sent = self.cells.lastIndex(where: \.sent).map({ $0 + 1 }) else { return nil }
        let exhausted = self.cells.indices.last { self.isExhausted($0) }.map { $0 + 1 } ?? 0
        let onset = self.onset(before: sent, exhausted)
        guard let piece = self.resendable.first(where: { $0.contains { self.cells[$0].sent } }) else { return onset }
        return min(onset, self.pause(before: piece))
    }

    private func onset(before sent: Int, _ exhausted: Int) -> Int {
        let confirmed = self.lastConfirmed.map { $0 + 16 } ?? 0
        let latest = max(sent - 31, exhausted, 0)
        guard confirmed > latest else { return min(sent, latest) }
        let sounds = self.stretches(self.cells.map { $0.spoke || $0.tentative }, to: self.cells.count)
        guard sent < self.total, let sound = sounds.first(where: { $0.contains(sent - 1) }) else {
            return min(sent, confirmed)
        }
        return min(sent, max(exhausted, sent - 500, sound.lowerBound - 16, 0))
    }

    private func pause(before piece: Range<Int>) -> Int {
        let spoken = self.stretches(self.cells.map { $0.spoke || $0.tentative }, to: self.cells.count).first {
            $0.overlaps(piece)
        }
        let start = max(0, (spoken ?? piece).lowerBound - 16, piece.lowerBound - 500)
        guard start < piece.lowerBound else { return piece.lowerBound }
        let broken = (start..<piece.lowerBound).last { self.isExhausted($0) }
        return broken.map { $0 + 1 } ?? start
    }

    // MARK: Runs

    private func clamped(_ lower: Int, _ upper: Int) -> Range<Int> {
        max(0, lower)..<min(self.cells.count, upper)
    }

    private func isExhausted(_ index: Int) -> Bool { self.cells[index].broken > CoverageStateMachine.replayLimit }

    private func runs(where predicate: (Cell) -> Bool) -> [Range<Int>] { self.runs(self.cells.map(predicate)) }

    /// Clicks left out.
    private func runs(_ flags: [Bool]) -> [Range<Int>] {
        self.stretches(flags, to: self.total).filter { run in
            run.count >= Self.click || run.contains { self.isExhausted($0) }
        }
    }

    private func stretches(_ flags: [Bool], to end: Int) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for index in 0..<end where flags[index] {
            if let last = runs.last, last.upperBound == index {
                runs[runs.count - 1] = last.lowerBound..<(index + 1)
            } else {
                runs.append(index..<(index + 1))
            }
        }
        return runs
    }
}
