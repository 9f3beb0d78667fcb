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

    /// Makes a file with mode 0600 that has all of its content from the moment it has its name, and keeps both through a
    /// power cut.
    ///
    /// - Returns: `false` when there is a file of this name; it stays as it is.
    static func place(_ bytes: [UInt8], at path: String, name: String) throws(StoreError) -> Bool {
        let folder = self.folder(of: path)
        // Two of one process may want the same at once.
        let temporary = "\(folder)/.\(UInt64.random(in: 0 ... .max)).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreError(errno: errno, name, call: "open") }
        var failure: (code: Int32, call: StaticString)?
        let count = write(descriptor, bytes, bytes.count)
        // A file system writes a part of so few bytes only when there is no more room.
        if count != bytes.count { failure = (count < 0 ? errno : ENOSPC, "write") }
        if failure == nil, fsync(descriptor) != 0 { failure = (errno, "fsync") }
        close(descriptor)
        // Unlike renaming, this never takes the place of what is there.
        if failure == nil, link(temporary, path) != 0 { failure = (errno, "link") }
        unlink(temporary)
        if let failure, failure.code == EEXIST { return false }
        if let failure { throw StoreError(errno: failure.code, name, call: failure.call) }
        self.settle(folder)
        return true
    }

    /// The folder that `path` lies in.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A small file that is nobody else's business; `nil` when it cannot be read or is longer than `limit`.
    static func content(of path: String, limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        let count = self.read(descriptor, into: &bytes)
        return (0...limit).contains(count) ? Array(bytes[..<count]) : nil
    }

    /// Reads until the end or until `bytes` are full. Returns how many there were, -1 after an error.
    static func read(_ descriptor: Int32, into bytes: inout [UInt8]) -> Int {
        bytes.withUnsafeMutableBytes { bytes in
            var filled = 0
            while filled < bytes.count {
                let count = Glibc.read(descriptor, bytes.baseAddress?.advanced(by: filled), bytes.count - filled)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { return -1 }
                if count == 0 { break }
                filled += count
            }
            return filled
        }
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

    /// Names of folders in a folder that have no file `mark` in them, in order. Whoever has one costs a single call, so
    /// that many thousand of them cost next to nothing.
    static func names(in path: String, withoutMark mark: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        let ending = [UInt8(ascii: "/")] + mark.utf8 + [0]
        var names: [String] = []
        var path: [UInt8] = []
        while let entry = readdir(folder) {
            path.removeAll(keepingCapacity: true)
            withUnsafeBytes(of: &entry.pointee.d_name) { path += $0.prefix { $0 != 0 } }
            let length = path.count
            // No recording has such a name.
            guard path.first != UInt8(ascii: ".") else { continue }
            path += ending
            let isMarked = path.withUnsafeBytes { path in
                let name = path.assumingMemoryBound(to: CChar.self).baseAddress
                return name.map { faccessat(dirfd(folder), $0, F_OK, 0) == 0 } ?? false
            }
            if !isMarked { names.append(String(decoding: path[..<length], as: UTF8.self)) }
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
