package import StenoCore
import Synchronization

/// The capture thread's end of a live recording. Never blocks, never allocates, takes no lock.
///
/// Dropping it finishes the recording.
package struct LiveWriter: ~Copyable, Sendable {
    private let intake: LiveIntake

    init(_ timeline: LiveTimeline) {
        self.intake = LiveIntake(timeline)
    }

    deinit {
        self.intake.finish()
    }

    /// The end of the timeline so far.
    package var position: SamplePosition { self.intake.position }

    /// 16 kHz mono.
    package mutating func append(_ samples: UnsafeBufferPointer<Int16>) { self.intake.append(samples) }

    /// The timeline goes on without audio. While that lasts, call it every 100 ms or so: consecutive calls with one
    /// cause are one gap that grows, and sessions keep up with the clock.
    package mutating func skip(_ frames: Int64, cause: AudioGap.Cause) { self.intake.skip(frames, cause: cause) }

    /// Bounded: when nobody listens, levels are dropped first. Gaps are told by `skip`.
    package mutating func notify(_ notice: CaptureNotice) { self.intake.notify(notice) }

    /// The recording ends here. Whatever is called later changes nothing.
    package mutating func finish() { self.intake.finish() }
}

/// What the capture thread keeps between periods. A class, because its end must also come when the writer is dropped.
///
/// Invariant, and why `@unchecked`: only its one noncopyable writer has it, so one thread at a time uses it.
private final class LiveIntake: @unchecked Sendable {
    /// How much audio a session is woken for: 100 ms.
    private static let sessionFrames = Int64(SamplePosition.rate / 10)

    private let timeline: LiveTimeline
    private var session: TimelineRing.Writer
    private var recorder: TimelineRing.Writer
    private var notices: NoticeQueue.Writer
    private var recorderGaps: NoticeQueue.Writer
    private(set) var position = SamplePosition.zero
    /// Ends at `position`.
    private var gap: AudioGap?
    private var isDropping = false
    private var isFinished = false

    init(_ timeline: LiveTimeline) {
        self.timeline = timeline
        self.session = timeline.sessionRing.makeWriter()
        self.recorder = timeline.recorderRing.makeWriter()
        self.notices = timeline.notices.makeWriter()
        self.recorderGaps = timeline.recorderGaps.makeWriter()
    }

    func append(_ samples: UnsafeBufferPointer<Int16>) {
        guard !self.isFinished, !samples.isEmpty else { return }
        self.closeGap()
        self.notices.flush()
        self.recorderGaps.flush()
        _ = self.session.write(samples, at: self.position)
        // A sample must not overtake the gap before it, or the recorder would put the hole down to the disk.
        let kept = self.recorderGaps.hasGapAside ? 0 : self.recorder.write(samples, at: self.position)
        self.record(isDropping: kept < samples.count)
        self.advance(by: Int64(samples.count))
    }

    func skip(_ frames: Int64, cause: AudioGap.Cause) {
        let frames = min(frames, LiveTimeline.limit - self.position.frames)
        guard !self.isFinished, frames > 0 else { return }
        if self.gap?.cause != cause { self.closeGap() }
        let isNew = self.gap == nil
        let start = self.gap?.span.start ?? self.position
        let gap = AudioGap(AudioSpan(start: start, end: self.position + frames), cause: cause)
        self.gap = gap
        self.notices.put(gap.notice)
        // The recorder is told of its beginning and of its end, so that a long one does not fill the queue.
        if isNew { self.recorderGaps.put(gap.notice) }
        self.advance(by: frames)
        if isNew { self.timeline.ring() }
    }

    func notify(_ notice: CaptureNotice) {
        guard !self.isFinished else { return }
        self.notices.put(notice)
        if case .level = notice { return }
        self.timeline.notifyBell.ring()
    }

    func finish() {
        guard !self.isFinished else { return }
        self.isFinished = true
        self.closeGap()
        self.notices.finish()
        self.recorderGaps.finish()
        self.timeline.finish()
    }

    private func closeGap() {
        guard let gap = self.gap else { return }
        self.gap = nil
        self.recorderGaps.put(gap.notice)
    }

    private func advance(by frames: Int64) {
        let before = self.position.frames
        let after = before + frames
        self.position = SamplePosition(frames: after)
        self.timeline.position.store(after, ordering: .releasing)
        if before / Self.sessionFrames != after / Self.sessionFrames { self.timeline.notifyBell.ring() }
        if before / LiveRecorder.rowFrames != after / LiveRecorder.rowFrames { self.timeline.recordBell.ring() }
    }

    /// Told once each time, at once: a person may still be able to help.
    private func record(isDropping: Bool) {
        guard isDropping != self.isDropping else { return }
        self.isDropping = isDropping
        self.notify(isDropping ? .recordingFailing(self.position) : .recordingRecovered(self.position))
    }
}

extension AudioGap {
    /// The gap as a notice; the next one with the same start replaces it.
    fileprivate var notice: CaptureNotice {
        .gap(start: self.span.start, frames: self.span.frames, cause: self.cause)
    }
}
