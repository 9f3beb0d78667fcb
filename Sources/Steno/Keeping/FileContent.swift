import Crypto
import Glibc
package import StenoAudio
package import StenoStore

/// What a file holds, whatever it is called: the same recording is the same content.
package struct FileContent: Hashable, Sendable {
    /// At a time.
    private static let blockBytes = 1 << 20

    /// From the root.
    package var path: String
    package var bytes: Int64
    /// Nanoseconds since 1970.
    package var modified: Int64
    /// SHA-256 of all its bytes, as hexadecimal digits.
    package var digest: String

    /// Reads the whole file, so it blocks: about 0.1 s for an hour of audio.
    ///
    /// - Returns: `nil` when it is no regular file, or one that changed meanwhile.
    /// - Throws: when it cannot be opened or read.
    package init?(of path: String) throws(AudioError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw AudioError(.readFailed, path: path, cause: "open: \(errno)") }
        defer { close(descriptor) }
        guard let before = Self.status(of: descriptor) else { return nil }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        let digest = try Self.digest(of: descriptor, path: path)
        guard let after = Self.status(of: descriptor), after == before else { return nil }
        self.path = Self.absolute(path)
        self.bytes = before.bytes
        self.modified = before.modified
        self.digest = digest
    }

    /// Read on a thread of its own; `nil` when it cannot be read, or is none that could be found again.
    package static func read(_ path: String) async -> FileContent? {
        await withCheckedContinuation { continuation in
            do throws(AudioError) {
                try NamedThread.run("steno-hash", path: path) {
                    continuation.resume(returning: (try? FileContent(of: path)) ?? nil)
                }
            } catch {
                continuation.resume(returning: nil)
            }
        }
    }

    /// Whether the file that a recording refers to is what it was.
    package static func isUnchanged(_ file: RecordedFile) async -> Bool {
        await Self.read(file.path)?.digest == file.content
    }

    private struct Status: Equatable {
        var bytes: Int64
        var modified: Int64
    }

    private static func status(of descriptor: Int32) -> Status? {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let seconds = Int64(status.st_mtim.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        return Status(
            bytes: Int64(status.st_size),
            modified: seconds.partialValue &+ Int64(status.st_mtim.tv_nsec)
        )
    }

    private static func digest(of descriptor: Int32, path: String) throws(AudioError) -> String {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.blockBytes, alignment: 16)
        defer { block.deallocate() }
        var hash = SHA256()
        while true {
            let count = Glibc.read(descriptor, block.baseAddress, block.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw AudioError(.readFailed, path: path, cause: "read: \(errno)") }
            guard count > 0 else { break }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: block[..<count]))
        }
        return hash.finalize().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    /// As it is, if the system cannot tell: it was there a moment ago.
    private static func absolute(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
