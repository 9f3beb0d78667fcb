import StenoCore
import Synchronization

/// What the threads of one live recording share.
///
///                    ┌─► session ring ──────────────────────────────► reader: a session, by position
///     capture thread ┼─► recorder ring, its gaps ─► steno-record ─► sink ─┘ (what memory no longer has)
///                    └─► notices ─► steno-notify ─► doorbell of the session, `onNotice`
///
/// The capture thread stores `position` after everything that lies before it is in the rings and queues.
final class LiveTimeline: Sendable {
    /// Farther than any recording; keeps every sum of positions inside an `Int64`.
    static let limit = Int64.max / 8

    let name: String
    let sessionRing: TimelineRing
    let recorderRing: TimelineRing
    let notices: NoticeQueue
    let recorderGaps = NoticeQueue()
    let notifyBell: Doorbell
    let recordBell: Doorbell
    let recording: LiveRecording

    /// The end of the timeline so far.
    let position = Atomic<Int64>(0)
    /// Stored after the last change of everything above.
    let isFinished = Atomic<Bool>(false)

    init(name: String, ringFrames: Int, notices: Int) throws(AudioError) {
        self.name = name
        let notifyBell = try Doorbell(name: name)
        self.notifyBell = notifyBell
        self.recording = LiveRecording(bell: notifyBell)
        self.recordBell = try Doorbell(name: name)
        self.sessionRing = TimelineRing(holding: ringFrames)
        self.recorderRing = TimelineRing(holding: ringFrames)
        self.notices = NoticeQueue(capacity: notices)
    }

    var end: SamplePosition { SamplePosition(frames: self.position.load(ordering: .acquiring)) }

    /// Nothing more will come.
    func finish() {
        self.isFinished.store(true, ordering: .releasing)
        self.ring()
    }

    func ring() {
        self.notifyBell.ring()
        self.recordBell.ring()
    }
}
