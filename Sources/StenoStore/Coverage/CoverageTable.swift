import GRDB
import StenoCore

/// Coverage in the tables of a recording: each set as spans in `coverage`, the rest in `meta`.
///
/// Spans that did not change since the last time are left alone, so that the cost is that of what is new and not of the
/// whole recording.
struct CoverageTable {
    private var written: [Column]?
    private var lastConfirmed: SamplePosition?

    /// One set, by the name that stands in the file.
    private struct Column {
        var name: String
        var set: SpanSet
    }

    /// What was written may not be there: the next time all of it is written.
    mutating func forget() { self.written = nil }

    /// - Precondition: a transaction is open. When it is taken back, `forget`.
    mutating func write(_ memory: CoverageMemory, to database: Database) throws {
        let columns = Self.columns(of: memory)
        if self.written == nil { try database.run("DELETE FROM coverage") }
        for (index, now) in columns.enumerated() {
            try Self.write(now, replacing: self.written?[index].set ?? SpanSet(), to: database)
        }
        try Self.set("coverage_total", memory.total, in: database)
        if self.written == nil || memory.lastConfirmed != self.lastConfirmed {
            try Self.set("coverage_last_confirmed", memory.lastConfirmed, in: database)
        }
        self.written = columns
        self.lastConfirmed = memory.lastConfirmed
    }

    /// - Returns: `nil` when the file says nothing of it.
    static func read(_ database: Database) throws -> CoverageMemory? {
        guard let total = try RecordingInfo.number("coverage_total", in: database) else { return nil }
        var memory = CoverageMemory()
        memory.total = RecordingInfo.position(total)
        memory.lastConfirmed = try RecordingInfo.number("coverage_last_confirmed", in: database)
            .map(RecordingInfo.position)
        memory.broken = [SpanSet](repeating: SpanSet(), count: CoverageStateMachine.replayLimit + 1)
        try database.rows("SELECT start, frames, state FROM coverage ORDER BY state, start") { row in
            if let span = RecordingInfo.span(row, 0) { Self.add(span, to: row.text(2) ?? "", of: &memory) }
            return true
        }
        if memory.lastConfirmed == nil, let end = memory.confirmed.end {
            // The first format did not keep it.
            memory.lastConfirmed = max(.zero, end - CoverageStateMachine.tolerance)
        }
        return memory
    }

    private static func write(_ now: Column, replacing before: SpanSet, to database: Database) throws {
        guard now.set != before else { return }
        // Audio comes in order, so nearly always only the end differs.
        let same = zip(before.spans, now.set.spans).prefix { $0 == $1 }.count
        var old = before.spans[same...]
        for span in now.set.spans[same...] {
            while let gone = old.first, gone.start < span.start {
                try Self.delete(gone, of: now.name, in: database)
                old.removeFirst()
            }
            let kept = old.first?.start == span.start ? old.removeFirst() : nil
            guard kept != span else { continue }
            try database.run(
                "INSERT OR REPLACE INTO coverage (state, start, frames) VALUES (?, ?, ?)",
                .text(now.name),
                SQLValue(span.start.frames),
                SQLValue(span.frames)
            )
        }
        for gone in old { try Self.delete(gone, of: now.name, in: database) }
    }

    private static func delete(_ span: AudioSpan, of name: String, in database: Database) throws {
        try database.run(
            "DELETE FROM coverage WHERE state = ? AND start = ?",
            .text(name),
            SQLValue(span.start.frames)
        )
    }

    /// Whether some audio stands twice in a set, which no writer of ours does.
    static func overlaps(in database: Database) throws -> Bool {
        try database.first(
            """
            SELECT 1 FROM coverage AS one JOIN coverage AS other ON other.state = one.state
                AND other.start > one.start AND other.start < one.start + one.frames LIMIT 1
            """
        ) { $0.integer(0) } != nil
    }

    private static func set(_ key: String, _ position: SamplePosition?, in database: Database) throws {
        try database.run(
            "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
            .text(key),
            position.map { SQLValue($0.frames) } ?? .null
        )
    }

    private static func columns(of memory: CoverageMemory) -> [Column] {
        let bounds = AudioSpan(start: .zero, end: memory.total)
        var columns = [
            Column(name: "confirmed", set: memory.confirmed), Column(name: "missing", set: memory.missing),
            Column(name: "speech", set: memory.speech), Column(name: "sent", set: memory.sent),
            Column(name: "settled", set: memory.settled), Column(name: "heard", set: memory.heardOnce),
        ]
        for level in 0...CoverageStateMachine.replayLimit {
            let set = level < memory.broken.count ? memory.broken[level] : SpanSet()
            columns.append(Column(name: "broken-\(level)", set: set))
        }
        return columns.map { Column(name: $0.name, set: $0.set.clamped(to: bounds)) }
    }

    /// A name that is not known is a newer program's, and passed over.
    private static func add(_ span: AudioSpan, to name: String, of memory: inout CoverageMemory) {
        switch name {
        case "confirmed": memory.confirmed.insert(span)
        case "missing": memory.missing.insert(span)
        // The first format kept what was unconfirmed, and not what was speech.
        case "speech", "unconfirmed": memory.speech.insert(span)
        case "sent": memory.sent.insert(span)
        case "settled": memory.settled.insert(span)
        case "heard": memory.heardOnce.insert(span)
        default:
            guard name.hasPrefix("broken-"), let level = Int(name.dropFirst(7)),
                memory.broken.indices.contains(level)
            else { return }
            memory.broken[level].insert(span)
        }
    }
}
