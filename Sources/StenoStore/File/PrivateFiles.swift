import Glibc

/// Folders and files that only their owner can look into, and that are still there after a power cut.
enum PrivateFiles {
    /// Makes `path` and what is missing above it, with mode 0700.
    static func makeFolder(_ path: String) throws(StoreError) {
        var prefix = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            let parent = prefix
            prefix += "/\(part)"
            if mkdir(prefix, 0o700) == 0 {
                self.settle(parent.isEmpty ? "/" : parent)
            } else if errno != EEXIST {
                throw StoreError(errno: errno, path, call: "mkdir")
            }
        }
    }

    /// Makes an empty file with mode 0600 that was not there before.
    static func makeFile(_ path: String, name: String) throws(StoreError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? StoreError(.exists, name) : StoreError(errno: errno, name, call: "open")
        }
        close(descriptor)
    }

    /// Without this a new name may be gone after a power cut. Where a file system cannot do it, nothing can.
    static func settle(_ folder: String) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Names of what is in a folder, in order; none when it cannot be read.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a folder with all that is in it. Links are removed, not followed.
    static func remove(_ path: String, name: String) throws(StoreError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            guard unlink(path) == 0 || errno == ENOENT else { throw StoreError(errno: errno, name, call: "unlink") }
            return
        }
        for child in self.names(in: path) { try self.remove("\(path)/\(child)", name: name) }
        guard rmdir(path) == 0 || errno == ENOENT else { throw StoreError(errno: errno, name, call: "rmdir") }
    }
}

extension StoreError {
    /// The one place where an error number of the system becomes words.
    init(errno code: Int32, _ name: String, call: StaticString) {
        let reason: Reason =
            switch code {
            case ENOSPC, EDQUOT, EFBIG: .full
            case EACCES, EPERM, EROFS: .notPermitted
            case ENOENT, ENOTDIR, ESTALE: .gone
            default: .failing
            }
        self.init(reason, name, cause: "\(call): \(code)")
    }
}
