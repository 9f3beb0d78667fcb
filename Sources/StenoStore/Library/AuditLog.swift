import Glibc

/// Says for ever what was removed, when, why and by whom: one line each, on the disk before anything is gone. No text, no
/// names of persons.
struct AuditLog: Sendable {
    let path: String

    func write(_ line: String, time: Int64) throws(StoreError) {
        let descriptor = open(self.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreError(errno: errno, self.path, call: "open") }
        defer { close(descriptor) }
        let bytes = Array("\(WallClock.text(of: time)) \(line)\n".utf8)
        // One write, so that lines of two programs never mix.
        guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw StoreError(errno: errno, self.path, call: "write")
        }
    }

    private func write(_ descriptor: Int32, _ bytes: [UInt8], _ count: Int) -> Int {
        Glibc.write(descriptor, bytes, count)
    }
}
