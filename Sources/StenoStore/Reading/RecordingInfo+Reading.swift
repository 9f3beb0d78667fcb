import GRDB
import Glibc
import StenoCore

extension RecordingInfo {
    /// Looks at all files of a recording.
    ///
    /// - Throws: when one of them is no recording, or cannot be read.
    package init(_ place: RecordingPlace) throws(StoreError) {
        // Looked at first: a writer that ends meanwhile has written everything before it let go.
        let holder = WriterLock.holder(of: place)
        let files = place.files
        guard !files.isEmpty else { throw StoreError(.unknown, place.id) }
        var info: RecordingInfo?
        for (index, path) in files.enumerated() {
            let file = try Connection.reader(path, name: place.id)
            do {
                try file.inDatabase { database in
                    guard try RecordingSchema.version(of: database) > 0 else {
                        throw DatabaseError(resultCode: .SQLITE_NOTADB)
                    }
                    if index == 0 { info = try Self.header(place, database) }
                    try info?.add(database)
                }
            } catch {
                throw StoreError(error, place.id)
            }
        }
        guard var info else { throw StoreError(.notARecording, place.id) }
        if case .process(let process) = holder, info.finished == nil { info.state = .running(process: process) }
        info.parts = files.count
        info.bytes = files.reduce(0) { $0 + Self.bytes($1) }
        self = info
    }

    private static func header(_ place: RecordingPlace, _ database: Database) throws -> RecordingInfo {
        func text(_ key: String) throws -> String? {
            try database.first("SELECT value FROM meta WHERE key = ?", .text(key)) { $0.text(0) } ?? nil
        }
        let description = RecordingDescription(
            id: try text("id") ?? place.id,
            begun: try Self.number("begun", in: database) ?? 0,
            engine: try text("engine") ?? "",
            model: try text("model"),
            realm: try text("realm") ?? "",
            source: try text("source").flatMap(RecordingDescription.Source.init) ?? .microphone,
            device: try text("device"),
            program: try text("program") ?? ""
        )
        let seal = try SealNote(database, name: place.id)
        return RecordingInfo(
            description: description,
            folder: place.folder,
            state: .unfinished,
            isComplete: false,
            finished: nil,
            isRecovered: false,
            end: .zero,
            gaps: [],
            rows: 0,
            utterances: 0,
            coverage: nil,
            deliveries: [],
            isSealed: seal.isSealed,
            isKeyAbsent: seal.isSealed && place.vault?.hasKey(of: seal.id) != true,
            parts: 1,
            schema: try RecordingSchema.version(of: database),
            bytes: 0
        )
    }

    /// Adds what one file knows. Later files know better.
    private mutating func add(_ database: Database) throws {
        if let finished = try Self.number("finished", in: database) {
            self.finished = finished
            self.state = .finished
            self.isComplete = try Self.number("complete", in: database) == 1
            let ending = try database.first("SELECT value FROM meta WHERE key = 'ended_by'") { $0.text(0) } ?? nil
            self.isRecovered = ending == "recovery"
        }
        self.rows += try database.first("SELECT count(*) FROM audio") { $0.integer(0) } ?? 0
        self.utterances += try database.first("SELECT count(*) FROM utterances") { $0.integer(0) } ?? 0
        self.end = max(self.end, try Self.end(of: database))
        self.gaps = Self.merge(self.gaps, try Self.gaps(in: database))
        self.coverage = try Self.coverage(in: database) ?? self.coverage
        try database.rows("SELECT target, state, note, begun, changed FROM deliveries ORDER BY begun") { row in
            let delivery = RecordingDelivery(
                target: row.text(0) ?? "",
                state: row.text(1) ?? "",
                note: row.text(2),
                begun: row.integer(3),
                changed: row.integer(4)
            )
            self.deliveries.removeAll { $0.target == delivery.target }
            self.deliveries.append(delivery)
            return true
        }
    }

    static func number(_ key: String, in database: Database) throws -> Int64? {
        try database.first("SELECT value FROM meta WHERE key = ?", .text(key)) { $0.optionalInteger(0) } ?? nil
    }

    /// Where the timeline ends, as far as it is written.
    static func end(of database: Database) throws -> SamplePosition {
        let rows = try database.first("SELECT position + frames FROM audio ORDER BY position DESC LIMIT 1") {
            $0.integer(0)
        }
        let gaps = try database.first("SELECT max(start + frames) FROM gaps") { $0.integer(0) }
        let total = try Self.number("frames", in: database)
        let end = max(rows ?? 0, gaps ?? 0, total ?? 0)
        return SamplePosition(frames: min(max(0, end), RecordingJournal.positionLimit))
    }

    static func gaps(in database: Database) throws -> [AudioGap] {
        var gaps: [AudioGap] = []
        try database.rows("SELECT start, frames, cause FROM gaps ORDER BY start") { row in
            guard let span = Self.span(row, 0) else { return true }
            gaps.append(AudioGap(span, cause: row.text(2).flatMap(AudioGap.Cause.init) ?? .unreadable))
            return true
        }
        return gaps
    }

    private static func coverage(in database: Database) throws -> RecordingCoverage? {
        guard let total = try Self.number("coverage_total", in: database) else { return nil }
        var sets: [String: SpanSet] = [:]
        try database.rows("SELECT start, frames, state FROM coverage ORDER BY state, start") { row in
            if let span = Self.span(row, 0) { sets[row.text(2) ?? "", default: SpanSet()].insert(span) }
            return true
        }
        return RecordingCoverage(
            total: SamplePosition(frames: total),
            confirmed: sets["confirmed"] ?? SpanSet(),
            unconfirmed: sets["unconfirmed"] ?? SpanSet(),
            missing: sets["missing"] ?? SpanSet(),
            sent: sets["sent"] ?? SpanSet()
        )
    }

    /// A span from two columns; `nil` when no writer of ours made them.
    private static func span(_ row: SQLRow, _ column: Int32) -> AudioSpan? {
        let (start, frames) = (row.integer(column), row.integer(column + 1))
        guard (0...RecordingJournal.positionLimit).contains(start),
            (1...RecordingJournal.positionLimit).contains(frames)
        else { return nil }
        return AudioSpan(start..<start + frames)
    }

    /// A gap that went on in the next file stands in both.
    private static func merge(_ old: [AudioGap], _ new: [AudioGap]) -> [AudioGap] {
        let starts = Set(new.map(\.span.start))
        return (old.filter { !starts.contains($0.span.start) } + new).sorted { $0.span.start < $1.span.start }
    }

    private static func bytes(_ path: String) -> Int64 {
        ["", "-wal", "-shm", "-journal"].reduce(0) { sum, suffix in
            var status = stat()
            return stat(path + suffix, &status) == 0 ? sum + Int64(status.st_size) : sum
        }
    }
}
