import GRDB
import Glibc
import StenoCore

/// Puts what can still be read of a damaged file into a new one.
///
/// The tables of the new file are made by us, and nothing that stands in the damaged one as a statement is ever run. Rows
/// are copied as they are, so no key is needed and what is sealed still opens. Whatever a damaged page costs is missing
/// afterwards and told: `SalvageReport` by table, coverage by the sample.
enum Salvage {
    /// - Parameters:
    ///   - draft: is made; what an earlier attempt left there goes first.
    ///   - damaged: stays as it is.
    ///   - part: its number among the files of the recording.
    /// - Returns: `false` when nothing of a recording can be read in it; then nothing is made.
    /// - Throws: why the new file cannot be made, such as a full disk, or `newer`. Then nothing has changed.
    static func make(
        _ draft: String,
        of damaged: String,
        _ place: RecordingPlace,
        part: Int
    ) throws(StoreError) -> Bool {
        for suffix in ["", ".new"] { unlink(draft + suffix) }
        let source: DatabaseQueue
        do throws(StoreError) {
            source = try Connection.suspect(damaged, name: place.id)
        } catch {
            guard error.isDamage else { throw error }
            return false
        }
        do throws(StoreError) {
            try NewFile.make(draft, name: place.id, journal: .memory) { target in
                try source.inDatabase { try Self.copy($0, to: target, place, part: part) }
            }
            return true
        } catch {
            // Room is what may be missing.
            for suffix in ["", ".new"] { unlink(draft + suffix) }
            guard error.reason == .notARecording else { throw error }
            return false
        }
    }

    private static func copy(_ source: Database, to target: Database, _ place: RecordingPlace, part: Int) throws {
        guard try RecordingSchema.isOurs(source) else { throw StoreError(.notARecording, place.id) }
        var meta: [String: SQLValue] = [:]
        var scan = SalvageScan(.meta, of: source) { row in
            if case .text(let key) = row[0], meta.count < 1_000 { meta[key] = row[1] }
        }
        try scan.run()
        let version = try Self.version(of: source, meta, name: place.id)
        try RecordingSchema.make(version: version, in: target)
        var report = SalvageReport()
        report.tables.append(.init(name: "meta", rows: Int64(meta.count), isDamaged: !scan.isWhole))
        for table in SalvagedTable.all(version: version) where table.name != "meta" {
            report.tables.append(try Self.copy(table, source, to: target))
        }
        guard !meta.isEmpty || report.tables.contains(where: { $0.rows > 0 }) else {
            throw StoreError(.notARecording, place.id)
        }
        // Somebody will have to finish it, with what is missing now.
        for key in ["finished", "complete", "ended_by", "schema"] { meta[key] = nil }
        if case .text(let seal) = meta["seal"], ![RowSeal.sealedName, RowSeal.unsealedName].contains(seal) {
            meta["seal"] = nil
        }
        for (key, value) in try Self.supplements(to: meta, version, target, place, part: part) where meta[key] == nil {
            meta[key] = value
        }
        for (key, value) in meta {
            try target.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", .text(key), value)
        }
        try Self.keepEnd(in: target)
        try Self.note(report, in: target)
    }

    private static func copy(
        _ table: SalvagedTable,
        _ source: Database,
        to target: Database
    ) throws -> SalvageReport.Table {
        let columns = table.columns.map(\.name).joined(separator: ", ")
        let places = table.columns.map { _ in "?" }.joined(separator: ", ")
        let insertion = "INSERT OR IGNORE INTO \(table.name) (\(columns)) VALUES (\(places))"
        var scan = SalvageScan(table, of: source) { try target.run(insertion, values: $0) }
        try scan.run()
        let rows = try target.first("SELECT count(*) FROM \(table.name)") { $0.integer(0) } ?? 0
        return SalvageReport.Table(name: table.name, rows: rows, isDamaged: !scan.isWhole)
    }

    /// The tables themselves say it better than a number that may be damaged.
    private static func version(of source: Database, _ meta: [String: SQLValue], name: String) throws -> Int {
        let told = meta["schema"]?.number
        if let told, told > RecordingSchema.version { throw StoreError(.newer(schema: Int(clamping: told)), name) }
        let isThird = try SalvageScan(.deliveries, of: source) { _ in }.isOurs()
        return isThird ? 3 : Int(min(max(1, told ?? 3), 3))
    }

    /// What must stand in `meta` so that the rows can be read, for the case that it was there that the file was damaged.
    private static func supplements(
        to meta: [String: SQLValue],
        _ version: Int,
        _ target: Database,
        _ place: RecordingPlace,
        part: Int
    ) throws -> [(String, SQLValue)] {
        // A sealed row keeps its checksum inside of the seal; and a sealed text does not begin as ours do.
        let isSealed =
            try target.first("SELECT crc = 0 FROM audio LIMIT 1", body: { $0.integer(0) == 1 })
            ?? target.first("SELECT substr(body, 1, 1) <> x'7B' FROM utterances LIMIT 1", body: { $0.integer(0) == 1 })
            ?? false
        let begun = try target.first("SELECT time FROM events ORDER BY number LIMIT 1") { $0.integer(0) }
        return [
            ("id", .text(place.id)), ("part", SQLValue(part)), ("schema", SQLValue(version)),
            ("rate", SQLValue(SamplePosition.rate)), ("begun", SQLValue(begun ?? 0)),
            ("seal", .text(isSealed ? RowSeal.sealedName : RowSeal.unsealedName)),
        ]
    }

    /// The last rows may be what was lost. Whatever else tells where they ended does so now, and nothing else ever takes
    /// their place.
    private static func keepEnd(in database: Database) throws {
        let spans = "SELECT max(start + frames) FROM coverage WHERE start BETWEEN 0 AND ?1 AND frames BETWEEN 0 AND ?1"
        let covered = try database.first(spans, SQLValue(RecordingJournal.positionLimit)) { $0.integer(0) } ?? 0
        let begun = try database.first("SELECT max(start) FROM segments") { $0.integer(0) } ?? 0
        let told = try RecordingInfo.number("coverage_total", in: database) ?? 0
        let end = RecordingInfo.position(max(covered, begun, told))
        guard try RecordingInfo.end(of: database) < end else { return }
        let key = try RecordingInfo.refers(database) ? "coverage_total" : "frames"
        try database.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", .text(key), SQLValue(end.frames))
    }

    private static func note(_ report: SalvageReport, in database: Database) throws {
        // A new segment must have a number that none has.
        try database.run(
            "INSERT OR IGNORE INTO segments (number, start) SELECT segment, min(position) FROM audio GROUP BY segment"
        )
        for key in [SalvageReport.key, SalvageReport.openKey] {
            try database.run(
                "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
                .text(key),
                key == SalvageReport.key ? .text(report.text) : SQLValue(true)
            )
        }
    }
}
