import StenoCore

/// A table of a recording as our own programs make it: all that is believed of one in a damaged file.
struct SalvagedTable {
    /// What a writer of ours puts into a column.
    enum Kind {
        case integer, text, bytes, optionalInteger, optionalText, optionalBytes, any
    }

    let name: String
    let columns: [(name: String, kind: Kind)]
    /// What its rows are ordered by. One column is an integer, the first of `columns`, and any row can be asked for by it.
    let order: [String]
    /// So close to each other two rows do not begin: between two damaged pages nobody has to look closer.
    var granule: Int64 = 1

    var hasNumbers: Bool { self.order.count == 1 && self.columns[0].name == self.order[0] && self.isNumbered }
    private var isNumbered: Bool { if case .integer = self.columns[0].kind { true } else { false } }

    /// Whether a writer of ours can have made this row.
    func accepts(_ row: [SQLValue?]) -> Bool {
        guard row.count == self.columns.count, zip(row, self.columns).allSatisfy({ $1.kind.accepts($0) }) else {
            return false
        }
        guard self.hasNumbers else { return true }
        guard let key = row[0]?.number, (0...RecordingJournal.positionLimit).contains(key) else { return false }
        guard self.name == "audio" else { return true }
        // No row goes beyond a multiple of 4,000: one that stands elsewhere than it was written shows.
        let limit = Int64(RowCutter.rowFrames)
        guard let frames = row[2]?.number, frames > 0, frames <= limit else { return false }
        return key % limit + frames <= limit
    }

    /// Those of a file of this version, `meta` first.
    static func all(version: Int) -> [SalvagedTable] {
        [
            self.meta,
            SalvagedTable(
                name: "segments",
                columns: [("number", .integer), ("start", .integer), ("device", .any)],
                order: ["number"]
            ),
            SalvagedTable(
                name: "audio",
                columns: [
                    ("position", .integer), ("segment", .integer), ("frames", .integer), ("crc", .integer),
                    ("sound", .bytes),
                ],
                order: ["position"],
                granule: Int64(RowCutter.rowFrames)
            ),
            SalvagedTable(
                name: "gaps",
                columns: [("start", .integer), ("frames", .integer), ("cause", .text)],
                order: ["start"],
                // A period of a sound card.
                granule: 160
            ),
            SalvagedTable(
                name: "events",
                columns: [
                    ("number", .integer), ("position", .integer), ("time", .integer), ("kind", .text),
                    ("detail", .optionalText),
                ],
                order: ["number"]
            ),
            SalvagedTable(
                name: "utterances",
                columns: [
                    ("rowid", .integer), ("id", .text), ("start", .integer), ("frames", .integer), ("flags", .integer),
                    ("body", .bytes),
                ],
                order: ["rowid"]
            ),
            SalvagedTable(name: "information", columns: [("name", .text), ("body", .bytes)], order: ["name"]),
            SalvagedTable(
                name: "coverage",
                columns: [("state", .text), ("start", .integer), ("frames", .integer)],
                order: ["state", "start"]
            ), version >= 3 ? self.deliveries : self.earlierDeliveries,
        ]
    }

    static let meta = SalvagedTable(name: "meta", columns: [("key", .text), ("value", .any)], order: ["key"])

    static let deliveries = SalvagedTable(
        name: "deliveries",
        columns: [
            ("number", .integer), ("delivery", .text), ("target", .optionalText), ("realm", .optionalText),
            ("stage", .optionalText), ("parking", .optionalText), ("closing", .optionalText),
            ("attempts", .optionalInteger), ("failures", .optionalInteger), ("rejections", .optionalInteger),
            ("resends", .optionalInteger), ("searches", .optionalInteger), ("missed", .optionalInteger),
            ("uncertain", .optionalInteger), ("note", .optionalText), ("duplicates", .optionalInteger),
            ("reason", .optionalText), ("begun", .optionalInteger), ("changed", .optionalInteger),
            ("external", .optionalBytes), ("wish", .optionalBytes), ("result", .optionalBytes),
        ],
        order: ["number"]
    )

    private static let earlierDeliveries = SalvagedTable(
        name: "deliveries",
        columns: [
            ("target", .text), ("state", .text), ("note", .optionalText), ("begun", .integer), ("changed", .integer),
        ],
        order: ["target"]
    )
}

extension SalvagedTable.Kind {
    fileprivate func accepts(_ value: SQLValue?) -> Bool {
        switch (self, value) {
        case (_, nil): false
        case (.any, _), (.integer, .integer), (.text, .text), (.bytes, .bytes): true
        case (.optionalInteger, .integer), (.optionalText, .text), (.optionalBytes, .bytes): true
        case (.optionalInteger, .null), (.optionalText, .null), (.optionalBytes, .null): true
        default: false
        }
    }
}

extension SQLValue {
    /// `nil` for anything but an integer.
    var number: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }
}
