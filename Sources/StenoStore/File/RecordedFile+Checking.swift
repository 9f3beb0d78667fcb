import Crypto
import Glibc

extension RecordedFile {
    /// Read at once.
    private static let blockLength = 1 << 16

    /// Whether there is a file of this name that is not the one that was recognised. Reads all of it. One that is not
    /// there any more has not changed.
    var hasChanged: Bool {
        let descriptor = open(self.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, Int64(status.st_size) == self.bytes
        else { return true }
        return Self.content(of: descriptor) != self.content
    }

    /// `nil` when it cannot be read to its end.
    private static func content(of descriptor: Int32) -> String? {
        var hash = SHA256()
        var block = [UInt8](repeating: 0, count: Self.blockLength)
        while true {
            let count = PrivateFiles.read(descriptor, into: &block)
            guard count >= 0 else { return nil }
            guard count > 0 else { break }
            block.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        let digits = Array("0123456789abcdef".utf8)
        let bytes = hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: bytes, as: UTF8.self)
    }
}
