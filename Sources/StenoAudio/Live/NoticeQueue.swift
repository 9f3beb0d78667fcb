package import StenoCore
import Synchronization

/// What a capture thread has to tell one other thread, in order. Neither ever waits or allocates.
///
/// It holds `capacity` notices. Who reads late loses the least important first: levels are taken while half of it is
/// free, changes of state while a quarter is, gaps as long as there is room at all. A gap that finds none is kept aside
/// and goes in before anything else; until then later gaps are merged into it, also across audio between them, so that
/// what is told to be missing is at times too much and never too little.
///
/// A gap is told again, as a whole, when it has grown: the same start, more frames.
package final class NoticeQueue: @unchecked Sendable {
    /// Five seconds of levels, many hours of anything else.
    package static let capacity = 256

    private let notices: RelayQueue<CaptureNotice>
    private let isFinished = Atomic(false)
    /// The gap that was kept aside to the end. Invariant, and why `@unchecked`: stored by the writer before
    /// `isFinished` (releasing), read by the reader after it (acquiring), and not touched again.
    private var lastGap: CaptureNotice?

    package init(capacity: Int = capacity) {
        self.notices = RelayQueue(capacity: max(4, capacity), filledWith: .running)
    }

    /// The writing end. Once for each queue.
    package func makeWriter() -> Writer { Writer(queue: self) }

    /// The reading end. Once for each queue.
    package func makeReader() -> Reader { Reader(queue: self) }
}

extension NoticeQueue {
    /// The telling thread's end.
    package struct Writer: ~Copyable, Sendable {
        private let queue: NoticeQueue
        private var aside: (start: SamplePosition, frames: Int64, cause: AudioGap.Cause)?

        fileprivate init(queue: NoticeQueue) {
            self.queue = queue
        }

        /// A gap waits for room. What comes after it must wait too, or be dropped.
        package var hasGapAside: Bool { self.aside != nil }

        /// Whether the notice went in. A gap that did not is kept aside; anything else is gone.
        @discardableResult
        package mutating func put(_ notice: CaptureNotice) -> Bool {
            self.flush()
            let room = self.queue.notices.free
            let capacity = self.queue.notices.capacity
            switch notice {
            case .gap(let start, let frames, let cause):
                guard self.aside == nil, room > 0 else {
                    self.keepAside(start, frames, cause)
                    return false
                }
            case .level:
                guard self.aside == nil, room > capacity / 2 else { return false }
            case .running, .waiting, .paused, .resumed, .recordingFailing, .recordingRecovered:
                guard self.aside == nil, room > capacity / 4 else { return false }
            }
            self.queue.notices.append(notice)
            return true
        }

        /// Puts in what was kept aside, if there is room by now.
        package mutating func flush() {
            guard let gap = self.aside, self.queue.notices.free > 0 else { return }
            self.queue.notices.append(.gap(start: gap.start, frames: gap.frames, cause: gap.cause))
            self.aside = nil
        }

        /// Nothing more will be told. What is aside goes along.
        package mutating func finish() {
            self.flush()
            guard !self.queue.isFinished.load(ordering: .relaxed) else { return }
            self.queue.lastGap = self.aside.map { .gap(start: $0.start, frames: $0.frames, cause: $0.cause) }
            self.aside = nil
            self.queue.isFinished.store(true, ordering: .releasing)
        }

        private mutating func keepAside(_ start: SamplePosition, _ frames: Int64, _ cause: AudioGap.Cause) {
            guard let first = self.aside else { return self.aside = (start, frames, cause) }
            self.aside = (first.start, max(first.frames, start - first.start + frames), first.cause)
        }
    }

    /// The listening thread's end.
    package struct Reader: ~Copyable, Sendable {
        private let queue: NoticeQueue
        private var hasTakenLast = false

        fileprivate init(queue: NoticeQueue) {
            self.queue = queue
        }

        /// The next notice, if there is one.
        package mutating func next() -> CaptureNotice? {
            // Looked at before the notices: what was put in before the end is taken before what was aside at the end.
            let isFinished = self.queue.isFinished.load(ordering: .acquiring)
            let indices = self.queue.notices.indices
            if let index = indices.first {
                let notice = self.queue.notices[index]
                self.queue.notices.release(upTo: index + 1)
                return notice
            }
            guard isFinished, !self.hasTakenLast else { return nil }
            self.hasTakenLast = true
            return self.queue.lastGap
        }
    }
}
