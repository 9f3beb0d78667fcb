import Glibc
import Synchronization

/// Wakes one thread from another that may neither wait nor lock nor allocate.
///
/// Rings are coalesced: until the woken thread has answered, ringing again costs one atomic exchange. The exchange on
/// both sides orders the two: either the woken thread sees what was done before the ring, or it is rung again.
final class Doorbell: Sendable {
    private let hasRung = Atomic(false)
    private let readEnd: FileHandle
    private let writeEnd: FileHandle

    /// - Parameter name: of the audio, for messages.
    init(name: String) throws(AudioError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw AudioError(.readFailed, path: name, cause: "pipe: \(errno)") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // The pipe never holds more than a byte or two, and a full one would have rung anyway.
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        self.readEnd = FileHandle(owning: ends[0])
        self.writeEnd = FileHandle(owning: ends[1])
    }

    /// Any thread.
    func ring() {
        guard !self.hasRung.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // A variable, because a string literal becomes an array on its way to a pointer.
        var byte: UInt8 = 1
        while write(self.writeEnd.descriptor, &byte, 1) < 0, errno == EINTR {}
    }

    /// Waits until somebody has rung since the last answer. One thread.
    func answer() {
        var byte: UInt8 = 0
        while read(self.readEnd.descriptor, &byte, 1) < 0, errno == EINTR {}
        _ = self.hasRung.exchange(false, ordering: .acquiringAndReleasing)
    }

    /// As `answer`, but waits no longer than `limit`.
    func answer(within limit: Duration) {
        var entry = pollfd(fd: self.readEnd.descriptor, events: Int16(POLLIN), revents: 0)
        // Rounded up, so that a short limit is no busy loop. An interrupted wait is as good as a ring for nothing.
        let milliseconds = Int32(clamping: Int64(max(0, limit / .milliseconds(1))) + 1)
        guard poll(&entry, 1, milliseconds) > 0 else { return }
        self.answer()
    }
}
