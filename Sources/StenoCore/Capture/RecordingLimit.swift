/// Decides when a live recording has gone on long enough: after a length of time, or after a silence.
///
/// | event | what happens |
/// | --- | --- |
/// | heard(speech) | the silence begins anew behind it |
/// | heard(no speech) | reached, once the silence or the whole is as long as its limit |
/// | paused | neither the length nor the silence grows |
/// | resumed | the silence begins anew: a person who comes back is given time to speak |
///
/// A device that gives nothing is no silence: who speaks into a dead microphone must not be cut off by it.
public struct RecordingLimit: Hashable, Sendable {
    public enum Reached: Hashable, Sendable {
        case duration
        case silence
    }

    /// How much is recorded, pauses left out; `nil` for no limit.
    private let duration: Int64?
    /// How much silence ends it; `nil` for no limit.
    private let silence: Int64?
    private var silentSince = SamplePosition.zero
    private var pausedAt: SamplePosition?
    private var pausedFrames: Int64 = 0

    /// Both in frames of the timeline.
    public init(duration: Int64?, silence: Int64?) {
        self.duration = duration
        self.silence = silence
    }

    public mutating func heard(_ condition: MicrophoneCondition, upTo end: SamplePosition) -> Reached? {
        guard self.pausedAt == nil else { return nil }
        switch condition {
        case .speech, .clipping, .noData: self.silentSince = max(self.silentSince, end)
        case .digitalZero, .constantOffset, .tooQuiet, .listening: break
        }
        if let duration = self.duration, end.frames - self.pausedFrames >= duration { return .duration }
        if let silence = self.silence, end - self.silentSince >= silence { return .silence }
        return nil
    }

    public mutating func paused(at position: SamplePosition) {
        self.pausedAt = self.pausedAt ?? position
    }

    public mutating func resumed(at position: SamplePosition) {
        guard let pausedAt = self.pausedAt else { return }
        self.pausedAt = nil
        self.pausedFrames += max(0, position - pausedAt)
        self.silentSince = max(self.silentSince, position)
    }
}
