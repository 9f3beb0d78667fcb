/// A stretch of the timeline for which there is no audio, and why.
public struct AudioGap: Hashable, Sendable {
    /// Why audio is missing. Raw values are interface: they stand in `gap` events and in the recording.
    public enum Cause: String, Hashable, Sendable, CaseIterable, BitwiseCopyable {
        /// The sound card's buffer ran over before it was read.
        case overrun
        /// The machine was suspended.
        case suspended
        /// The device gave nothing, without an error.
        case stalled
        /// The device was gone.
        case deviceGone = "device-gone"
        /// A person paused.
        case paused
        /// The disk took nothing for so long that the buffer in memory ran over.
        case diskStalled = "disk-stalled"
        /// Stored audio can no longer be read.
        case unreadable
    }

    public var span: AudioSpan
    public var cause: Cause

    public init(_ span: AudioSpan, cause: Cause) {
        self.span = span
        self.cause = cause
    }
}
