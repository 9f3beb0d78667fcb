import GRDB
import Glibc
import StenoCore

/// A file that is damaged is kept under another name, `recording.sqlite.bad` with its companions, for whoever has better
/// tools. Nothing in it is changed. What can be read of it goes on under the old name.
enum SetAside {
    /// Files of one name that are kept at most; a disk that makes more is no place for recordings.
    private static let limit = 9

    /// Puts the damaged files of a recording aside, each with what can be read of it in its place. If that leaves no file
    /// at all, an empty recording takes the place, so that it stays listed.
    ///
    /// The new file is whole before the old one loses its name, so a full disk changes nothing, and whatever was
    /// interrupted is done again.
    ///
    /// - Precondition: the recording is locked.
    static func damagedFiles(of place: RecordingPlace, time: Int64) throws(StoreError) {
        for (part, path) in place.numberedFiles {
            let begun = self.candidates(path).first { self.isSame($0, path) }
            let isBegun = begun != nil
            guard try isBegun ? true : self.isDamaged(path, of: place) else { continue }
            // Its log may be with the other name already.
            let isMoved = ["-wal", "-journal"].allSatisfy { access(path + $0, F_OK) != 0 }
            let source = isMoved ? begun ?? path : path
            let draft = path + ".salvaged"
            if try Salvage.make(draft, of: source, place, part: part) {
                try self.exchange(path, for: draft, begun, name: place.id)
                continue
            }
            try self.put(path, name: place.id)
            guard part == 1, place.files.isEmpty else { continue }
            let unknown = RecordingDescription(
                id: place.id,
                begun: time,
                engine: "",
                realm: "",
                source: .microphone,
                program: ""
            )
            let segment = AudioSegment(number: 0, start: .zero, device: nil)
            _ = try RecordingPart(place, part: 1, unknown, segment: segment, .none)
        }
    }

    /// Names of what was put aside, within the folder of the recording.
    static func names(of place: RecordingPlace) -> [String] {
        let names = PrivateFiles.names(in: place.folder)
        let parts = names.filter { Int($0) != nil }.flatMap { part in
            PrivateFiles.names(in: "\(place.folder)/\(part)").filter(self.isName).map { "\(part)/\($0)" }
        }
        return names.filter(self.isName) + parts
    }

    /// Companions aside.
    private static func isName(_ name: String) -> Bool {
        name.hasPrefix("recording.sqlite.bad") && name.dropFirst(20).allSatisfy { $0.isASCII && $0.isNumber }
    }

    private static func candidates(_ path: String) -> [String] {
        (1...Self.limit).map { $0 == 1 ? "\(path).bad" : "\(path).bad\($0)" }
    }

    /// Whether SQLite finds something wrong with the file. A disk that fails may still give it another time, and what
    /// another or a newer program made is none of ours.
    static func isDamaged(_ path: String, of place: RecordingPlace) throws(StoreError) -> Bool {
        do {
            return try Connection.reader(path, name: place.id).inDatabase { database in
                guard try RecordingSchema.isOurs(database) else {
                    // Nothing at all is what a crash may leave.
                    let tables = try? database.first("SELECT count(*) FROM sqlite_master") { $0.integer(0) }
                    guard tables == 0 else { throw StoreError(.notARecording, place.id) }
                    return true
                }
                let result = try database.first("PRAGMA integrity_check(1)") { $0.text(0) } ?? nil
                let found: Int
                do {
                    found = try RecordingSchema.version(of: database)
                } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
                    return true
                }
                guard found <= RecordingSchema.version || result == "ok" else {
                    throw StoreError(.newer(schema: found), place.id)
                }
                return result != "ok"
            }
        } catch {
            let error = StoreError(error, place.id)
            guard error.isDamage else { throw error }
            return true
        }
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        FileIdentity(of: one).map { $0 == FileIdentity(of: other) } ?? false
    }

    /// Gives `path` to the new file, in an order in which no step can lose anything: the old file has its other name
    /// first, and the old log is gone from beside `path` before a new file could be taken for the one it belongs to.
    private static func exchange(
        _ path: String,
        for draft: String,
        _ begun: String?,
        name: String
    ) throws(StoreError) {
        let kept = if let begun { begun } else { try self.free(path, name: name) }
        // Where there are no links, a crash just now leaves the recording without a name, and all of it beside.
        guard begun != nil || link(path, kept) == 0 || rename(path, kept) == 0 else {
            throw StoreError(errno: errno, name, call: "link")
        }
        let folder = PrivateFiles.folder(of: path)
        PrivateFiles.settle(folder)
        try self.moveCompanions(path, to: kept, name: name)
        PrivateFiles.settle(folder)
        guard rename(draft, path) == 0 else { throw StoreError(errno: errno, name, call: "rename") }
        PrivateFiles.settle(folder)
    }

    private static func put(_ path: String, name: String) throws(StoreError) {
        let kept = try self.free(path, name: name)
        // A log that stayed would be taken for that of the next file of this name. So the file itself goes last.
        try self.moveCompanions(path, to: kept, name: name)
        guard rename(path, kept) == 0 else { throw StoreError(errno: errno, name, call: "rename") }
        PrivateFiles.settle(PrivateFiles.folder(of: path))
    }

    private static func free(_ path: String, name: String) throws(StoreError) -> String {
        guard let free = self.candidates(path).first(where: { access($0, F_OK) != 0 }) else {
            throw StoreError(.exists, name, cause: "bad")
        }
        return free
    }

    private static func moveCompanions(_ path: String, to kept: String, name: String) throws(StoreError) {
        for suffix in ["-wal", "-shm", "-journal"] {
            guard rename(path + suffix, kept + suffix) == 0 || errno == ENOENT else {
                throw StoreError(errno: errno, name, call: "rename")
            }
        }
    }
}

extension StoreError {
    /// SQLite found that its file is damaged, or finds nothing of its own in it.
    var isDamage: Bool {
        guard let cause = self.cause, cause.hasPrefix("sqlite: "), let code = Int32(cause.dropFirst(8)) else {
            return false
        }
        // The low byte is the kind, the rest tells more of it.
        return [ResultCode.SQLITE_CORRUPT.rawValue, ResultCode.SQLITE_NOTADB.rawValue].contains(code & 0xFF)
    }
}
