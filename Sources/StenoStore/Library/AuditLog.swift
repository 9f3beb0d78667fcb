import Crypto
import Glibc

/// Says for ever what was removed, when, why and by whom: one line each, on the disk before anything is gone. No text, no
/// names of persons.
///
/// The last word of a line, `chain=…`, is a hash of the line before it and of this one. So nobody can change a line, take
/// one out or put one in without every later one telling, unless they write all of those anew. That the last lines were
/// cut off cannot be seen in the file alone: keep a copy elsewhere of what must not be denied.
struct AuditLog: Sendable {
    /// Longer than any line that this program writes.
    private static let lineLimit = 4_096
    private static let mark = " chain="

    let path: String

    func write(_ line: String, time: Int64) throws(StoreError) {
        let descriptor = open(self.path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreError(errno: errno, self.path, call: "open") }
        defer { close(descriptor) }
        // Nobody else may come between the line that is read and the one that follows it.
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw StoreError(errno: errno, self.path, call: "flock") }
        }
        let end = try self.end(of: descriptor)
        let text = "\(WallClock.text(of: time)) \(line)"
        // What a power cut tore stays as it is, on a line of its own.
        let bytes = Array("\(end.isTorn ? "\n" : "")\(text)\(Self.mark)\(Self.hash(end.line, text))\n".utf8)
        guard self.append(bytes, to: descriptor) == bytes.count, fsync(descriptor) == 0 else {
            throw StoreError(errno: errno, self.path, call: "write")
        }
    }

    /// Looks at every line.
    ///
    /// - Returns: `nil` when there is no log yet.
    func check() throws(StoreError) -> AuditState? {
        guard let file = fopen(self.path, "re") else {
            guard errno == ENOENT else { throw StoreError(errno: errno, self.path, call: "fopen") }
            return nil
        }
        defer { fclose(file) }
        var state = AuditState()
        var before = ""
        var buffer = [CChar](repeating: 0, count: Self.lineLimit)
        while fgets(&buffer, Int32(buffer.count), file) != nil {
            var line = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            if line.last == "\n" { line.removeLast() }
            state.lines += 1
            // Lines from before there was a chain, and torn ones, have none; the next line tells of them.
            if let hash = Self.hash(in: line), hash.found != Self.hash(before, hash.text), state.broken == nil {
                state.broken = state.lines
            }
            before = line
        }
        guard ferror(file) == 0 else { throw StoreError(errno: EIO, self.path, call: "fgets") }
        return state
    }

    /// The last line that has begun, and whether it did not end.
    private func end(of descriptor: Int32) throws(StoreError) -> (line: String, isTorn: Bool) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw StoreError(errno: errno, self.path, call: "fstat") }
        let length = min(Int(status.st_size), Self.lineLimit)
        var bytes = [UInt8](repeating: 0, count: length)
        guard pread(descriptor, &bytes, length, off_t(Int(status.st_size) - length)) == length else {
            throw StoreError(errno: errno, self.path, call: "pread")
        }
        let isTorn = bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
        if !isTorn { bytes = Array(bytes.dropLast()) }
        let start = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return (String(decoding: bytes[start...], as: UTF8.self), isTorn)
    }

    private static func hash(_ before: String, _ text: String) -> String {
        SHA256.hash(data: Array("\(before)\n\(text)".utf8)).hexadecimal
    }

    private static func hash(in line: String) -> (text: String, found: String)? {
        guard let mark = line.utf8.lastIndex(of: UInt8(ascii: "=")),
            let start = line.utf8.index(
                mark,
                offsetBy: 1 - Self.mark.utf8.count,
                limitedBy: line.startIndex
            ), line[start...mark] == Self.mark
        else { return nil }
        return (String(line[..<start]), String(line[line.index(after: mark)...]))
    }

    private func append(_ bytes: [UInt8], to descriptor: Int32) -> Int {
        Glibc.write(descriptor, bytes, bytes.count)
    }
}

extension RecordingLibrary {
    /// Whether anybody changed the audit log; `nil` when nothing was ever removed.
    package func auditState() throws(StoreError) -> AuditState? { try self.audit.check() }
}

/// Whether the lines of the audit log follow one another as they were written.
package struct AuditState: Hashable, Sendable {
    package var lines = 0
    /// The first line, from 1, that does not fit to the one before it; `nil` when all do.
    package var broken: Int?
}
