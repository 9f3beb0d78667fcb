internal import GRDB
package import StenoCore

extension EventStore {
    /// Keeps an event unless its delivery is known. It is on the disk when this returns.
    ///
    /// - Parameters:
    ///   - content: type and ids.
    ///   - now: milliseconds since 1970.
    package func add(
        delivery: String?,
        content: String,
        body: [UInt8],
        at now: Int64
    ) async throws(StoreError) -> EventAddition {
        let seal = self.seal
        return try await self.write { database in
            let sameDelivery = try delivery.flatMap { delivery in
                try database.first("SELECT max(received) FROM event WHERE delivery = ?", .text(delivery)) {
                    $0.optionalInteger(0)
                } ?? nil
            }
            let sameContent =
                try database.first("SELECT max(received) FROM event WHERE content = ?", .text(content)) {
                    $0.optionalInteger(0)
                } ?? nil
            let work: EventWork
            switch EventNovelty(sameDelivery: sameDelivery, sameContent: sameContent, at: now) {
            case .known: return .known
            case .new: work = EventWork(received: now)
            case .echo(let due): work = EventWork(received: now, due: due, isEcho: true)
            }
            let id = try database.first("SELECT ifnull(max(id), 0) + 1 FROM event") { $0.integer(0) } ?? 1
            try database.run(
                """
                INSERT INTO event (id, delivery, content, received, stage, tries, due, echo, body)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                .integer(id),
                SQLValue(delivery),
                .text(content),
                .integer(now),
                SQLValue(work.stage.rawValue),
                SQLValue(work.tries),
                .integer(work.due),
                SQLValue(work.isEcho),
                .bytes(try seal.seal(body, as: Self.row(id, "body")))
            )
            return .added(id: id)
        }
    }

    /// What the work on an event has come to, and what was read for it.
    package func update(_ event: StoredEvent) async throws(StoreError) {
        let seal = self.seal
        try await self.write { database in
            let result = try event.result.map { try seal.seal($0, as: Self.row(event.id, "result")) }
            try database.run(
                "UPDATE event SET stage = ?, tries = ?, due = ?, result = ?, digest = ? WHERE id = ?",
                SQLValue(event.work.stage.rawValue),
                SQLValue(event.work.tries),
                .integer(event.work.due),
                result.map { .bytes($0) } ?? .null,
                event.digest.map { .bytes($0) } ?? .null,
                .integer(event.id)
            )
        }
    }

    /// Whether an earlier event with the same content was told the same.
    package func isOldNews(_ event: StoredEvent) async throws(StoreError) -> Bool {
        guard let digest = event.digest else { return true }
        return try await self.read { database in
            try database.first(
                "SELECT digest FROM event WHERE content = ? AND id < ? AND digest NOT NULL ORDER BY id DESC LIMIT 1",
                .text(event.content),
                .integer(event.id)
            ) { $0.bytes(0) == digest } ?? false
        }
    }

    /// Events that are to be worked on, the longest due first.
    ///
    /// - Parameter busy: those that are being worked on.
    package func due(
        at now: Int64,
        _ policy: EventPolicy,
        limit: Int,
        except busy: Set<Int64>
    ) async throws(StoreError) -> [StoredEvent] {
        let seal = self.seal
        return try await self.read { database in
            var events: [StoredEvent] = []
            try database.rows("\(Self.columns) WHERE stage < ? ORDER BY due", .integer(2)) { row in
                let work = Self.work(row)
                if !busy.contains(row.integer(0)), work.isDue(at: now, policy) {
                    events.append(Self.event(row, work, seal))
                }
                return events.count < limit
            }
            return events
        }
    }

    /// When the next event becomes due; `nil` when none waits.
    package func nextDue(except busy: Set<Int64>) async throws(StoreError) -> Int64? {
        try await self.read { database in
            var next: Int64?
            try database.rows("SELECT id, due FROM event WHERE stage < ? ORDER BY due", .integer(2)) { row in
                guard !busy.contains(row.integer(0)) else { return true }
                next = row.integer(1)
                return false
            }
            return next
        }
    }

    /// Takes up what the last process left, and forgets what is long done.
    ///
    /// - Returns: how many events are unfinished.
    package func restart(at now: Int64) async throws(StoreError) -> Int {
        try await self.forget(at: now)
        return try await self.write { database in
            var parked: [(Int64, EventWork)] = []
            try database.rows("\(Self.columns) WHERE stage = ?", .integer(3)) { row in
                var work = Self.work(row)
                work.restarted(at: now)
                parked.append((row.integer(0), work))
                return true
            }
            for (id, work) in parked {
                try database.run(
                    "UPDATE event SET stage = ?, tries = ?, due = ? WHERE id = ?",
                    SQLValue(work.stage.rawValue),
                    SQLValue(work.tries),
                    .integer(work.due),
                    .integer(id)
                )
            }
            return try database.first("SELECT count(*) FROM event WHERE stage < 2") { Int($0.integer(0)) } ?? 0
        }
    }

    /// Forgets what was done longer ago than deliveries are remembered.
    package func forget(at now: Int64) async throws(StoreError) {
        let limit = now - EventNovelty.memory.components.seconds * 1_000
        try await self.write { database in
            try database.run("DELETE FROM event WHERE stage = 2 AND received < ?", .integer(limit))
        }
    }

    /// A word about the service that outlives the process.
    package func note(_ name: String) async throws(StoreError) -> String? {
        try await self.read { database in
            try database.first("SELECT value FROM note WHERE name = ?", .text(name)) { $0.text(0) } ?? nil
        }
    }

    package func setNote(_ name: String, _ value: String) async throws(StoreError) {
        try await self.write { database in
            try database.run("INSERT OR REPLACE INTO note (name, value) VALUES (?, ?)", .text(name), .text(value))
        }
    }

    private static let columns =
        "SELECT id, delivery, content, received, stage, tries, due, echo, body, result, digest FROM event"

    private static func row(_ id: Int64, _ part: String) -> RowIdentity {
        .information(name: "webhook event \(id) \(part)")
    }

    private static func work(_ row: SQLRow) -> EventWork {
        EventWork(
            stage: EventWork.Stage(rawValue: Int(row.integer(4))) ?? .parked,
            tries: Int(row.integer(5)),
            due: row.integer(6),
            received: row.integer(3),
            isEcho: row.integer(7) != 0
        )
    }

    /// What cannot be opened is as if it were empty: the event then says so.
    private static func event(_ row: SQLRow, _ work: EventWork, _ seal: RowSeal) -> StoredEvent {
        let id = row.integer(0)
        let result = row.withBytes(9) { $0.isEmpty ? nil : seal.open($0, as: Self.row(id, "result")) }
        return StoredEvent(
            id: id,
            delivery: row.text(1),
            content: row.text(2) ?? "",
            body: row.withBytes(8) { seal.open($0, as: Self.row(id, "body")) } ?? [],
            work: work,
            result: result,
            digest: row.withBytes(10) { $0.isEmpty ? nil : Array($0) }
        )
    }
}
