import StenoCore
import Synchronization

/// Passes on what the capture thread and the recorder have to say, so that neither ever waits for a listener. Owned by
/// its thread.
final class LiveNotifier {
    private let timeline: LiveTimeline
    private let view: LiveView
    private let onNotice: @Sendable (CaptureNotice) -> Void
    private var notices: NoticeQueue.Reader

    init(_ timeline: LiveTimeline, view: LiveView, onNotice: @escaping @Sendable (CaptureNotice) -> Void) {
        self.timeline = timeline
        self.view = view
        self.onNotice = onNotice
        self.notices = timeline.notices.makeReader()
    }

    func run() {
        while !self.turn() { self.timeline.notifyBell.answer() }
    }

    /// - Returns: whether there will be nothing more to pass on.
    func turn() -> Bool {
        // In this order: the end before the position before the gaps, so that whoever sees the one knows the others.
        let hasRecordingEnded = self.timeline.recording.hasEnded
        let isFinished = self.timeline.isFinished.load(ordering: .acquiring)
        let end = self.timeline.end
        var passedOn: [CaptureNotice] = []
        while let notice = self.notices.next() {
            if case .gap(let start, let frames, let cause) = notice {
                self.view.missed(AudioGap(AudioSpan(start: start, end: start + frames), cause: cause))
            }
            passedOn.append(notice)
        }
        self.view.advanced(to: end, isComplete: isFinished)
        for notice in passedOn + self.timeline.recording.takeNotices() { self.onNotice(notice) }
        return isFinished && hasRecordingEnded
    }
}
