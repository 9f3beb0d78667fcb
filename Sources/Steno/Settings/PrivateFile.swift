import Glibc

/// Reads files that hold secrets, and refuses those that others could have read or put there.
enum PrivateFile {
    /// Who else may be able to read the file.
    enum Rule {
        /// Nobody: configuration and key files.
        case owner
        /// Not everybody: systemd gives a service its credentials by an access list, which shows as group permission.
        case noStranger
    }

    enum Problem: Error, Hashable {
        case missing
        case exposed(mode: UInt32)
        case foreignOwner
        case notAFile
        case tooLarge
        case notText
        case unreadable(CInt)
    }

    /// 64 KiB: a hundred times what a configuration needs.
    static let maximumLength = 64 << 10

    static func read(_ path: String, rule: Rule = .owner) throws(Problem) -> String {
        // Not blocking, so that a named pipe in the place of a file cannot hold the program.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let number = errno
            throw number == ENOENT || number == ENOTDIR ? .missing : .unreadable(number)
        }
        defer { close(descriptor) }
        try Self.check(descriptor, rule: rule)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            guard count > 0 else {
                let number = errno
                if number == EINTR { continue }
                throw .unreadable(number)
            }
            bytes += chunk.prefix(count)
            guard bytes.count <= Self.maximumLength else { throw .tooLarge }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText }
        return text
    }

    private static func check(_ descriptor: CInt, rule: Rule) throws(Problem) {
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw .unreadable(errno) }
        guard information.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        let forbidden: mode_t = rule == .owner ? 0o077 : 0o007
        guard information.st_mode & forbidden == 0 else { throw .exposed(mode: UInt32(information.st_mode & 0o777)) }
        guard information.st_uid == geteuid() || information.st_uid == 0 else { throw .foreignOwner }
    }
}

extension PrivateFile.Problem {
    /// What is wrong with `path`, and the command that mends it where there is one.
    func mistake(_ path: String) -> String {
        switch self {
        case .missing: "\(path): there is no such file."
        case .exposed(let mode):
            "\(path): others can read it (mode \(Self.octal(mode))). Run: chmod 600 \(Self.quoted(path))"
        case .foreignOwner: "\(path): it belongs to another user. Run: chown $(id -un) \(Self.quoted(path))"
        case .notAFile: "\(path): not a regular file."
        case .tooLarge: "\(path): larger than \(PrivateFile.maximumLength) bytes. Is it the right file?"
        case .notText: "\(path): not UTF-8 text. Is it the right file?"
        case .unreadable(let number) where number == EACCES: "\(path): no permission to read it."
        case .unreadable(let number): "\(path): it cannot be read (error \(number))."
        }
    }

    private static func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// For a shell.
    private static func quoted(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "/._-".utf8.contains(byte)
        }
        return isPlain
            ? path
            : "'"
                + path.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: "'\\''") + "'"
    }
}
