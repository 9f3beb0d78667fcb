import CSQLiteShim
import GRDB
import GRDBSQLite
import Glibc

/// Opens the SQLite file of a recording, always with the same settings.
enum Connection {
    /// Seconds that a statement waits for another connection. Readers keep their transactions short.
    private static let patience = 2.0

    /// The one connection that writes.
    ///
    /// Every commit is on the disk when it returns: WAL with `synchronous=EXTRA`, which is read back, because a file
    /// system or a build of SQLite that does not do it would break the promise silently. In a log that is FULL; when the
    /// recording has become one file, it is what keeps the last commits from being taken back by a power cut. Nothing is
    /// copied from the log into the file but when we say so, least of all when the connection is closed after the disk
    /// has failed.
    ///
    /// - Parameter path: a file that exists; SQLite gives its companions the same permissions.
    static func writer(_ path: String, name: String) throws(StoreError) -> DatabaseQueue {
        var configuration = Self.keepingLog()
        configuration.prepareDatabase { database in
            let mode = try database.first("PRAGMA journal_mode = WAL") { $0.text(0) }
            try database.run("PRAGMA synchronous = EXTRA")
            try database.run("PRAGMA wal_autocheckpoint = 0")
            let isSynchronous = try database.first("PRAGMA synchronous") { $0.integer(0) } == 3
            guard mode == "wal", isSynchronous else { throw DatabaseError(resultCode: .SQLITE_IOERR_FSYNC) }
        }
        return try Self.open(path, configuration, name: name)
    }

    /// A connection for one short transaction, in whatever form the recording is just now: one that is written, one that
    /// its writer left, or one file. Every commit is on the disk when it returns, and the form stays as it was.
    static func guest(_ path: String, name: String) throws(StoreError) -> DatabaseQueue {
        var configuration = Self.keepingLog()
        configuration.prepareDatabase { database in
            try database.run("PRAGMA synchronous = EXTRA")
            try database.run("PRAGMA wal_autocheckpoint = 0")
            guard try database.first("PRAGMA synchronous", body: { $0.integer(0) }) == 3 else {
                throw DatabaseError(resultCode: .SQLITE_IOERR_FSYNC)
            }
        }
        return try Self.open(path, configuration, name: name)
    }

    /// A connection that only reads, also while the recording is written.
    ///
    /// When the power went while the recording became one file, SQLite has to take back what it had begun before
    /// anybody can read, and only a connection that may write can do that. Nothing else is changed.
    static func reader(_ path: String, name: String) throws(StoreError) -> DatabaseQueue {
        var configuration = Self.configuration
        configuration.readonly = true
        do throws(StoreError) {
            return try Self.open(path, configuration, name: name)
        } catch  where error.cause == "sqlite: \(ResultCode.SQLITE_READONLY_ROLLBACK.rawValue)" {
            let writer = try Self.open(path, Self.keepingLog(), name: name)
            do {
                try writer.inDatabase { _ = try $0.first("SELECT count(*) FROM sqlite_master") { $0.integer(0) } }
            } catch {
                throw StoreError(error, name)
            }
            return try Self.open(path, configuration, name: name)
        }
    }

    /// A connection that only reads a file of which nothing is to be believed: SQLite looks twice at each page, passes
    /// over tables that it cannot understand, and runs nothing that stands in the file.
    static func suspect(_ path: String, name: String) throws(StoreError) -> DatabaseQueue {
        var configuration = Self.configuration
        configuration.readonly = true
        configuration.prepareDatabase { database in
            try database.run("PRAGMA cell_size_check = ON")
            try database.run("PRAGMA writable_schema = ON")
            sqlite3_limit(database.sqliteConnection, SQLITE_LIMIT_LENGTH, Self.suspectLength)
        }
        return try Self.open(path, configuration, name: name)
    }

    /// Bytes of one row of a file that is not believed: more than any writer of ours makes, and no burden.
    private static let suspectLength: Int32 = 64 << 20

    /// Closing leaves the log as it is.
    private static func keepingLog() -> Configuration {
        var configuration = Self.configuration
        configuration.prepareDatabase { database in
            guard steno_sqlite_keep_log_on_close(UnsafeMutableRawPointer(database.sqliteConnection)) == SQLITE_OK else {
                throw DatabaseError(resultCode: .SQLITE_ERROR)
            }
        }
        return configuration
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(Self.patience)
        // A recording comes from anywhere. What its schema calls must not do anything.
        configuration.prepareDatabase { try $0.run("PRAGMA trusted_schema = OFF") }
        return configuration
    }

    private static func open(
        _ path: String,
        _ configuration: Configuration,
        name: String
    ) throws(StoreError) -> DatabaseQueue {
        // SQLite says only that it cannot open a file; the system says why.
        guard access(path, configuration.readonly ? R_OK : R_OK | W_OK) == 0 else {
            throw StoreError(errno: errno, name, call: "access")
        }
        do {
            return try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw StoreError(error, name)
        }
    }
}

extension DatabaseQueue {
    /// Copies what is in the log into the file, as far as no reader is in the way.
    func checkpoint() throws {
        try self.inDatabase { try $0.run("PRAGMA wal_checkpoint(PASSIVE)") }
    }

    /// Makes the recording one file. A reader of another process may be in the way; then the log stays beside it, and
    /// nothing is lost.
    ///
    /// - Returns: whether it is one file now.
    func becomeOneFile() throws -> Bool {
        try self.inDatabase { database in
            try database.run("PRAGMA wal_checkpoint(TRUNCATE)")
            do {
                return try database.first("PRAGMA journal_mode = DELETE") { $0.text(0) } == "delete"
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                return false
            }
        }
    }
}
