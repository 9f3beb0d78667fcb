import Glibc

/// An open file descriptor that is closed exactly once, when its owner goes.
struct FileHandle: ~Copyable, Sendable {
    let descriptor: Int32

    init(owning descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(self.descriptor)
    }

    /// Opens `path` for reading. A folder opens too; `status()` tells.
    init(reading path: String) throws(AudioError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.openError(errno, path: path) }
        self.init(owning: descriptor)
    }

    /// The one place where a failed `open` becomes words.
    static func openError(_ code: Int32, path: String) -> AudioError {
        let reason: AudioError.Reason =
            switch code {
            case EACCES, EPERM: .notPermitted
            case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EINVAL: .missing
            case EISDIR: .folder
            default: .readFailed
            }
        return AudioError(reason, path: path, cause: "open: \(code)")
    }

    func status(path: String) throws(AudioError) -> stat {
        var status = stat()
        guard fstat(self.descriptor, &status) == 0 else {
            throw AudioError(.readFailed, path: path, cause: "fstat: \(errno)")
        }
        return status
    }

    /// Lends up to `count` bytes at `offset`, at most 64; fewer only at the end of the file.
    func withBytes<Result>(
        at offset: Int64,
        count: Int,
        path: String,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) throws(AudioError) -> Result {
        var scratch: [64 of UInt8] = .init(repeating: 0)
        var failure: Int32?
        let result = withUnsafeMutableBytes(of: &scratch) { bytes in
            let room = UnsafeMutableRawBufferPointer(rebasing: bytes[..<min(count, bytes.count)])
            let got = self.read(at: offset, into: room)
            if got == nil { failure = errno }
            return body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room)[..<(got ?? 0)]))
        }
        if let failure { throw AudioError(.readFailed, path: path, cause: "pread: \(failure)") }
        return result
    }

    /// Reads up to `buffer.count` bytes at `offset`; fewer only at the end of the file. `nil` with `errno` set: failed.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard let base = buffer.baseAddress else { return 0 }
        var done = 0
        while done < buffer.count {
            let count = pread(self.descriptor, base + done, buffer.count - done, off_t(offset) + off_t(done))
            if count > 0 {
                done += count
            } else if count == 0 {
                break
            } else if errno != EINTR {
                return nil
            }
        }
        return done
    }

    /// Writes all of `bytes` at `offset`.
    ///
    /// - Returns: `nil`, or the `errno` that came instead.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int64) -> Int32? {
        guard let base = bytes.baseAddress else { return nil }
        var done = 0
        while done < bytes.count {
            let count = pwrite(self.descriptor, base + done, bytes.count - done, off_t(offset) + off_t(done))
            if count >= 0 {
                done += count
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }
}
