import Glibc

/// Says for ever what was removed, when, why and by whom: one line each, on the disk before anything is gone. No text, no
/// names of persons.
struct AuditLog: Sendable {
    let path: String

    func write(_ line: String, time: Int64) throws(StoreError) {
        let descriptor = open(self.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreError(errno: errno, self.path, call: "open") }
        defer { close(descriptor) }
        let bytes = Array("\(Self.text(of: time)) \(line)\n".utf8)
        // One write, so that lines of two programs never mix.
        guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw StoreError(errno: errno, self.path, call: "write")
        }
    }

    private func write(_ descriptor: Int32, _ bytes: [UInt8], _ count: Int) -> Int {
        Glibc.write(descriptor, bytes, count)
    }

    /// A time in milliseconds since 1970 as `2026-11-22T00:41:00Z`.
    static func text(of time: Int64) -> String {
        var seconds = time_t(time / 1_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let fields = [
            parts.tm_year + 1_900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
        ].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(fields[0..<3].joined(separator: "-"))T\(fields[3..<6].joined(separator: ":"))Z"
    }
}
