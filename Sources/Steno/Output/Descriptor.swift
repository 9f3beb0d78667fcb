import Glibc

/// Whole writes to a file descriptor.
package enum Descriptor {
    /// Writes all of `text`, however often it takes.
    ///
    /// - Parameter path: what `descriptor` is, for the error; `-` is standard output.
    package static func write(_ text: String, to descriptor: Int32, path: String) throws(OutputError) {
        try self.write(Array(text.utf8), to: descriptor, path: path)
    }

    /// Writes all of `bytes`, however often it takes.
    package static func write(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(OutputError) {
        let failure = bytes.withUnsafeBufferPointer { bytes -> Int32? in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count > 0 {
                    written += count
                } else if errno == EAGAIN {
                    // Somebody made the descriptor non-blocking, a terminal perhaps: wait until it takes more.
                    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&ready, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
            return nil
        }
        if let failure { throw OutputError(path: path, call: "write", number: failure) }
    }

    /// Whether it takes more, now or within `limit`.
    package static func takes(_ descriptor: Int32, within limit: Duration) -> Bool {
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        let milliseconds = max(0, min(limit / .milliseconds(1), 60_000))
        return poll(&ready, 1, Int32(milliseconds)) == 1 && ready.revents & Int16(POLLOUT) != 0
    }
}
