import StenoCore
import Synchronization

/// What the recorder tells everybody else. Not for the capture thread: it locks.
final class LiveRecording: Sendable {
    private struct State {
        var report = RecordingReport()
        /// The same as the gaps of the report, for looking up.
        var missing = SpanSet()
        var notices: [CaptureNotice] = []
        var hasEnded = false
        var waiters: [CheckedContinuation<RecordingReport, Never>] = []
    }

    private let state = Locked(State())
    /// Of whoever passes the notices on.
    private let bell: Doorbell
    /// Before this, everything was handed to the sink, or is in `missing`.
    private let handedOver = Atomic<Int64>(0)

    init(bell: Doorbell) {
        self.bell = bell
    }

    var end: SamplePosition { SamplePosition(frames: self.handedOver.load(ordering: .acquiring)) }
    var report: RecordingReport { self.state.withLock(\.report) }
    var hasEnded: Bool { self.state.withLock(\.hasEnded) }

    /// The first part of `span` that the disk did not take.
    func missing(in span: AudioSpan) -> AudioSpan? {
        self.state.withLock { $0.missing.overlapping(span).first?.clamped(to: span) }
    }

    func takeNotices() -> [CaptureNotice] {
        self.state.withLock { state in
            defer { state.notices.removeAll() }
            return state.notices
        }
    }

    /// Returns when the last sample was handed over and the sink is finished.
    func whenEnded() async -> RecordingReport {
        await withCheckedContinuation { continuation in
            let report = self.state.withLock { state -> RecordingReport? in
                if !state.hasEnded { state.waiters.append(continuation) }
                return state.hasEnded ? state.report : nil
            }
            if let report { continuation.resume(returning: report) }
        }
    }

    // MARK: Recorder only

    func advanced(to position: SamplePosition) {
        self.handedOver.store(position.frames, ordering: .releasing)
    }

    /// The disk did not take this.
    func missed(_ span: AudioSpan) {
        guard !span.isEmpty else { return }
        self.state.withLock { state in
            state.missing.insert(span)
            state.report.gaps = state.missing.spans.map { AudioGap($0, cause: .diskStalled) }
            state.notices.append(.gap(start: span.start, frames: span.frames, cause: .diskStalled))
        }
        self.bell.ring()
    }

    func failed(_ error: AudioError, at position: SamplePosition) {
        self.state.withLock { state in
            if state.report.failure == nil { state.notices.append(.recordingFailing(position)) }
            state.report.failure = error
        }
        self.bell.ring()
    }

    func recovered(at position: SamplePosition) {
        let wasFailing = self.state.withLock { state in
            guard state.report.failure != nil else { return false }
            state.notices.append(.recordingRecovered(position))
            state.report.failure = nil
            return true
        }
        if wasFailing { self.bell.ring() }
    }

    func ended() {
        let (waiters, report) = self.state.withLock { state in
            state.hasEnded = true
            defer { state.waiters.removeAll() }
            return (state.waiters, state.report)
        }
        for waiter in waiters { waiter.resume(returning: report) }
        self.bell.ring()
    }
}
