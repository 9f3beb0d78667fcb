import GRDB

/// The tables of a recording and their version.
///
/// What a person said or what is about them stands only in columns of type BLOB, which `RowSeal` seals; `seal` in the
/// table `meta` says whether it did. A position is a frame of the timeline; a time is milliseconds since 1970.
enum RecordingSchema {
    /// The version that this program writes. It reads older and newer ones.
    static let version = 3
    /// "STEN", for `file` and other tools.
    private static let applicationID = 0x5354_454E

    /// - Throws: `newer` when a newer program made the file: its rules are not known here, so nothing is written.
    static func migrate(_ database: Database, name: String) throws {
        let found = try self.version(of: database)
        guard found <= self.version else { throw StoreError(.newer(schema: found), name) }
        try self.step(from: found, to: self.version, in: database)
    }

    /// Makes the tables of this version in an empty file.
    static func make(version: Int, in database: Database) throws {
        try self.step(from: 0, to: min(version, self.version), in: database)
    }

    private static func step(from found: Int, to version: Int, in database: Database) throws {
        for next in found..<version {
            for statement in self.steps[next] { try database.run(statement) }
            if next + 1 == 3 { try DeliveryTable.takeOver(in: database) }
            try database.run(
                "INSERT OR REPLACE INTO meta (key, value) VALUES ('schema', ?)",
                .integer(Int64(next) + 1)
            )
        }
    }

    /// 0 for a file without any table.
    ///
    /// - Throws: `notARecording` when it holds something else, which is no damage.
    static func version(of database: Database) throws -> Int {
        let tables = try database.first("SELECT count(*) FROM sqlite_master") { $0.integer(0) } ?? 0
        guard tables > 0 else { return 0 }
        guard try self.isOurs(database),
            let version = try database.first("SELECT value FROM meta WHERE key = 'schema'", body: { $0.integer(0) })
        else { throw DatabaseError(resultCode: .SQLITE_NOTADB) }
        return Int(clamping: version)
    }

    /// Whether a program of ours made the file, as it says of itself.
    static func isOurs(_ database: Database) throws -> Bool {
        try database.first("PRAGMA application_id", body: { $0.integer(0) }) == Int64(self.applicationID)
    }

    /// At index n: what makes version n + 1 of version n.
    private static let steps: [[String]] = [
        [
            "PRAGMA application_id = \(applicationID)",
            "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID",
            // A segment is audio without interruption by a device, a crash or a failing disk.
            "CREATE TABLE segments (number INTEGER PRIMARY KEY, start INTEGER NOT NULL, device BLOB)",
            // Rows end at multiples of 4,000 or with their segment. `sound` is one FLAC frame
            // without stream header; `crc` that of its samples, and 0 where that is sealed with the sound.
            """
            CREATE TABLE audio (
                position INTEGER PRIMARY KEY, segment INTEGER NOT NULL, frames INTEGER NOT NULL, crc INTEGER NOT NULL,
                sound BLOB NOT NULL
            )
            """,
            "CREATE TABLE gaps (start INTEGER PRIMARY KEY, frames INTEGER NOT NULL, cause TEXT NOT NULL)",
            """
            CREATE TABLE events (
                number INTEGER PRIMARY KEY, position INTEGER NOT NULL, time INTEGER NOT NULL, kind TEXT NOT NULL, detail TEXT
            )
            """,
            """
            CREATE TABLE utterances (
                id TEXT PRIMARY KEY, start INTEGER NOT NULL, frames INTEGER NOT NULL, flags INTEGER NOT NULL,
                body BLOB NOT NULL
            )
            """,
            "CREATE TABLE information (name TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID",
            """
            CREATE TABLE coverage (
                state TEXT NOT NULL, start INTEGER NOT NULL, frames INTEGER NOT NULL, PRIMARY KEY (state, start)
            ) WITHOUT ROWID
            """,
            """
            CREATE TABLE deliveries (
                target TEXT PRIMARY KEY, state TEXT NOT NULL, note TEXT, begun INTEGER NOT NULL, changed INTEGER NOT NULL
            ) WITHOUT ROWID
            """,
        ],
        // Coverage has sets of its own, by other names, and is read in both forms; no table changes.
        [],
        // Deliveries are kept with all that is needed to go on with them; `DeliveryTable` takes the earlier ones over.
        [],
    ]
}
