import Glibc

/// Writes a file as a whole: a reader finds the old content or the new, never a part, also after a power cut.
package enum AtomicFile {
    /// Puts `content` at `path` with mode 0600: whatever we write may be about a patient.
    package static func write(_ content: String, to path: String) throws(OutputError) {
        let (folder, name) = Self.split(path)
        let temporary = "\(folder)/.\(name).\(getpid()).\(UInt32.random(in: 0 ... .max))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw OutputError(path: path, cause: "open: \(errno)") }
        do throws(OutputError) {
            defer { close(descriptor) }
            try Descriptor.write(content, to: descriptor, path: path)
            guard fsync(descriptor) == 0 else { throw OutputError(path: path, cause: "fsync: \(errno)") }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let cause = "rename: \(errno)"
            unlink(temporary)
            throw OutputError(path: path, cause: cause)
        }
        // Without this the new name may be gone after a power cut. Not every file system can do it, and then it cannot help.
        let folderDescriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folderDescriptor >= 0 {
            fsync(folderDescriptor)
            close(folderDescriptor)
        }
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = String(path[..<slash])
        return (folder.isEmpty ? "/" : folder, String(path[path.index(after: slash)...]))
    }
}

/// Whole writes to a file descriptor.
package enum Descriptor {
    /// Writes all of `text`, however often it takes.
    package static func write(_ text: String, to descriptor: Int32, path: String) throws(OutputError) {
        var text = text
        let cause = text.withUTF8 { bytes -> String? in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count > 0 {
                    written += count
                } else if errno == EAGAIN {
                    // Somebody made the descriptor non-blocking, a terminal perhaps: wait until it takes more.
                    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&ready, 1, -1)
                } else if errno != EINTR {
                    return "write: \(errno)"
                }
            }
            return nil
        }
        if let cause { throw OutputError(path: path, cause: cause) }
    }
}
