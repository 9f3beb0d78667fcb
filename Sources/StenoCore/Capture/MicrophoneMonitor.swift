/// Says what is true of a microphone, from what it delivers, and when a person has to know.
///
/// Capture is the part of such programs that fails silently: a muted microphone records an hour of nothing, without an
/// error. Every condition here has evidence, and `MicrophoneThresholds` has the numbers and the table.
///
///     notices ──► runs of zeros, moments of 100 ms ──► the first row that holds ──► a change, or nothing
///
/// It does not flap: at most four changes in any second (zeros, then a sound, a voice, distortion, and the plug is
/// pulled), and an alarm comes once for as long as a condition lasts.
///
/// No clock: time is a parameter, counted from any fixed moment.
public struct MicrophoneMonitor: Sendable {
    /// Longer readings are no readings, but a mistake; they are ignored.
    private static let longestReading = Int64(60 * SamplePosition.rate)
    /// Positions beyond it (two million years) are likewise ignored, so that adding to them cannot overflow.
    private static let lastPosition = SamplePosition(frames: 1 << 60)

    private let thresholds: MicrophoneThresholds
    private var evidence: MicrophoneEvidence
    /// The end of what was heard.
    private var position = SamplePosition.zero
    private var wait: Wait?
    /// What was said last; `nil` until there is any evidence.
    public private(set) var condition: MicrophoneCondition?
    public private(set) var alert = MicrophoneAlert.none

    /// The device gives no data.
    private struct Wait {
        let since: Duration
        /// What it has delivered after all.
        var frames: Int64 = 0
    }

    public init(thresholds: MicrophoneThresholds = MicrophoneThresholds()) {
        self.thresholds = thresholds
        self.evidence = MicrophoneEvidence(thresholds)
    }

    /// Takes what the capture thread tells, in order.
    ///
    /// - Returns: what became true by it; `nil` if nothing did.
    public mutating func received(_ notice: CaptureNotice, now: Duration) -> MicrophoneChange? {
        switch notice {
        case .level(let reading):
            guard self.isPlausible(reading) else { return nil }
            self.heard(reading)
        case .waiting:
            // Whatever else goes wrong while it is waited for, it is one wait, with one alarm.
            self.wait = Wait(since: self.wait?.since ?? now)
        // Only data shows that a device delivers, and neither gap, pause nor disk say anything about the microphone.
        case .running, .gap, .paused, .resumed, .recordingFailing, .recordingRecovered:
            return nil
        }
        return self.judge(now: now)
    }

    /// Time went by, with or without notices; once a second is often enough.
    public mutating func timePassed(now: Duration) -> MicrophoneChange? {
        self.wait == nil ? nil : self.judge(now: now)
    }

    private func isPlausible(_ reading: LevelReading) -> Bool {
        guard (1...Self.longestReading).contains(reading.frames) else { return false }
        let frames = Double(reading.frames)
        // What begins before the end of the last one was heard already.
        return reading.start >= self.position && reading.start <= Self.lastPosition
            && (0...32_768).contains(reading.peak)
            && (0...(32_768 * 32_768 * frames)).contains(reading.squares)
            && reading.sum.magnitude <= 32_768 * frames
    }

    private mutating func heard(_ reading: LevelReading) {
        var reading = reading
        reading.trailingZeros = min(max(0, reading.trailingZeros), reading.frames)
        reading.clippedFrames = min(max(0, reading.clippedFrames), reading.frames)
        self.position = reading.start + reading.frames
        self.evidence.heard(reading)
        self.wait?.frames += reading.frames
        if let wait = self.wait, wait.frames >= self.thresholds.returnFrames { self.wait = nil }
    }

    private mutating func judge(now: Duration) -> MicrophoneChange? {
        let waited = self.wait.map { max(.zero, now - $0.since) }
        guard let condition = waited == nil ? self.supported : .noData else { return nil }
        let lasting = waited ?? self.duration(of: condition)
        var alert = self.alert(for: condition, lasting: lasting)
        // It has not ended, so it cannot have become better.
        if condition == self.condition { alert = max(alert, self.alert) }
        guard condition != self.condition || alert != self.alert else { return nil }
        (self.condition, self.alert) = (condition, alert)
        return MicrophoneChange(condition, alert, at: self.position, lasting: lasting)
    }

    /// The first row of the table for which there is evidence in what was heard.
    private var supported: MicrophoneCondition? {
        if self.evidence.zeroFrames >= self.thresholds.zeroFrames { return .digitalZero }
        if self.evidence.offsetFrames >= self.thresholds.offsetFrames { return .constantOffset }
        let isDisproved = self.condition == .digitalZero || self.condition == .constantOffset
        if self.evidence.isLifeless, !isDisproved { return self.condition }
        if self.evidence.isClipping { return .clipping }
        if self.evidence.isTooQuiet { return .tooQuiet }
        return self.evidence.isSpeech ? .speech : .listening
    }

    private func duration(of condition: MicrophoneCondition) -> Duration {
        let frames: Int64 =
            switch condition {
            case .digitalZero: self.evidence.zeroFrames
            case .constantOffset: self.evidence.offsetFrames
            case .tooQuiet: self.evidence.quietFrames
            case .noData, .clipping, .listening, .speech: 0
            }
        return .seconds(1) * (Double(frames) / Double(SamplePosition.rate))
    }

    private func alert(for condition: MicrophoneCondition, lasting: Duration) -> MicrophoneAlert {
        switch condition {
        case .noData, .digitalZero, .constantOffset: lasting >= self.thresholds.alarm ? .alarm : .warning
        case .tooQuiet, .clipping: .warning
        case .listening, .speech: .none
        }
    }
}
