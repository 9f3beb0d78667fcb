import StenoCore
import Synchronization

/// What sessions see of a live recording: up to where it is there, and what is missing before that.
final class LiveView: Sendable {
    private struct Gaps {
        var list: [AudioGap] = []
        var spans = SpanSet()
        /// Whether the last of `list` was missed by the capture, and so may grow.
        var mayGrow = false

        mutating func add(_ gap: AudioGap, mayGrow: Bool) {
            guard !gap.span.isEmpty else { return }
            self.spans.insert(gap.span)
            if self.mayGrow, mayGrow, let last = self.list.last, last.cause == gap.cause,
                last.span.end == gap.span.start
            {
                self.list[self.list.count - 1].span.end = gap.span.end
            } else {
                self.list.append(gap)
            }
            self.mayGrow = mayGrow
        }
    }

    private struct Observer {
        let ring: @Sendable () -> Void
    }

    private let available = Atomic<Int64>(0)
    /// Stored after the last change of `available`, so who sees it sees the length.
    private let isComplete = Atomic<Bool>(false)
    private let gaps = Locked(Gaps())
    private let observer = Locked<Observer?>(nil)

    var progress: SourceProgress {
        let isComplete = self.isComplete.load(ordering: .acquiring)
        return SourceProgress(available: self.end, isComplete: isComplete)
    }

    var end: SamplePosition { SamplePosition(frames: self.available.load(ordering: .acquiring)) }
    var list: [AudioGap] { self.gaps.withLock(\.list) }

    /// The first part of `span` that is known to be missing.
    func gap(in span: AudioSpan) -> AudioSpan? {
        self.gaps.withLock { $0.spans.overlapping(span).first?.clamped(to: span) }
    }

    /// Nobody has this audio any more.
    func lost(_ span: AudioSpan, cause: AudioGap.Cause) {
        self.gaps.withLock { $0.add(AudioGap(span, cause: cause), mayGrow: false) }
    }

    func observe(_ ring: @escaping @Sendable () -> Void) {
        self.observer.withLock { $0 = Observer(ring: ring) }
        if self.end > .zero || self.isComplete.load(ordering: .acquiring) { ring() }
    }

    // MARK: Notifier only

    /// A gap of the capture, as long as it is by now.
    func missed(_ gap: AudioGap) {
        self.gaps.withLock { gaps in
            // What was told of it before is in the list.
            let known = gaps.spans.overlapping(gap.span).last?.end ?? gap.span.start
            gaps.add(
                AudioGap(AudioSpan(start: max(gap.span.start, known), end: gap.span.end), cause: gap.cause),
                mayGrow: true
            )
        }
    }

    func advanced(to end: SamplePosition, isComplete: Bool) {
        self.available.store(end.frames, ordering: .releasing)
        if isComplete { self.isComplete.store(true, ordering: .releasing) }
        // Called outside the lock, so that an observer may come back.
        let observer = self.observer.withLock { $0 }
        observer?.ring()
    }
}
