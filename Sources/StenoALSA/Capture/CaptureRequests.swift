import Glibc
import Synchronization

/// What other threads ask of the capture thread, and the descriptor that wakes it.
final class CaptureRequests: Sendable {
    private let isStopWanted = Atomic(false)
    private let isPauseWanted = Atomic(false)
    /// Both ends of a pipe; written to by anybody, read by the capture thread.
    let wakeUp: Int32
    private let writeEnd: Int32

    /// `nil` when the system has no descriptor left.
    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            // A full pipe has woken the thread already, and an empty one must not hold it up.
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        (self.wakeUp, self.writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(self.wakeUp)
        close(self.writeEnd)
    }

    var wantsStop: Bool { self.isStopWanted.load(ordering: .acquiring) }
    var wantsPause: Bool { self.isPauseWanted.load(ordering: .acquiring) }

    func stop() {
        self.isStopWanted.store(true, ordering: .releasing)
        self.wake()
    }

    func pause(_ isWanted: Bool) {
        self.isPauseWanted.store(isWanted, ordering: .releasing)
        self.wake()
    }

    /// Takes the wake-ups that were seen. Capture thread.
    func answer() {
        var bytes: UInt64 = 0
        while read(self.wakeUp, &bytes, MemoryLayout.size(ofValue: bytes)) > 0 {}
    }

    /// Any thread.
    func wake() {
        _ = write(self.writeEnd, "x", 1)
    }
}
