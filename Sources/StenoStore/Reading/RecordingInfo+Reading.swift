import GRDB
import Glibc
import StenoCore

extension RecordingInfo {
    /// Looks at all files of a recording.
    ///
    /// - Throws: when one of them is no recording, or cannot be read.
    package init(_ place: RecordingPlace) throws(StoreError) { try self.init(place, only: nil) }

    /// - Parameter file: the one that is looked at; `nil` means all.
    init(_ place: RecordingPlace, only file: String?) throws(StoreError) {
        // Looked at first: a writer that ends meanwhile has written everything before it let go.
        let holder = WriterLock.holder(of: place)
        let files = file.map { [$0] } ?? place.files
        guard !files.isEmpty else { throw StoreError(.unknown, place.id) }
        var info: RecordingInfo?
        for (index, path) in files.enumerated() {
            let file = try Connection.reader(path, name: place.id)
            do {
                // One transaction, because a writer may commit between two questions.
                try file.inTransaction(.deferred) { database in
                    guard try RecordingSchema.version(of: database) > 0 else {
                        throw DatabaseError(resultCode: .SQLITE_NOTADB)
                    }
                    if index == 0 { info = try Self.header(place, database) }
                    try info?.add(database)
                    return .commit
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
            program: try text("program") ?? "",
            content: try RecordedFile.content(database, in: place),
            reference: try RecordedFile.read(database, in: place),
            wants: try text("wants").map { $0.split(separator: " ").map(String.init) } ?? []
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
            hasAudio: false,
            isReferring: try Self.refers(database),
            setAside: SetAside.names(of: place),
            utterances: 0,
            coverage: nil,
            memory: nil,
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
        if try database.first("SELECT 1 FROM audio LIMIT 1", body: { $0.integer(0) }) != nil { self.hasAudio = true }
        self.utterances += try database.first("SELECT count(*) FROM utterances") { $0.integer(0) } ?? 0
        self.end = max(self.end, try Self.end(of: database))
        self.gaps = Self.merge(self.gaps, try Self.gaps(in: database))
        try self.addSalvage(database)
        if let memory = try CoverageTable.read(database) {
            self.memory = memory
            var coverage = RecordingCoverage(CoverageStateMachine(memory))
            if try Self.refers(database) { coverage.leaveOpen(from: try Self.rowsEnd(in: database)) }
            self.coverage = coverage
        }
        for delivery in try DeliveryTable.summaries(in: database, schema: RecordingSchema.version(of: database)) {
            if let index = self.deliveries.firstIndex(where: { $0.id == delivery.id }) {
                self.deliveries[index] = delivery
            } else {
                self.deliveries.append(delivery)
            }
        }
    }

    private mutating func addSalvage(_ database: Database) throws {
        let text = try database.first("SELECT value FROM meta WHERE key = ?", .text(SalvageReport.key)) { $0.text(0) }
        guard let text, let text else { return }
        var report = self.salvage ?? SalvageReport()
        report.add(SalvageReport(text: text))
        self.salvage = report
        if try Self.number(SalvageReport.openKey, in: database) == 1 { self.isSalvageOpen = true }
    }

    static func number(_ key: String, in database: Database) throws -> Int64? {
        try database.first("SELECT value FROM meta WHERE key = ?", .text(key)) { $0.optionalInteger(0) } ?? nil
    }

    /// Where the timeline ends, as far as anything is known of it.
    static func end(of database: Database) throws -> SamplePosition {
        // Of a file that is only referred to, nothing but this tells how long it is.
        let written = try Self.writtenEnd(of: database)
        guard try Self.refers(database), let told = try Self.number("coverage_total", in: database) else {
            return written
        }
        return max(written, Self.position(told))
    }

    static func refers(_ database: Database) throws -> Bool {
        try database.first("SELECT 1 FROM meta WHERE key = 'reference'", body: { $0.integer(0) }) != nil
    }

    /// Where the timeline ends, as far as it is written here.
    static func writtenEnd(of database: Database) throws -> SamplePosition {
        let rows = try self.rowsEnd(in: database).frames
        let gaps = try database.first("SELECT max(start + frames) FROM gaps") { $0.integer(0) }
        let total = try Self.number("frames", in: database)
        return Self.position(max(rows, gaps ?? 0, total ?? 0))
    }

    private static func rowsEnd(in database: Database) throws -> SamplePosition {
        let end = try database.first("SELECT position + frames FROM audio ORDER BY position DESC LIMIT 1") {
            $0.integer(0)
        }
        return Self.position(end ?? 0)
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

    /// A position from outside, brought to where one can be.
    static func position(_ frames: Int64) -> SamplePosition {
        SamplePosition(frames: min(max(0, frames), RecordingJournal.positionLimit))
    }

    /// A span from two columns; `nil` when no writer of ours made them.
    static func span(_ row: SQLRow, _ column: Int32) -> AudioSpan? {
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
