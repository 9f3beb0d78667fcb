import Glibc

/// Writes a file as a whole: a reader finds the old content or the new, never a part, also after a power cut.
package enum AtomicFile {
    /// Puts `content` at `path` with mode 0600: whatever we write may be about a patient.
    package static func write(_ content: String, to path: String) throws(OutputError) {
        try self.write(Array(content.utf8), to: path)
    }

    /// Puts `content`, whatever it is, at `path` with mode 0600.
    package static func write(_ content: [UInt8], to path: String) throws(OutputError) {
        let target = Self.target(of: path)
        let folder = Self.folder(of: target)
        try Self.check(path)
        let temporary = "\(folder)/.steno-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw OutputError(path: path, call: "open", number: errno) }
        do throws(OutputError) {
            defer { close(descriptor) }
            try Descriptor.write(content, to: descriptor, path: path)
            guard fsync(descriptor) == 0 else { throw OutputError(path: path, call: "fsync", number: errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, target) == 0 else {
            let number = errno
            unlink(temporary)
            throw OutputError(path: path, call: "rename", number: number)
        }
        Self.settle(folder)
    }

    /// Finds out before any work is done what would keep `write` from succeeding after it.
    package static func check(_ path: String) throws(OutputError) {
        let target = Self.target(of: path)
        let folder = Self.folder(of: target)
        var status = stat()
        if stat(folder, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
            throw OutputError(path: path, call: "stat", number: ENOTDIR)
        }
        guard access(folder, W_OK | X_OK) == 0 else {
            throw OutputError(path: path, call: "access", number: errno)
        }
        guard stat(target, &status) == 0 else { return }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return
        case S_IFDIR: throw OutputError(path: path, call: "stat", number: EISDIR)
        // A pipe or a device would be replaced by a file.
        default: throw OutputError(path: path, call: "stat", number: EEXIST)
        }
    }

    /// Without this the new name may be gone after a power cut. Where a file system cannot do it, nothing can.
    private static func settle(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Where a link leads: the file is replaced and the link stays.
    private static func target(of path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
