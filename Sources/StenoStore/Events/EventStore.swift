internal import GRDB
internal import Glibc
internal import StenoCore

/// The events that a service announced, each on the disk before it is acknowledged.
///
/// ```
/// $STENO_HOME/webhooks/events.sqlite   0600; bodies and results are sealed like recordings
/// $STENO_HOME/webhooks/lock            held by the one process that receives
/// ```
///
/// Bounded: a file of at most 1 GiB, which is more than a million usual events. When it is full, nothing is acknowledged,
/// and the service announces it again. What is done is forgotten after ``EventNovelty/memory``.
package final class EventStore: Sendable {
    /// Pages of 4,096 bytes.
    private static let largest = 262_144
    private static let name = "webhooks"
    /// In the vault, beside the keys of recordings.
    private static let keyName = "webhook-events"
    /// Commits between two copies of SQLite's log into its file.
    private static let checkpointInterval: Int64 = 256

    let queue: DatabaseQueue
    let seal: RowSeal
    private let lock: Lock

    /// - Parameters:
    ///   - folder: is made if it is not there.
    ///   - vault: `nil` when nothing is to be sealed.
    /// - Throws: `inUse` when another process receives.
    package init(folder: String, vault: RecordingVault?) throws(StoreError) {
        try PrivateFiles.makeFolder(folder)
        self.lock = try Lock("\(folder)/lock", name: Self.name)
        let path = "\(folder)/events.sqlite"
        if access(path, F_OK) != 0 { try PrivateFiles.makeFile(path, name: Self.name) }
        self.seal = RowSeal.some(try vault?.makeKey(for: Self.keyName).key, part: 1)
        self.queue = try Connection.writer(path, name: Self.name)
        do {
            try self.queue.inDatabase { database in
                try database.run("PRAGMA max_page_count = \(Self.largest)")
                try database.execute(sql: Self.schema)
            }
        } catch {
            throw StoreError(error, Self.name)
        }
    }

    private static let schema = """
        CREATE TABLE IF NOT EXISTS event (
            id INTEGER PRIMARY KEY,
            delivery TEXT,
            content TEXT NOT NULL,
            received INTEGER NOT NULL,
            stage INTEGER NOT NULL,
            tries INTEGER NOT NULL,
            due INTEGER NOT NULL,
            echo INTEGER NOT NULL,
            body BLOB NOT NULL,
            result BLOB,
            digest BLOB
        ) STRICT;
        CREATE INDEX IF NOT EXISTS event_delivery ON event (delivery);
        CREATE INDEX IF NOT EXISTS event_content ON event (content, received);
        CREATE INDEX IF NOT EXISTS event_work ON event (stage, due);
        CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        """

    /// One transaction, on the disk when it returns.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            let value = try await self.queue.write { database in
                let value = try body(database)
                return (value, database.totalChangesCount)
            }
            if Int64(value.1) % Self.checkpointInterval == 0 { try? self.queue.checkpoint() }
            return value.0
        } catch {
            throw StoreError(error, Self.name)
        }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do {
            return try await self.queue.read(body)
        } catch {
            throw StoreError(error, Self.name)
        }
    }

    /// Says that this process receives; ends with it however it ends.
    private struct Lock: ~Copyable, Sendable {
        private let descriptor: Int32

        init(_ path: String, name: String) throws(StoreError) {
            self.descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard self.descriptor >= 0 else { throw StoreError(errno: errno, name, call: "open") }
            guard flock(self.descriptor, LOCK_EX | LOCK_NB) == 0 else {
                let code = errno
                close(self.descriptor)
                guard code == EWOULDBLOCK else { throw StoreError(errno: code, name, call: "flock") }
                throw StoreError(.inUse(process: nil), name)
            }
        }

        deinit { close(self.descriptor) }
    }
}
