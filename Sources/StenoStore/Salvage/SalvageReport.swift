/// What came of putting the rows of a damaged file into a new one. It stands in the new one, for everybody to read.
package struct SalvageReport: Hashable, Sendable {
    /// In `meta`.
    static let key = "salvage"
    /// In `meta` too, until coverage says what is missing.
    static let openKey = "salvage_open"
    /// More tables than any file of ours has.
    private static let limit = 32

    package struct Table: Hashable, Sendable {
        package var name: String
        /// Rows that are in the new file.
        package var rows: Int64
        /// Some of it could not be read. How many rows that were, nobody can tell.
        package var isDamaged: Bool
    }

    package var tables: [Table] = []

    init() {}

    package func isDamaged(_ table: String) -> Bool { self.tables.contains { $0.name == table && $0.isDamaged } }

    /// For people: what is there, and what of it is not. No line names anything that was said.
    package var lines: [String] {
        let rows = self.tables.compactMap { table in Self.nouns[table.name].map { "\(table.rows) \($0)" } }
        let losses = self.tables.filter(\.isDamaged).compactMap { Self.losses[$0.name] }
        return ["What could be read of it is in a new file: \(rows.joined(separator: ", "))."] + losses
    }

    private static let nouns = ["audio": "rows of audio", "utterances": "utterances", "events": "events"]

    /// By the table that some rows of are gone.
    private static let losses = [
        "meta": "Some of its description is lost.",
        "segments": "Where one microphone followed another is lost in part.",
        "audio": "Some of the audio is lost. It is missing from now on, with its place.",
        "gaps": "For some of the missing audio the reason is lost.",
        "events": "Some of the events are lost.",
        "utterances": "Some of the text is lost. What was said there is unconfirmed from now on.",
        "information": "Some of what was read out of the conversation is lost.",
        "coverage": "What became of the audio was worked out anew.",
        "deliveries": "Some of the deliveries are lost. See what is there before it is handed over again.",
    ]

    /// Of several files of one recording.
    mutating func add(_ other: SalvageReport) {
        for table in other.tables {
            guard let index = self.tables.firstIndex(where: { $0.name == table.name }) else {
                self.tables.append(table)
                continue
            }
            self.tables[index].rows = self.tables[index].rows.addingReportingOverflow(table.rows).partialValue
            self.tables[index].isDamaged = self.tables[index].isDamaged || table.isDamaged
        }
    }

    /// As it stands in the file: `audio 152 damaged, utterances 12`.
    var text: String {
        self.tables.map { "\($0.name) \($0.rows)\($0.isDamaged ? " damaged" : "")" }.joined(separator: ", ")
    }

    /// Whatever stands there.
    init(text: String) {
        for part in text.split(separator: ",").prefix(Self.limit) {
            let words = part.split(separator: " ")
            guard words.count >= 2, let rows = Int64(words[1]), rows >= 0 else { continue }
            self.tables.append(Table(name: String(words[0]), rows: rows, isDamaged: words.last == "damaged"))
        }
    }
}
