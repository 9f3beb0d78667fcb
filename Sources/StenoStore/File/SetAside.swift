import GRDB
import Glibc
import StenoCore

/// A file that SQLite cannot open at all is kept under another name, `recording.sqlite.bad` with its companions, for
/// whoever has better tools. Nothing in it is changed.
enum SetAside {
    /// Files of one name that are kept at most; a disk that makes more is no place for recordings.
    private static let limit = 9

    /// Puts those files of a recording aside that cannot be opened. If that leaves none, an empty recording takes the
    /// place, so that it stays listed.
    ///
    /// - Precondition: the recording is locked.
    static func unreadableFiles(of place: RecordingPlace, time: Int64) throws(StoreError) {
        for (part, path) in place.numberedFiles where try self.isUnreadable(path, of: place) {
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
        (1...RecordingPlace.partLimit).flatMap { part in
            self.candidates(place.file(part: part)).filter { access($0, F_OK) == 0 }
                .map { String($0.dropFirst(place.folder.count + 1)) }
        }
    }

    private static func candidates(_ path: String) -> [String] {
        (1...Self.limit).map { $0 == 1 ? "\(path).bad" : "\(path).bad\($0)" }
    }

    /// Whether SQLite finds no tables in it, or cannot read those that tell what there is. A disk that fails may still
    /// give them another time, and what another program made is none of ours.
    private static func isUnreadable(_ path: String, of place: RecordingPlace) throws(StoreError) -> Bool {
        do {
            let file = try Connection.reader(path, name: place.id)
            let tables = try file.inDatabase { database in
                try database.first("SELECT count(*) FROM sqlite_master") { $0.integer(0) } ?? 0
            }
            guard tables > 0 else { return true }
        } catch {
            let error = StoreError(error, place.id)
            guard error.reason == .notARecording || error.isCorrupt else { throw error }
            return true
        }
        do throws(StoreError) {
            _ = try RecordingInfo(place, only: path)
            return false
        } catch {
            guard error.isCorrupt else { throw error }
            return true
        }
    }

    private static func put(_ path: String, name: String) throws(StoreError) {
        guard let free = self.candidates(path).first(where: { access($0, F_OK) != 0 }) else {
            throw StoreError(.exists, name, cause: "bad")
        }
        // A log that stayed would be taken for that of the next file of this name. So the file itself goes last.
        for suffix in ["-wal", "-shm", "-journal", ""] {
            guard rename(path + suffix, free + suffix) == 0 || errno == ENOENT else {
                throw StoreError(errno: errno, name, call: "rename")
            }
        }
        PrivateFiles.settle(PrivateFiles.folder(of: path))
    }
}

extension StoreError {
    /// SQLite found that its file is damaged.
    fileprivate var isCorrupt: Bool { self.cause == "sqlite: \(ResultCode.SQLITE_CORRUPT.rawValue)" }
}
