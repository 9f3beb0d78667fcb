import Dispatch
import Glibc
import StenoTesting
import Synchronization

/// Syncs a page of its own every 50 ms, beside the program under test, to tell how long this disk takes just then: a
/// machine that is busy elsewhere can hold a sync up for seconds, and no program can be quicker than its disk.
final class DiskProbe: Sendable {
    private struct Sync {
        var begun: ContinuousClock.Instant
        /// Not yet, where the sync goes on.
        var ended: ContinuousClock.Instant?
    }

    /// The newest last; of a run of hours only the last minute.
    private let syncs = Mutex<[Sync]>([])
    private let isStopped = Atomic(false)
    private static let limit = 1_200

    /// - Parameter folder: on the disk in question.
    init(_ folder: String) {
        TestThread.run { [self] in
            let file = open("\(folder)/probe", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            defer { close(file) }
            let page = [UInt8](repeating: 1, count: 4_096)
            while file >= 0, !self.isStopped.load(ordering: .relaxed) {
                self.note()
                _ = page.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, 0) }
                fdatasync(file)
                self.syncs.withLock { $0[$0.count - 1].ended = .now }
                // The probe's own pace; nothing waits for it.
                poll(nil, 0, 50)
            }
        }
    }

    func stop() { self.isStopped.store(true, ordering: .relaxed) }

    /// The longest sync that went on at or after `time`.
    func longest(since time: ContinuousClock.Instant) -> Duration {
        let now = ContinuousClock.now
        return self.syncs.withLock { syncs in
            syncs.filter { ($0.ended ?? now) >= time }.map { ($0.ended ?? now) - $0.begun }.max() ?? .zero
        }
    }

    private func note() {
        self.syncs.withLock { syncs in
            if syncs.count >= Self.limit { syncs.removeFirst(Self.limit / 2) }
            syncs.append(Sync(begun: .now))
        }
    }
}
