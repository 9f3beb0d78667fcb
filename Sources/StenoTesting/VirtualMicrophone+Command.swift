extension VirtualMicrophone {
    /// What can be made to go wrong. Milliseconds are of real time.
    package enum Command: Sendable {
        /// An overrun: -EPIPE, and what was in the buffer is lost.
        case xrun
        /// No data and no error for so long; what was said meanwhile is lost without a word.
        case stall(milliseconds: Int)
        /// No data and no error for so long; then all at once, an overrun where it is more than the buffer holds.
        case late(milliseconds: Int)
        /// -ESTRPIPE; resuming gives -EAGAIN for so long, and works afterwards. `prepare` works at any time.
        case suspend(milliseconds: Int)
        /// -ESTRPIPE; resuming gives -ENOSYS, `prepare` works.
        case suspendWithoutResume
        /// Pulled out: -ENODEV and DISCONNECTED, and it cannot be opened before `back`.
        case gone
        case back
        /// The next reads fail with -EIO.
        case failingReads(Int)
        /// The next wake-ups come early and say that there is data, and there is none.
        case spuriousWakes(Int)
        /// The next deliveries are of an odd number of frames, less than a period.
        case shortReads(Int)
        /// Opening gives -EBUSY, so often or until `free`.
        case busy(times: Int? = nil)
        /// Opening gives -EACCES, so often or until `free`.
        case denied(times: Int? = nil)
        case free
        /// It hears digital zero for so many frames.
        case zero(frames: Int)
        /// It hears a square wave at full scale for so many frames.
        case clip(frames: Int)

        var text: String {
            switch self {
            case .xrun: "xrun"
            case .stall(let milliseconds): "stall \(milliseconds)"
            case .late(let milliseconds): "late \(milliseconds)"
            case .suspend(let milliseconds): "suspend \(milliseconds)"
            case .suspendWithoutResume: "suspend-noresume"
            case .gone: "gone"
            case .back: "back"
            case .failingReads(let count): "eio \(count)"
            case .spuriousWakes(let count): "spurious \(count)"
            case .shortReads(let count): "short \(count)"
            case .busy(let times): "busy" + (times.map { " \($0)" } ?? "")
            case .denied(let times): "denied" + (times.map { " \($0)" } ?? "")
            case .free: "free"
            case .zero(let frames): "zero \(frames)"
            case .clip(let frames): "clip \(frames)"
            }
        }
    }
}
