import Glibc

/// Says that this process writes a recording, to every other process that asks.
///
/// A lock of the open file (`F_OFD_SETLK`): it ends with the process however it ends, and whether it is held can be
/// asked without taking it. It lies on a file of its own, because SQLite's locks on the recording would be lost if
/// anybody else in this process opened and closed that file.
struct WriterLock: ~Copyable, Sendable {
    /// `F_OFD_GETLK` and `F_OFD_SETLK`, which the module map of the C library leaves out. The numbers are the kernel's.
    private static let getLock: Int32 = 36
    private static let setLock: Int32 = 37

    private let descriptor: Int32
    private let path: String

    /// - Throws: `inUse` with the process that holds it.
    init(_ place: RecordingPlace) throws(StoreError) { try self.init(file: place.lock, name: place.id) }

    /// On a file of this name, which is made.
    ///
    /// - Parameter name: the recording, for the person.
    init(file: String, name: String) throws(StoreError) {
        self.path = file
        let descriptor = try Self.acquire(file, name: name)
        self.descriptor = descriptor
        let owner = Array("\(getpid())\n".utf8)
        // Who it is helps people only; the lock holds without it.
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, owner, owner.count, 0) }
    }

    deinit {
        // Removed while it is held: whoever waited for it finds out that this file is not the one with the name.
        unlink(self.path)
        close(self.descriptor)
    }

    private static func acquire(_ file: String, name: String) throws(StoreError) -> Int32 {
        // Each round but the last lost against somebody who removed the file in between.
        for _ in 0..<8 {
            let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw StoreError(errno: errno, name, call: "open") }
            var wish = flock.whole
            guard fcntl(descriptor, Self.setLock, &wish) == 0 else {
                let code = errno
                let holder = Self.process(in: descriptor)
                close(descriptor)
                guard code == EAGAIN || code == EACCES else { throw StoreError(errno: code, name, call: "fcntl") }
                throw StoreError(.inUse(process: holder), name)
            }
            var held = stat()
            var named = stat()
            if fstat(descriptor, &held) == 0, lstat(file, &named) == 0, held.st_ino == named.st_ino {
                return descriptor
            }
            close(descriptor)
        }
        throw StoreError(.inUse(process: nil), name)
    }

    /// Whether anybody writes the recording now, and which process. Takes nothing and waits for nobody.
    static func holder(of place: RecordingPlace) -> Holder {
        let descriptor = open(place.lock, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return .nobody }
        defer { close(descriptor) }
        var wish = flock.whole
        guard fcntl(descriptor, Self.getLock, &wish) == 0, wish.l_type != Int16(F_UNLCK) else { return .nobody }
        return .process(Self.process(in: descriptor))
    }

    enum Holder: Equatable {
        case nobody
        /// `nil`: it did not say.
        case process(Int32?)
    }

    private static func process(in descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return count > 0
            ? Int32(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)) : nil
    }
}

extension flock {
    /// A lock for writing, from the first byte to the end.
    fileprivate static var whole: flock {
        flock(l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
    }
}
