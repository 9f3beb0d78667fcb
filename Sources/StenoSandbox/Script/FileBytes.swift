import Glibc

/// Small files, read whole.
enum FileBytes {
    /// - Throws: `SandboxError` that names the path and says what is wrong with it.
    static func read(_ path: String, limit: Int) throws(SandboxError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.error(path, errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.error(path, errno) }
            guard count > 0 else { return bytes }
            guard bytes.count + count <= limit else {
                throw SandboxError("'\(path)' is larger than \(limit) bytes. Name a smaller file.")
            }
            bytes += piece[..<count]
        }
    }

    private static func error(_ path: String, _ code: Int32) -> SandboxError {
        SandboxError("'\(path)' cannot be read: \(String(cString: strerror(code))). Check the path.")
    }
}
