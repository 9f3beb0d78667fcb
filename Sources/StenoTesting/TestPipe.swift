import Glibc
import Synchronization

/// A pipe whose reading end is handed to the code under test, and whose writing end the test feeds.
package final class TestPipe: Sendable {
    package let readEnd: Int32
    private let writeEnd: Mutex<Int32?>

    /// - Precondition: descriptors are left.
    package init() {
        let ends = Self.ends()
        self.readEnd = ends.reader
        self.writeEnd = Mutex(ends.writer)
    }

    /// A pipe that programs do not inherit that other tests start meanwhile: while they run it would never end.
    ///
    /// - Precondition: descriptors are left.
    package static func ends() -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "no pipe: errno \(errno)")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    deinit {
        self.finish()
        close(self.readEnd)
    }

    /// Writes all of `bytes`, waiting for the reader where the pipe is full.
    ///
    /// - Precondition: `finish` was not called.
    package func write(_ bytes: [UInt8]) {
        guard let end = self.writeEnd.withLock({ $0 }) else { preconditionFailure("wrote into a finished pipe") }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(end, $0.baseAddress, $0.count) }
            precondition(count > 0 || errno == EINTR, "cannot write into the pipe: errno \(errno)")
            if count > 0 { rest = rest.dropFirst(count) }
        }
    }

    /// Closes the writing end: the reader sees the end.
    package func finish() {
        self.writeEnd.withLock { end in
            if let open = end.take() { close(open) }
        }
    }

    /// Writes `pieces` one after the other on a thread of its own, then finishes.
    package func feed(_ pieces: [[UInt8]]) {
        TestThread.run {
            for piece in pieces { self.write(piece) }
            self.finish()
        }
    }
}
