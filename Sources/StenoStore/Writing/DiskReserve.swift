import Glibc
import StenoCore

/// Space that a recording keeps on its disk while there is plenty, and gives up when there is none: the last minutes are
/// then recorded as before, while the person makes room.
///
/// It is a file without content, `ID/reserve`. Whoever finds one that a crash left may remove it.
struct DiskReserve {
    /// At least 3 minutes of audio, together with what SQLite needs to copy its log: 1 MB at most, because the log is
    /// copied every 5 s.
    static let size: Int64 = 8 << 20
    /// A quarter of what is free is kept at most; of less than this nothing.
    private static let least: Int64 = 1 << 19

    private let path: String
    /// Bytes that are kept now.
    private(set) var bytes: Int64 = 0
    /// Bytes that were given up last.
    private var released: Int64 = 0

    init(_ place: RecordingPlace) { self.path = place.reserve }

    /// Takes the space, if that leaves enough for everybody else. That it cannot be had is no error: the disk will be
    /// watched all the same.
    mutating func take(of room: DiskRoom) {
        let wanted = min(Self.size, room.free / 4)
        // Never again out of what was just given up, but only when somebody has made room.
        guard self.bytes == 0, wanted >= max(Self.least, self.released) else { return }
        let descriptor = open(self.path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard posix_fallocate(descriptor, 0, off_t(wanted)) == 0 else {
            unlink(self.path)
            return
        }
        self.bytes = wanted
    }

    /// Gives the space up.
    ///
    /// - Returns: how much that was.
    mutating func release() -> Int64 {
        defer { self.bytes = 0 }
        guard self.bytes > 0 else { return 0 }
        unlink(self.path)
        self.released = self.bytes
        return self.bytes
    }
}
