import GRDB
import StenoCore

/// The table `deliveries` of one file.
enum DeliveryTable {
    private static let columns = """
        delivery, target, realm, stage, parking, closing, attempts, failures, rejections, resends, searches, missed,
        uncertain, note, duplicates, reason, begun, changed
        """

    /// What can be told without a key, in the order in which it was asked for.
    static func summaries(in database: Database, schema: Int) throws -> [RecordingDelivery] {
        guard schema >= 3 else { return try self.earlier(in: database) }
        var deliveries: [RecordingDelivery] = []
        try database.rows("SELECT \(self.columns) FROM deliveries ORDER BY begun, number") { row in
            deliveries.append(self.summary(row))
            return true
        }
        return deliveries
    }

    /// Everything, in the order in which it was asked for. Sealed parts that do not open are empty.
    static func all(in database: Database, schema: Int, _ seal: RowSeal) throws -> [StoredDelivery] {
        guard schema >= 3 else { return try self.earlier(in: database).map(StoredDelivery.init) }
        var deliveries: [StoredDelivery] = []
        let sealed = "external, wish, result"
        try database.rows("SELECT \(self.columns), \(sealed) FROM deliveries ORDER BY begun, number") { row in
            var delivery = StoredDelivery(self.summary(row))
            func open(_ column: Int32, _ name: String) -> [UInt8]? {
                let identity = self.identity(of: delivery, name)
                return row.withBytes(column) { $0.isEmpty ? nil : seal.open($0, as: identity) }
            }
            delivery.externalID = open(18, "external").map { String(decoding: $0, as: UTF8.self) } ?? delivery.id
            delivery.order = open(19, "wish") ?? []
            delivery.result = open(20, "result")
            deliveries.append(delivery)
            return true
        }
        return deliveries
    }

    /// - Precondition: a transaction is open, and the tables are of this version.
    static func write(_ delivery: StoredDelivery, to database: Database, _ seal: RowSeal) throws {
        let memory = delivery.memory
        var parking: DeliveryMemory.ParkingReason?
        if case .parked(let reason) = memory.stage { parking = reason }
        func sealed(_ bytes: [UInt8], _ name: String) throws -> SQLValue {
            .bytes(try seal.seal(bytes, as: self.identity(of: delivery, name)))
        }
        try database.run("INSERT OR IGNORE INTO deliveries (delivery) VALUES (?)", .text(delivery.id))
        try database.run(
            """
            UPDATE deliveries SET target = ?, realm = ?, stage = ?, parking = ?, closing = ?, attempts = ?,
            failures = ?, rejections = ?, resends = ?, searches = ?, missed = ?, uncertain = ?, note = ?,
            duplicates = ?, reason = ?, begun = ?, changed = ?, external = ?, wish = ?, result = ? WHERE delivery = ?
            """,
            .text(delivery.target),
            .text(delivery.realm),
            .text(memory.stage.word),
            SQLValue(parking?.rawValue),
            SQLValue(delivery.closing?.rawValue),
            SQLValue(memory.attempts),
            SQLValue(memory.failures),
            SQLValue(memory.rejections),
            SQLValue(memory.resends),
            SQLValue(memory.searches),
            SQLValue(Self.milliseconds(memory.missed)),
            SQLValue(memory.isUncertain),
            SQLValue(memory.note),
            SQLValue(memory.duplicates),
            SQLValue(delivery.reason),
            SQLValue(delivery.begun),
            SQLValue(delivery.changed),
            try sealed(Array(delivery.externalID.utf8), "external"),
            try sealed(delivery.order, "wish"),
            try delivery.result.map { try sealed($0, "result") } ?? .null,
            .text(delivery.id)
        )
    }

    /// A row that was moved to another delivery, target or service does not open there.
    private static func identity(of delivery: StoredDelivery, _ column: String) -> RowIdentity {
        .delivery(id: delivery.id, target: delivery.target, realm: delivery.realm, column: column)
    }

    private static func summary(_ row: SQLRow) -> RecordingDelivery {
        var memory = DeliveryMemory()
        // A stage that a later program named: a person looks.
        memory.stage = .init(word: row.text(3) ?? "", parking: row.text(4)) ?? .parked(.unknown)
        memory.attempts = Self.count(row, 6)
        memory.failures = Self.count(row, 7)
        memory.rejections = Self.count(row, 8)
        memory.resends = Self.count(row, 9)
        memory.searches = Self.count(row, 10)
        memory.missed = .milliseconds(Self.count(row, 11))
        memory.isUncertain = row.integer(12) != 0
        memory.note = row.text(13)
        memory.duplicates = Self.count(row, 14)
        return RecordingDelivery(
            id: row.text(0) ?? "",
            target: row.text(1) ?? "",
            realm: row.text(2) ?? "",
            memory: memory,
            closing: row.text(5).map { StoredDelivery.Closing(rawValue: $0) ?? .dropped },
            reason: row.text(15),
            begun: row.integer(16),
            changed: row.integer(17)
        )
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        let parts = duration.components
        return min(max(0, parts.seconds), Int64(Int32.max)) * 1_000 + parts.attoseconds / 1_000_000_000_000_000
    }

    /// What a file says is no reason to count beyond what a machine can add to.
    private static func count(_ row: SQLRow, _ column: Int32) -> Int {
        Int(min(max(0, row.integer(column)), Int64(Int32.max)))
    }
}

extension DeliveryTable {
    /// The first two formats kept the last word on each target and nothing to go on with.
    private static func earlier(in database: Database) throws -> [RecordingDelivery] {
        var deliveries: [RecordingDelivery] = []
        try database.rows("SELECT target, state, note, begun, changed FROM deliveries ORDER BY begun") { row in
            let (target, state) = (row.text(0) ?? "", row.text(1) ?? "")
            var memory = DeliveryMemory()
            memory.note = row.text(2)
            memory.stage = state == "done" ? .done : .parked(.unknown)
            var delivery = RecordingDelivery(
                id: target,
                target: target,
                realm: "",
                memory: memory,
                begun: row.integer(3),
                changed: row.integer(4)
            )
            if state == "skipped" { delivery.closing = .skipped }
            if state != "done", state != "skipped" {
                delivery.closing = .dropped
                delivery.reason = "An earlier steno left it as \(state), and kept nothing to go on with."
            }
            deliveries.append(delivery)
            return true
        }
        return deliveries
    }

    /// At the change from the second format to the third.
    static func takeOver(in database: Database) throws {
        let earlier = try self.earlier(in: database)
        try database.run("DROP TABLE deliveries")
        try database.run(
            """
            CREATE TABLE deliveries (
                number INTEGER PRIMARY KEY, delivery TEXT NOT NULL UNIQUE, target TEXT, realm TEXT, stage TEXT,
                parking TEXT, closing TEXT, attempts INTEGER, failures INTEGER, rejections INTEGER, resends INTEGER,
                searches INTEGER, missed INTEGER, uncertain INTEGER, note TEXT, duplicates INTEGER, reason TEXT,
                begun INTEGER, changed INTEGER, external BLOB, wish BLOB, result BLOB
            )
            """
        )
        // Nothing of these is sealed, and what is empty need not be.
        for delivery in earlier { try self.write(StoredDelivery(delivery), to: database, .none) }
    }
}

extension StoredDelivery {
    fileprivate init(_ summary: RecordingDelivery) {
        self.init(
            id: summary.id,
            target: summary.target,
            realm: summary.realm,
            order: [],
            memory: summary.memory,
            begun: summary.begun
        )
        self.closing = summary.closing
        self.reason = summary.reason
        self.changed = summary.changed
    }
}
