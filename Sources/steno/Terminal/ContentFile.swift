import Glibc
import Steno

/// Reads a text that a person wrote.
enum ContentFile {
    /// 1 MiB: a thousand times what anybody types.
    static let maximumLength = 1 << 20

    /// - Parameter path: `-` is standard input, read to its end.
    /// - Returns: without the line break that editors put at the end of a file.
    static func read(_ path: String) throws(Failure) -> String {
        let descriptor = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.refused(path, errno) }
        defer { if path != "-" { close(descriptor) } }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            guard count > 0 else {
                let number = errno
                if number == EINTR { continue }
                throw Self.refused(path, number)
            }
            bytes += chunk.prefix(count)
            guard bytes.count <= Self.maximumLength else {
                throw Failure(.unreadableInput, "\(Self.name(path)) is longer than 1 MiB. Is it the right file?")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self), !text.contains("\0") else {
            throw Failure(.unreadableInput, "\(Self.name(path)) is not UTF-8 text. Save it as UTF-8.")
        }
        let trimmed = text.last?.isNewline == true ? String(text.dropLast()) : text
        guard trimmed.contains(where: { !$0.isWhitespace }) else {
            throw Failure(.unreadableInput, "\(Self.name(path)) has no text. Is it the right file?")
        }
        return trimmed
    }

    private static func refused(_ path: String, _ number: Int32) -> Failure {
        switch number {
        case ENOENT, ENOTDIR: Failure(.noInput, "\(Self.name(path)) does not exist. Check the name.")
        case EISDIR: Failure(.noInput, "\(Self.name(path)) is a folder. Name a file in it.")
        case EACCES, EPERM: Failure(.noInput, "\(Self.name(path)) may not be read by this user.")
        default: Failure(.disk, "\(Self.name(path)) cannot be read (error \(number)). Check the disk.")
        }
    }

    private static func name(_ path: String) -> String { path == "-" ? "Standard input" : "'\(path)'" }
}
