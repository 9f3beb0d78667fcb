import FaultyDisk
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

/// A folder on a disk that a test commands. Everything that writes there meets it: SQLite, and our own calls.
final class WatchedDisk: Sendable {
    /// A note in the log, so that it is known what had been promised when the power went.
    enum Mark: Int32 {
        /// Handed over up to here.
        case taken
        /// Reported as durable up to here.
        case durable
        /// So many events were durable.
        case events
        case begun, finished, concluded
    }

    struct Calls: OptionSet {
        let rawValue: Int32

        static let open = Self(rawValue: Int32(FAULTY_OPEN.rawValue))
        static let write = Self(rawValue: Int32(FAULTY_WRITE.rawValue))
        static let sync = Self(rawValue: Int32(FAULTY_SYNC.rawValue))
        static let truncate = Self(rawValue: Int32(FAULTY_TRUNCATE.rawValue))
        static let unlink = Self(rawValue: Int32(FAULTY_UNLINK.rawValue))
        static let makeFolder = Self(rawValue: Int32(FAULTY_MKDIR.rawValue))
        static let allocate = Self(rawValue: Int32(FAULTY_ALLOCATE.rawValue))
        static let read = Self(rawValue: Int32(FAULTY_READ.rawValue))
        static let all = Self(rawValue: Int32(FAULTY_ALL.rawValue))
        static let changing: Self = [.open, .write, .sync, .truncate, .unlink, .makeFolder, .allocate]
    }

    let folder = TemporaryFolder()
    private let number: Int32

    /// - Parameter keepsLog: whether what came is remembered, for cutting the power.
    init(keepsLog: Bool = false) {
        self.number = faulty_disk_attach(self.folder.path, keepsLog ? 1 : 0)
        precondition(self.number >= 0, "too many disks are watched")
    }

    deinit { faulty_disk_detach(self.number) }

    var recordings: String { self.folder.path("recordings") }

    var log: DiskLog { DiskLog((0..<faulty_disk_count(self.number)).map { faulty_disk_entry(self.number, $0) }) }

    func mark(_ mark: Mark, _ value: Int64 = 0) { faulty_disk_mark(self.number, mark.rawValue, value) }

    /// These calls fail with `error`, after `skip` of them.
    func fail(_ calls: Calls, after skip: Int = 0, times: Int = .max, with error: Int32) {
        faulty_disk_fail(self.number, calls.rawValue, Int64(skip), Int64(min(times, 1 << 40)), error)
    }

    /// Nothing fails any more; the calls are counted from 0.
    func mend(counting calls: Calls = .all) { faulty_disk_fail(self.number, calls.rawValue, 0, 0, 0) }

    var calls: Int { Int(faulty_disk_calls(self.number)) }
    var failures: Int { Int(faulty_disk_failures(self.number)) }

    func stutter(every calls: Int) { faulty_disk_stutter(self.number, Int32(calls)) }

    /// The disk has so many bytes; `nil`: as many as come.
    func setRoom(_ bytes: Int64?) { faulty_disk_room(self.number, bytes ?? -1) }
    var used: Int64 { faulty_disk_used(self.number) }

    func hold() { faulty_disk_hold(self.number, 1) }
    func release() { faulty_disk_hold(self.number, 0) }
    func awaitHeld() { faulty_disk_await_held(self.number) }

    /// How often something was written to, cut or synced whose name begins with `name`.
    func changes(of name: String) -> Int { Int(faulty_disk_changes(self.number, name)) }

    func description(_ id: String = "rec") -> RecordingDescription {
        RecordingDescription(
            id: id,
            begun: RecordingFixture.begun,
            engine: "local",
            realm: "sandbox",
            source: .microphone,
            device: "Desk microphone",
            program: "0.0.0"
        )
    }

    func writer(_ id: String = "rec", vault: RecordingVault? = nil) throws -> RecordingWriter {
        try RecordingWriter(self.description(id), in: self.recordings, vault: vault) { RecordingFixture.begun + 60_000 }
    }

    /// Keys on this disk.
    var vault: RecordingVault {
        RecordingVault(home: self.folder.path, master: .file(self.folder.path("config/master.key")))
    }

    func library(isSealed: Bool = false) -> RecordingLibrary {
        RecordingLibrary(home: self.folder.path, vault: isSealed ? self.vault : nil)
    }
}
