import StenoCore
import Synchronization

/// The progress of a source that grows: one producer advances it, anybody reads it, one observer is rung.
///
/// Rings are coalesced: after one, the next comes only when `current` has been read in between, so a fast producer
/// costs a slow observer nothing. The exchange on both sides orders the two: either the reader sees what was just
/// added, or the producer sees that it must ring again.
package final class GrowingProgress: Sendable {
    private let available = Atomic<Int64>(0)
    /// Stored after the last change of `available`, so who sees it sees the length.
    private let isComplete = Atomic<Bool>(false)
    private let hasRung = Atomic<Bool>(false)
    private let failure = Mutex<AudioError?>(nil)
    private let doorbell = Mutex<Doorbell?>(nil)

    /// A closure that is kept in a generic place by itself is wrapped once more with every look at it, and each ring
    /// would take longer than the one before. Inside a struct it stays as it is.
    private struct Doorbell {
        let ring: @Sendable () -> Void
    }

    package init() {}

    /// The progress, with the promise that the next change will ring.
    package var current: SourceProgress {
        _ = self.hasRung.exchange(false, ordering: .acquiringAndReleasing)
        return self.snapshot
    }

    /// The progress, without answering a ring.
    var snapshot: SourceProgress {
        let isComplete = self.isComplete.load(ordering: .acquiring)
        return SourceProgress(
            available: SamplePosition(frames: self.available.load(ordering: .acquiring)),
            isComplete: isComplete,
            failure: isComplete ? self.failure.withLock { $0 } : nil
        )
    }

    /// Frames that can be read, without answering a ring.
    package var frames: Int64 { self.available.load(ordering: .acquiring) }

    package func observe(_ doorbell: @escaping @Sendable () -> Void) {
        self.doorbell.withLock { $0 = Doorbell(ring: doorbell) }
        // Rung whatever rang before: the flag may stand from a time when nobody listened.
        if self.frames > 0 || self.isComplete.load(ordering: .acquiring) { doorbell() }
    }

    /// `frames` more can be read. Producer only, and only before the end.
    package func advance(by frames: Int) {
        self.available.add(Int64(frames), ordering: .releasing)
        self.ring()
    }

    /// Nothing more will come. Later calls change nothing.
    package func finish(failure: AudioError? = nil) {
        guard !self.isComplete.load(ordering: .acquiring) else { return }
        self.failure.withLock { $0 = failure }
        self.isComplete.store(true, ordering: .releasing)
        self.ring()
    }

    private func ring() {
        guard !self.hasRung.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // Called outside the lock, so that an observer may come back for `current` or to observe again.
        let doorbell = self.doorbell.withLock { $0 }
        doorbell?.ring()
    }
}
