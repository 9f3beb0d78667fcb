import GRDB
import GRDBSQLite
import Glibc
import StenoCore

/// One row of audio on its way to the disk.
struct AudioRow {
    var position: SamplePosition
    /// Samples in it.
    var frames: Int
    var crc: UInt32
    var sound: [UInt8]
}

/// Audio without interruption by a device, a crash or a failing disk.
struct AudioSegment {
    var number: Int
    var start: SamplePosition
    var device: String?
}

/// What is written in one transaction.
struct RecordingBatch {
    var rows: [AudioRow] = []
    var gaps: [AudioGap] = []
    var facts: [RecordingFact] = []
    /// New ones, in order.
    var segments: [AudioSegment] = []
    /// Of all that is written then; `nil` when nothing of it changed.
    var coverage: CoverageMemory?

    var isEmpty: Bool {
        self.rows.isEmpty && self.gaps.isEmpty && self.facts.isEmpty && self.segments.isEmpty && self.coverage == nil
    }
}

/// One SQLite file that is being written. After the first error that leaves its content in doubt it must be dropped and
/// never be written to again: what the system says about a file after a failed `fsync` is not to be believed.
///
/// Not `Sendable`: whoever holds the recording's lock in this process owns it.
final class RecordingPart {
    /// Commits between two checkpoints: 5 s of audio as it comes.
    private static let commitsPerCheckpoint = 20

    private let path: String
    private let name: String
    private let queue: DatabaseQueue
    private let identity: FileIdentity
    private let facts: FactTable
    private var coverage = CoverageTable()
    /// The segment that rows are counted in.
    private var segment = AudioSegment(number: 0, start: .zero, device: nil)
    private var commits = 0
    /// An error came that SQLite may not know the end of. Nothing is written any more.
    private var isDoubtful = false

    /// Makes the file and its tables.
    ///
    /// - Parameter segment: the one that rows belong to until a batch begins another.
    init(
        _ place: RecordingPlace,
        part: Int,
        _ description: RecordingDescription,
        segment: AudioSegment,
        _ seal: RowSeal
    ) throws(StoreError) {
        self.facts = FactTable(seal)
        self.path = place.file(part: part)
        self.name = place.id
        try PrivateFiles.makeFolder(place.folder(part: part))
        try NewFile.make(self.path, name: place.id) { database in
            try RecordingSchema.migrate(database, name: place.id)
            for (key, value) in Self.meta(description, part: part, seal) {
                try database.run("INSERT INTO meta (key, value) VALUES (?, ?)", .text(key), value)
            }
            try description.reference?.write(to: database, seal)
            if let content = description.content {
                try RecordedFile.write(content: content, to: database, seal)
            }
            try Self.insert(segment, into: database)
        }
        self.segment = segment
        self.queue = try Connection.writer(self.path, name: place.id)
        guard let identity = FileIdentity(of: self.path) else { throw StoreError(.gone, place.id) }
        self.identity = identity
    }

    /// Opens a file that is there, to write into it.
    ///
    /// - Parameter needsKey: something that is sealed will be written. Without, no key is needed.
    init(reopening place: RecordingPlace, part: Int, needsKey: Bool = true) throws(StoreError) {
        self.path = place.file(part: part)
        self.name = place.id
        self.queue = try Connection.writer(self.path, name: place.id)
        guard let identity = FileIdentity(of: self.path) else { throw StoreError(.gone, place.id) }
        self.identity = identity
        do {
            let seal = try self.queue.inDatabase { try RowSeal.of($0, in: place, part: part) }
            self.facts = FactTable(needsKey ? try seal.unlocked() : seal)
            try self.queue.inTransaction(.immediate) { database in
                try RecordingSchema.migrate(database, name: place.id)
                return .commit
            }
        } catch {
            throw StoreError(error, place.id)
        }
    }

    func commit(_ batch: RecordingBatch) throws(StoreError) {
        try self.check()
        do {
            let before = self.segment
            do {
                try self.queue.inTransaction(.immediate) { database in
                    try self.write(batch, to: database)
                    return .commit
                }
            } catch {
                self.segment = before
                self.coverage.forget()
                throw error
            }
        } catch {
            throw self.explained(error)
        }
        self.commits += 1
        if self.commits % Self.commitsPerCheckpoint == 0 { self.checkpoint() }
    }

    /// What is committed is safe in the log. So that it cannot be copied is no failure of the commit: without room it is
    /// copied another time, and after any other error the next commit goes elsewhere.
    private func checkpoint() {
        do {
            try self.queue.checkpoint()
        } catch {
            self.isDoubtful = !self.explained(error).isTransient
        }
    }

    /// Takes a recording up again that was finished, or that its writer left.
    func reopen(at position: SamplePosition, segment: AudioSegment, time: Int64) throws(StoreError) {
        self.segment = segment
        do {
            try self.queue.inTransaction(.immediate) { database in
                try database.run("DELETE FROM meta WHERE key IN ('finished', 'complete', 'ended_by', 'audio_finished')")
                try self.facts.write(.event(RecordingEvent("resumed", at: position, time: time)), to: database)
                return .commit
            }
        } catch {
            throw StoreError(error, self.name)
        }
    }

    /// Writes entries of `meta`.
    func state(_ entries: [(key: String, value: SQLValue)]) throws(StoreError) {
        try self.check()
        do {
            try self.queue.inTransaction(.immediate) { database in
                for (key, value) in entries {
                    try database.run("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", .text(key), value)
                }
                return .commit
            }
        } catch {
            throw self.explained(error)
        }
    }

    /// Puts everything into the one file.
    func becomeOneFile() throws(StoreError) {
        do {
            _ = try self.queue.becomeOneFile()
        } catch {
            let error = self.explained(error)
            self.isDoubtful = !error.isTransient
            throw error
        }
    }

    /// Lets tests make the disk refuse: SQLite takes no more pages than these.
    func limit(pages: Int) throws {
        _ = try self.queue.inDatabase { try $0.first("PRAGMA max_page_count = \(pages)") { $0.integer(0) } }
    }

    /// The system goes on writing into a file that has no name any more, and nobody would ever find it.
    private func check() throws(StoreError) {
        guard !self.isDoubtful else { throw StoreError(.failing, self.name, cause: "doubtful") }
        guard FileIdentity(of: self.path) == self.identity else { throw StoreError(.gone, self.name) }
    }

    /// SQLite takes only `ENOSPC` for a full disk; a quota that is used up is the same to us.
    private func explained(_ error: any Error) -> StoreError {
        let failure = StoreError(error, self.name)
        guard failure.reason == .failing else { return failure }
        let code = self.queue.inDatabase { sqlite3_system_errno($0.sqliteConnection) }
        return code == EDQUOT ? StoreError(.full, self.name, cause: failure.cause) : failure
    }

    private func write(_ batch: RecordingBatch, to database: Database) throws {
        var segments = batch.segments[...]
        for row in batch.rows {
            while let next = segments.first, next.start <= row.position {
                try self.begin(next, in: database)
                segments.removeFirst()
            }
            let stored = try SoundRow.columns(of: row, segment: Int64(self.segment.number), self.facts.seal)
            try database.run(
                "INSERT INTO audio (position, segment, frames, crc, sound) VALUES (?, ?, ?, ?, ?)",
                SQLValue(row.position.frames),
                SQLValue(self.segment.number),
                SQLValue(row.frames),
                stored.crc,
                stored.sound
            )
        }
        for next in segments { try self.begin(next, in: database) }
        for gap in batch.gaps {
            try database.run(
                "INSERT OR REPLACE INTO gaps (start, frames, cause) VALUES (?, ?, ?)",
                SQLValue(gap.span.start.frames),
                SQLValue(gap.span.frames),
                .text(gap.cause.rawValue)
            )
        }
        for fact in batch.facts { try self.facts.write(fact, to: database) }
        if let memory = batch.coverage { try self.coverage.write(memory, to: database) }
    }

    private func begin(_ segment: AudioSegment, in database: Database) throws {
        try Self.insert(segment, into: database)
        self.segment = segment
    }

    private static func insert(_ segment: AudioSegment, into database: Database) throws {
        try database.run(
            "INSERT INTO segments (number, start, device) VALUES (?, ?, ?)",
            SQLValue(segment.number),
            SQLValue(segment.start.frames),
            segment.device.map { .bytes(Array($0.utf8)) } ?? .null
        )
    }

    private static func meta(
        _ description: RecordingDescription,
        part: Int,
        _ seal: RowSeal
    ) -> [(String, SQLValue)] {
        [
            ("id", .text(description.id)), ("part", SQLValue(part)), ("begun", SQLValue(description.begun)),
            ("engine", .text(description.engine)), ("model", SQLValue(description.model)),
            ("realm", .text(description.realm)), ("source", .text(description.source.rawValue)),
            ("device", description.device.map { .bytes(Array($0.utf8)) } ?? .null),
            ("rate", SQLValue(SamplePosition.rate)), ("program", .text(description.program)),
            ("seal", .text(seal.name)), ("wants", .text(description.wants.joined(separator: " "))),
        ]
    }
}

/// Which file a name stands for.
struct FileIdentity: Equatable {
    private let device: UInt
    private let node: UInt

    init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.device = UInt(status.st_dev)
        self.node = UInt(status.st_ino)
    }
}
