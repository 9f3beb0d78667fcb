/// Hears a microphone for some seconds, and says in the end what it is worth.
///
/// No clock: time is a parameter, counted from any fixed moment.
public struct MicrophoneTrial: Sendable {
    /// How much longer than the trial a device may take to begin; a sound server that sleeps takes two seconds.
    private static let patience = Duration.seconds(4)

    /// How much is heard.
    public let length: Duration
    private let began: Duration
    private var monitor: MicrophoneMonitor
    private var seen: Set<MicrophoneCondition> = []
    private var squares = 0.0
    private var frames: Int64 = 0
    /// The highest magnitude, 0...32,768.
    public private(set) var peak = 0
    /// Why the device gave nothing, if it did not.
    public private(set) var trouble: DeviceTrouble?

    /// - Parameters:
    ///   - length: how much is to be heard, at least 4 s: zeros and silence need time to be told from a pause.
    ///   - now: when the device was opened.
    public init(length: Duration = .seconds(5), now: Duration) {
        self.length = length
        self.began = now
        var thresholds = MicrophoneThresholds()
        // Nobody is given ten seconds here.
        thresholds.quietFrames = Int64(3 * SamplePosition.rate)
        self.monitor = MicrophoneMonitor(thresholds: thresholds)
    }

    public mutating func received(_ notice: CaptureNotice, now: Duration) {
        switch notice {
        case .level(let reading):
            self.frames += max(0, reading.frames)
            self.peak = max(self.peak, reading.peak)
            self.squares += max(0, reading.squares)
        case .waiting(let trouble): self.trouble = trouble
        case .running, .gap, .paused, .resumed, .recordingFailing, .recordingRecovered: break
        }
        _ = self.monitor.received(notice, now: now)
        if let condition = self.monitor.condition { self.seen.insert(condition) }
        // Not by any level: the last one before a loss may be told after it.
        if self.monitor.condition != .noData { self.trouble = nil }
    }

    /// Enough was heard, or nothing more is worth waiting for.
    public func isOver(now: Duration) -> Bool {
        self.heard >= self.length || now - self.began >= self.length + Self.patience
    }

    /// How much was heard.
    public var heard: Duration { .seconds(1) * (Double(self.frames) / Double(SamplePosition.rate)) }

    /// Mean square of all samples.
    public var energy: Double { self.squares / Double(max(1, self.frames)) }

    /// What is true now, for a meter; `nil` before there is any evidence.
    public var condition: MicrophoneCondition? { self.monitor.condition }

    /// What to say in the end. A word among silence is speech, and distortion anywhere is worth knowing.
    public var verdict: MicrophoneCondition {
        guard self.frames > 0, self.monitor.condition != .noData else { return .noData }
        guard self.peak > 0 else { return .digitalZero }
        if self.seen.contains(.clipping) { return .clipping }
        if self.monitor.condition == .tooQuiet { return .tooQuiet }
        if self.seen.contains(.speech) { return .speech }
        return self.seen.contains(.listening) ? .listening : self.monitor.condition ?? .listening
    }
}
