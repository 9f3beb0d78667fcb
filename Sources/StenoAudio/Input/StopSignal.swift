import Glibc
import Synchronization

/// Asks a thread to stop, also one that waits for bytes that may never come.
final class StopSignal: Sendable {
    private let isRequested = Atomic(false)
    private let readEnd: FileHandle
    private let writeEnd: FileHandle

    init(path: String) throws(AudioError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw AudioError(.readFailed, path: path, cause: "pipe: \(errno)")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        self.readEnd = FileHandle(owning: ends[0])
        self.writeEnd = FileHandle(owning: ends[1])
    }

    var isStopped: Bool { self.isRequested.load(ordering: .acquiring) }

    func stop() {
        guard !self.isRequested.exchange(true, ordering: .acquiringAndReleasing) else { return }
        _ = write(self.writeEnd.descriptor, "x", 1)
    }

    /// Waits until `descriptor` has something to read, an end or an error, or until `stop` is called.
    func wait(for descriptor: Int32) {
        var entries = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: self.readEnd.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        // An interrupted wait is as good as a spurious one: the caller tries to read and comes back.
        _ = poll(&entries, 2, -1)
    }
}
