import GRDB
import StenoCore
import StenoWire

/// Writes facts into their tables.
struct FactTable {
    let seal: RowSeal

    init(_ seal: RowSeal) { self.seal = seal }

    /// - Precondition: a transaction is open.
    func write(_ fact: RecordingFact, to database: Database) throws {
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
        // Not written by itself: the journal puts it together with what it heard.
        case .coverage: break
        }
    }
}
