package import StenoCore
import Synchronization

/// Follows what the capture thread tells: says what is true of the microphone, and when the recording has gone on long
/// enough. Called on one thread, by the source that is being recorded.
package final class MicrophoneWatch: Sendable {
    fileprivate struct State {
        var monitor = MicrophoneMonitor()
        var limit: RecordingLimit
        var hasReached = false
        /// The device is being waited for, and the person was told why.
        var trouble: DeviceTrouble?
        /// The person knows why the disk takes nothing.
        var isDiskFull = false
        /// The person was told that the disk takes nothing, and not why.
        var isDiskStalled = false
    }

    private let state: Mutex<State>
    private let began = ContinuousClock.now
    private let tell: @Sendable (RunEvent) -> Void
    private let stop: @Sendable () -> Void

    /// - Parameters:
    ///   - tell: gets what is worth showing.
    ///   - stop: called once, when a limit is reached.
    package init(
        limit: RecordingLimit,
        tell: @escaping @Sendable (RunEvent) -> Void,
        stop: @escaping @Sendable () -> Void
    ) {
        self.state = Mutex(State(limit: limit))
        self.tell = tell
        self.stop = stop
    }

    /// Any thread.
    package func receive(_ notice: DiskNotice) {
        self.state.withLock { state in
            switch notice {
            case .full: state.isDiskFull = true
            case .goesOn: state.isDiskFull = false
            case .low, .veryLow, .roomAgain, .usingReserve: break
            }
        }
        self.tell(.warning(notice.words))
    }

    package func receive(_ notice: CaptureNotice) {
        let (events, reached) = self.state.withLock { $0.receive(notice, now: ContinuousClock.now - self.began) }
        for event in events { self.tell(event) }
        guard let reached else { return }
        self.tell(.notice(reached.words))
        self.stop()
    }
}

extension MicrophoneWatch.State {
    fileprivate mutating func receive(
        _ notice: CaptureNotice,
        now: Duration
    ) -> (events: [RunEvent], reached: RecordingLimit.Reached?) {
        var events: [RunEvent] = []
        switch notice {
        case .level(let reading): events.append(reading.event)
        case .waiting(let trouble): events += self.waiting(trouble)
        case .running: events += self.running()
        case .paused(let position):
            self.limit.paused(at: position)
            events.append(.paused)
        case .resumed(let position):
            self.limit.resumed(at: position)
            events.append(.resumed)
        // The session tells gaps, because it is the one to know when they are over.
        case .gap: break
        case .recordingFailing, .recordingRecovered: events += self.recording(notice)
        }
        // While a device is away its gap is all that is told, and that is the clock then.
        if let change = self.monitor.received(notice, now: now) ?? self.monitor.timePassed(now: now) {
            events.append(.microphone(MicrophoneReport(change)))
        }
        return (events, self.reached(by: notice))
    }

    private mutating func waiting(_ trouble: DeviceTrouble) -> [RunEvent] {
        guard trouble != self.trouble else { return [] }
        self.trouble = trouble
        return [.warning("\(trouble.explanation) The recording goes on, and it is tried again. \(trouble.advice)")]
    }

    private mutating func running() -> [RunEvent] {
        guard self.trouble != nil else { return [] }
        self.trouble = nil
        return [.warning("The microphone is back.")]
    }

    private mutating func recording(_ notice: CaptureNotice) -> [RunEvent] {
        let isFailing = if case .recordingFailing = notice { true } else { false }
        // A full disk was told with what to do about it.
        guard isFailing != self.isDiskStalled, !(isFailing && self.isDiskFull) else { return [] }
        self.isDiskStalled = isFailing
        return [
            .warning(
                isFailing
                    ? "The disk does not keep up. What is said is held in memory; free some room on it."
                    : "The disk keeps up again."
            )
        ]
    }

    private mutating func reached(by notice: CaptureNotice) -> RecordingLimit.Reached? {
        guard !self.hasReached else { return nil }
        let reached: RecordingLimit.Reached?
        switch notice {
        case .level(let reading):
            guard let condition = self.monitor.condition else { return nil }
            reached = self.limit.heard(condition, upTo: reading.start + reading.frames)
        case .gap(let start, let frames, let cause) where cause != .paused:
            // A device that never comes back must not keep a recording from ending.
            reached = self.limit.heard(.noData, upTo: start + frames)
        case .gap, .running, .waiting, .paused, .resumed, .recordingFailing, .recordingRecovered: return nil
        }
        self.hasReached = reached != nil
        return reached
    }
}

extension LevelReading {
    /// As fractions of full scale.
    fileprivate var event: RunEvent {
        let mean = self.frames > 0 ? self.squares / Double(self.frames) : 0
        return .level(rms: mean.squareRoot() / 32_768, peak: Double(self.peak) / 32_768)
    }
}

extension MicrophoneReport {
    fileprivate init(_ change: MicrophoneChange) {
        let alarm: Alarm =
            switch change.alert {
            case .none: .none
            case .warning: .warning
            case .alarm: .alarm
            }
        self.init(change.condition, alarm: alarm, words: change.condition.words)
    }
}

extension RecordingLimit.Reached {
    fileprivate var words: String {
        switch self {
        case .duration: "The recording is as long as it was to be. Waiting for the last words."
        case .silence: "Nobody has spoken for as long as was agreed. Waiting for the last words."
        }
    }
}
