/// What the capture thread tells the rest of the program, in the order in which it happened. Plain bits, so that it can
/// pass through a queue without a lock.
public enum CaptureNotice: Hashable, Sendable, BitwiseCopyable {
    case level(LevelReading)
    /// The timeline went on without audio.
    case gap(start: SamplePosition, frames: Int64, cause: AudioGap.Cause)
    /// The device delivers.
    case running
    /// The device gives nothing, and it is tried again until the recording ends.
    case waiting(DeviceTrouble)
    /// A person paused at this position.
    case paused(SamplePosition)
    case resumed(SamplePosition)
    /// The recording on disk does not keep up, or refuses. Nothing is lost yet; what becomes lost is told as a gap.
    case recordingFailing(SamplePosition)
    /// The recording on disk goes on.
    case recordingRecovered(SamplePosition)
}

/// Why a capture device gives no audio.
public enum DeviceTrouble: String, Hashable, Sendable, CaseIterable, BitwiseCopyable {
    /// No device of this name, or it was unplugged.
    case absent
    /// Another program has it.
    case busy
    /// This user may not use it.
    case notPermitted = "not-permitted"
    /// It is there and gives no data.
    case stuck
    /// The sound server that it belongs to does not answer.
    case serverGone = "server-gone"
    /// It cannot deliver anything that we can read.
    case unusable
    /// Any other error.
    case failing
}
