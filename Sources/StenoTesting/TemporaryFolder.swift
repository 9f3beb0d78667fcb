import Glibc

/// A folder of its own for one test, gone with all its content when the test lets it go.
package final class TemporaryFolder: Sendable {
    package let path: String

    /// - Precondition: the system's temporary folder can be written to.
    package init() {
        var template = Array("\(Self.root)/steno-test-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) }
        guard let made else { preconditionFailure("no temporary folder: errno \(errno)") }
        self.path = String(cString: made)
    }

    deinit {
        Self.remove(self.path)
    }

    /// The system's folder for what is not kept.
    static var root: String { getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp" }

    /// The path of `name` inside the folder, whether or not it exists.
    package func path(_ name: String) -> String {
        "\(self.path)/\(name)"
    }

    /// Writes a file and returns its path.
    ///
    /// - Precondition: there is room on the disk.
    package func write(_ bytes: [UInt8], to name: String) -> String {
        let path = self.path(name)
        guard let file = fopen(path, "wb") else { preconditionFailure("cannot write \(name): errno \(errno)") }
        let count = fwrite(bytes, 1, bytes.count, file)
        precondition(fclose(file) == 0 && count == bytes.count, "cannot write \(name)")
        return path
    }

    /// The content of a file, or nothing when it is not there.
    package func read(_ name: String) -> [UInt8] {
        guard let file = fopen(self.path(name), "rb") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&block, 1, block.count, file), count > 0 { bytes += block[..<count] }
        return bytes
    }

    /// Names of what is in the folder.
    package var names: [String] { Self.names(in: self.path) }

    /// The permission bits of a file or folder; 0 when it is not there.
    package static func permissions(of path: String) -> UInt32 {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    /// Names of what is in the folder at `path`, in order.
    package static func names(in path: String) -> [String] {
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

    private static func remove(_ path: String) {
        for name in Self.names(in: path) {
            let child = "\(path)/\(name)"
            if unlink(child) != 0 { Self.remove(child) }
        }
        rmdir(path)
    }
}
