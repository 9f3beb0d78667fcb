/// Lets rows through that follow one another, and drops those that a damaged page has put where they do not belong.
///
/// A key in the wrong place contradicts its neighbours. When it cannot be told which of two is wrong, both are dropped:
/// what is missing is told, what stands in a wrong place is not.
struct SalvageOrder<Row> {
    /// From the highest key down.
    let isDescending: Bool
    private var last: Int64?
    private var waiting: (key: Int64, row: Row)?
    /// Every row was where it belongs.
    private(set) var isSound = true

    init(isDescending: Bool) { self.isDescending = isDescending }

    /// - Returns: the row that this one has confirmed, if any.
    mutating func add(_ row: Row, key: Int64) -> Row? {
        guard let waiting = self.waiting else {
            if self.follows(key, self.last) { self.waiting = (key, row) } else { self.isSound = false }
            return nil
        }
        guard self.follows(key, waiting.key) else {
            self.isSound = false
            if self.follows(key, self.last) { self.waiting = nil }
            return nil
        }
        self.last = waiting.key
        self.waiting = (key, row)
        return waiting.row
    }

    /// The row that nothing comes after.
    mutating func end() -> Row? {
        defer { self.waiting = nil }
        return self.waiting?.row
    }

    private func follows(_ key: Int64, _ other: Int64?) -> Bool {
        other.map { self.isDescending ? key < $0 : key > $0 } ?? true
    }
}
