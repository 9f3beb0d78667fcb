import GRDB
import StenoCore
import StenoWire

/// Writes facts into their tables. Rows that did not change since the last time are left alone, so that the cost of
/// coverage is that of what is new and not of the whole recording.
struct FactTable {
    let seal: RowSeal
    private var coverage: RecordingCoverage?

    init(_ seal: RowSeal) { self.seal = seal }

    /// - Precondition: a transaction is open. When it is taken back, `forget` what was written.
    mutating func write(_ fact: RecordingFact, to database: Database) throws {
        switch fact {
        case .event(let event):
            try database.run(
                "INSERT INTO events (position, time, kind, detail) VALUES (?, ?, ?, ?)",
                SQLValue(event.position.frames),
                SQLValue(event.time),
                .text(event.kind),
                SQLValue(event.detail)
            )
        case .utterance(let utterance):
            try database.run(
                "INSERT OR REPLACE INTO utterances (id, start, frames, flags, body) VALUES (?, ?, ?, ?, ?)",
                .text(utterance.id.description),
                SQLValue(utterance.span.start.frames),
                SQLValue(utterance.span.frames),
                SQLValue(UtteranceRow.flags(of: utterance)),
                .bytes(try self.seal.seal(UtteranceRow.body(of: utterance), as: UtteranceRow.identity(of: utterance)))
            )
        case .withdrawn(let id):
            try database.run("DELETE FROM utterances WHERE id = ?", .text(id.description))
        case .information(let information):
            try database.run(
                "INSERT OR REPLACE INTO information (name, body) VALUES ('information', ?)",
                .bytes(try self.seal.seal(InformationRow.body(of: information), as: InformationRow.identity))
            )
        case .coverage(let coverage): try self.write(coverage, to: database)
        case .delivery(let delivery):
            try database.run(
                "INSERT OR REPLACE INTO deliveries (target, state, note, begun, changed) VALUES (?, ?, ?, ?, ?)",
                .text(delivery.target),
                .text(delivery.state),
                SQLValue(delivery.note),
                SQLValue(delivery.begun),
                SQLValue(delivery.changed)
            )
        }
    }

    /// What was written may not be there: the next coverage is written as a whole.
    mutating func forget() { self.coverage = nil }

    private mutating func write(_ coverage: RecordingCoverage, to database: Database) throws {
        let old = self.coverage?.spans.map(\.set) ?? coverage.spans.map { _ in SpanSet() }
        for (before, now) in zip(old, coverage.spans) {
            // Audio comes in order, so nearly always only the end differs.
            let same = zip(before.spans, now.set.spans).prefix { $0 == $1 }.count
            if before.spans.count > same || self.coverage == nil {
                let from = same < before.spans.count ? before.spans[same].start.frames : 0
                try database.run(
                    "DELETE FROM coverage WHERE state = ? AND start >= ?",
                    .text(now.state),
                    SQLValue(from)
                )
            }
            for span in now.set.spans[same...] {
                try database.run(
                    "INSERT OR REPLACE INTO coverage (state, start, frames) VALUES (?, ?, ?)",
                    .text(now.state),
                    SQLValue(span.start.frames),
                    SQLValue(span.frames)
                )
            }
        }
        try database.run(
            "INSERT OR REPLACE INTO meta (key, value) VALUES ('coverage_total', ?)",
            SQLValue(coverage.total.frames)
        )
        self.coverage = coverage
    }
}
