import GRDB
import StenoCore

/// Reads what can be read of one table of a damaged file: from its beginning, from its end, and between them wherever a
/// row can be asked for by its number.
struct SalvageScan {
    /// So often one table is looked into between its beginning and its end; then the rest of it is given up. Enough for
    /// an hour of audio that is damaged all over, and done in a second.
    private static let probeLimit = 1 << 15
    /// Rows that are read at once at most: 48 days of audio. A page that is its own neighbour must not read for ever.
    private static let rowLimit = 1 << 24

    private let source: Database
    private let table: SalvagedTable
    /// Is given each row, some of them twice.
    private let keep: ([SQLValue]) throws -> Void
    /// SQLite came to the end, and every row was where and what it should be.
    private(set) var isWhole = true

    init(_ table: SalvagedTable, of source: Database, keep: @escaping ([SQLValue]) throws -> Void) {
        self.table = table
        self.source = source
        self.keep = keep
    }

    /// - Throws: what `keep` throws, and whatever of the source is no damage, such as a disk that fails.
    mutating func run() throws {
        guard try self.isOurs() else {
            self.isWhole = false
            return
        }
        let first = try self.read(nil, isDescending: false)
        guard !first.isDone else { return }
        let last = try self.read(nil, isDescending: true)
        guard !last.isDone, self.table.hasNumbers else { return }
        try self.look(
            from: first.end.map { $0 + 1 } ?? 0,
            to: last.end.map { $0 - 1 } ?? RecordingJournal.positionLimit
        )
    }

    /// Looks into the middle, and wherever nothing can be read there, into both halves.
    private mutating func look(from low: Int64, to high: Int64) throws {
        var open = Self.stretches(from: low, to: high, first: self.table.granule * 16)
        var probes = 0
        while let stretch = open.popLast(), probes < Self.probeLimit {
            probes += 2
            let up = try self.read(stretch, isDescending: false)
            let low = up.end.map { $0 + 1 } ?? stretch.lowerBound
            guard !up.isDone, low <= stretch.upperBound else { continue }
            let down = try self.read(low...stretch.upperBound, isDescending: true)
            let high = down.end.map { $0 - 1 } ?? stretch.upperBound
            guard !down.isDone, high - low >= self.table.granule else { continue }
            let middle = low + (high - low) / 2
            open += [middle + 1...high, low...middle]
        }
    }

    /// Of nobody knows what length: each twice as long as the one before, the first one last.
    private static func stretches(from low: Int64, to high: Int64, first: Int64) -> [ClosedRange<Int64>] {
        var stretches: [ClosedRange<Int64>] = []
        var (start, length) = (low, first)
        while start <= high {
            let end = min(high, start + length - 1)
            stretches.append(start...end)
            (start, length) = (end + 1, length * 2)
        }
        return stretches.reversed()
    }

    /// - Returns: whether SQLite came to the end of it, and the last key that it gave.
    private mutating func read(
        _ bounds: ClosedRange<Int64>?,
        isDescending: Bool
    ) throws -> (isDone: Bool, end: Int64?) {
        var order = SalvageOrder<[SQLValue]>(isDescending: isDescending)
        var (end, count): (Int64?, Int) = (nil, 0)
        var failure: (any Error)?
        var isDone = true
        do {
            try self.source.rows(self.statement(bounds, isDescending), self.bound(bounds, isDescending)) { row in
                let values = row.values
                count += 1
                guard self.table.accepts(values), count <= Self.rowLimit else {
                    self.isWhole = false
                    return count <= Self.rowLimit
                }
                let whole = values.compactMap(\.self)
                do {
                    guard self.table.hasNumbers, let key = whole[0].number else {
                        try self.keep(whole)
                        return true
                    }
                    if let bounds, !bounds.contains(key) { return false }
                    end = key
                    if let row = order.add(whole, key: key) { try self.keep(row) }
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
        } catch let error as DatabaseError where error.isDamage {
            isDone = false
        }
        if let failure { throw failure }
        if let row = order.end() { try self.keep(row) }
        if !isDone || !order.isSound { self.isWhole = false }
        return (isDone, end)
    }

    private func statement(_ bounds: ClosedRange<Int64>?, _ isDescending: Bool) -> String {
        let columns = self.table.columns.map(\.name).joined(separator: ", ")
        let order = self.table.order.map { isDescending ? "\($0) DESC" : $0 }.joined(separator: ", ")
        let range = bounds == nil ? "?1 IS NULL" : "\(self.table.order[0]) \(isDescending ? "<=" : ">=") ?1"
        return "SELECT \(columns) FROM \(self.table.name) WHERE \(range) ORDER BY \(order)"
    }

    private func bound(_ bounds: ClosedRange<Int64>?, _ isDescending: Bool) -> SQLValue {
        SQLValue(bounds.map { isDescending ? $0.upperBound : $0.lowerBound })
    }

    /// Whether it is a table, and has the columns of ours. A view, a virtual table or a column that is computed would run
    /// what somebody else wrote.
    func isOurs() throws -> Bool {
        do {
            let kind = "SELECT count(*) FROM sqlite_master WHERE name = ? AND type = 'table' AND rootpage > 0"
            guard try self.source.first(kind, .text(self.table.name), body: { $0.integer(0) }) == 1 else {
                return false
            }
            var names: Set<String> = ["rowid"]
            try self.source.rows("SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0", .text(self.table.name)) {
                if let name = $0.text(0) { names.insert(name) }
                return names.count < 1_000
            }
            return self.table.columns.allSatisfy { names.contains($0.name) }
        } catch let error as DatabaseError where error.isDamage {
            return false
        }
    }
}

extension DatabaseError {
    /// What the file says is the cause, not the disk it lies on: it is damaged, or no writer of ours made it so.
    var isDamage: Bool {
        switch self.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_TOOBIG, .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_FORMAT: true
        default: false
        }
    }
}
