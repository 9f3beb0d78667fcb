/// A place on the timeline of one recording, counted in frames at 16 kHz since the recording began.
///
/// The position is the only identity that capture, session, recording and hand-off share. It is never reset: not by a
/// reconnect, an overrun, a change of device or a restart. Wall time is never stored in it.
public struct SamplePosition: Hashable, Sendable, BitwiseCopyable {
    /// Frames per second of every timeline. Devices and files of another rate are converted before they get a position.
    public static let rate = 16_000
    public static let zero = SamplePosition(frames: 0)

    public var frames: Int64

    public init(frames: Int64) {
        self.frames = frames
    }

    /// The frame that is nearest to `seconds`. Not-a-number and values outside ±10^9 s are clamped, because seconds may
    /// come from a server and must never trap.
    public init(seconds: Double) {
        guard !seconds.isNaN else {
            self.frames = 0
            return
        }
        let clamped = min(max(seconds, -1e9), 1e9)
        self.frames = Int64((clamped * Double(Self.rate)).rounded())
    }

    public var seconds: Double { Double(self.frames) / Double(Self.rate) }
}

extension SamplePosition: Comparable {
    public static func < (lhs: SamplePosition, rhs: SamplePosition) -> Bool { lhs.frames < rhs.frames }
}

extension SamplePosition {
    public static func + (lhs: SamplePosition, frames: Int64) -> SamplePosition {
        SamplePosition(frames: lhs.frames + frames)
    }

    public static func - (lhs: SamplePosition, frames: Int64) -> SamplePosition {
        SamplePosition(frames: lhs.frames - frames)
    }

    /// The distance in frames.
    public static func - (lhs: SamplePosition, rhs: SamplePosition) -> Int64 { lhs.frames - rhs.frames }
}
