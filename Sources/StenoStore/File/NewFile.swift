import GRDB
import Glibc

/// Makes the SQLite file of a recording in one step: under its name there is never a file without tables.
///
/// It is filled under another name, synced, and then gets its own. Whenever the power goes, there is either a recording
/// or none, and a part that was only begun cannot make the parts before it unreadable.
enum NewFile {
    /// What the file is filled with.
    enum Journal: String {
        /// Few rows, of a file that goes on as a log.
        case log = "WAL"
        /// Many: a log would be as long again as the file.
        case memory = "MEMORY"
    }

    /// - Parameter fill: makes what is in it, in one transaction.
    /// - Throws: `exists` when there is such a file, or why the disk refuses; then the next attempt begins anew.
    static func make(
        _ path: String,
        name: String,
        journal: Journal = .log,
        fill: (Database) throws -> Void
    ) throws(StoreError) {
        guard access(path, F_OK) != 0 else { throw StoreError(.exists, name) }
        let draft = path + ".new"
        // An attempt before this one may have left something. The caller holds the lock, so nobody is at it now.
        for suffix in ["", "-wal", "-shm", "-journal"] { unlink(draft + suffix) }
        try PrivateFiles.makeFile(draft, name: name)
        do {
            let queue = try DatabaseQueue(path: draft)
            try queue.inDatabase { database in
                _ = try database.first("PRAGMA journal_mode = \(journal.rawValue)") { $0.text(0) }
                // Nothing of a draft has to survive; the whole is synced below.
                try database.run("PRAGMA synchronous = OFF")
            }
            try queue.inTransaction(.immediate) { database in
                try fill(database)
                return .commit
            }
            // Closing would copy the log too, and say nothing if it cannot.
            let isBusy = try queue.inDatabase { database in
                try database.first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer(0) } != 0
            }
            guard !isBusy else { throw DatabaseError(resultCode: .SQLITE_BUSY) }
            try queue.close()
        } catch {
            throw StoreError(error, name)
        }
        try self.sync(draft, name: name)
        guard rename(draft, path) == 0 else { throw StoreError(errno: errno, name, call: "rename") }
        PrivateFiles.settle(folder(of: path))
    }

    private static func sync(_ path: String, name: String) throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw StoreError(errno: errno, name, call: "open") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StoreError(errno: errno, name, call: "fsync") }
    }

    private static func folder(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}
