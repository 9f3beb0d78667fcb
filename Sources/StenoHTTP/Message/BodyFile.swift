internal import Glibc

/// A regular file as part of a body. It is opened once, when its length is measured, so that what is sent is what was
/// measured even if the name is given to another file meanwhile.
package final class BodyFile: Sendable {
    /// In bytes, when the file was opened.
    package let length: Int64
    private let descriptor: CInt

    /// - Throws: the `errno` of the call that did not succeed; `EISDIR` for what is not a regular file.
    package init(path: String) throws(BodyFileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw BodyFileError(errorNumber: errno) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else {
            let number = errno
            close(descriptor)
            throw BodyFileError(errorNumber: number)
        }
        guard information.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw BodyFileError(errorNumber: EISDIR)
        }
        self.descriptor = descriptor
        self.length = Int64(information.st_size)
    }

    deinit {
        close(self.descriptor)
    }

    /// Reads up to `count` bytes at `offset`. Fewer than asked means the file became shorter after it was measured.
    /// - Note: Blocks; call it on a thread that may.
    package func read(at offset: Int64, count: Int) throws(BodyFileError) -> [UInt8] {
        var failure: CInt = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            // `pread` writes only inside `buffer`, and `filled` never exceeds what it reported.
            while filled < count {
                let got = pread(self.descriptor, buffer.baseAddress! + filled, count - filled, Int(offset) + filled)
                if got > 0 {
                    filled += got
                } else if got == 0 {
                    break
                } else if errno != EINTR {
                    failure = errno
                    break
                }
            }
        }
        guard failure == 0 else { throw BodyFileError(errorNumber: failure) }
        return bytes
    }
}

/// A file to be sent could not be opened or read.
package struct BodyFileError: Error, Hashable, Sendable {
    package let errorNumber: CInt

    package var isMissing: Bool { self.errorNumber == ENOENT }
}
