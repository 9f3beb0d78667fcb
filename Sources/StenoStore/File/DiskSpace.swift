import Glibc
import StenoCore

/// How much room there is on the disk under a folder.
enum DiskSpace {
    /// `nil` when the system does not say.
    static func room(at path: String) -> DiskRoom? {
        var status = statvfs()
        guard statvfs(path, &status) == 0, status.f_frsize > 0 else { return nil }
        return DiskRoom(
            free: self.bytes(status.f_bavail, status.f_frsize),
            total: self.bytes(status.f_blocks, status.f_frsize)
        )
    }

    /// A file system may say anything.
    private static func bytes(_ blocks: UInt, _ size: UInt) -> Int64 {
        let (bytes, overflow) = blocks.multipliedReportingOverflow(by: size)
        return overflow ? .max : Int64(clamping: bytes)
    }
}
