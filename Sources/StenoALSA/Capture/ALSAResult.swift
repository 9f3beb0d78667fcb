import CALSA
import Glibc
import StenoCore

/// What the return values of libasound mean. The one place where they become decisions and words.
enum ALSAResult {
    /// - Parameters:
    ///   - result: negative.
    ///   - state: what the device says of itself.
    static func fault(_ result: Int32, state: snd_pcm_state_t) -> CaptureStateMachine.Fault {
        // A plugin turns many errors into -EPIPE; what the state says is nearer to the truth.
        if state == SND_PCM_STATE_DISCONNECTED { return .lost(.absent) }
        switch -result {
        case EPIPE: return .overrun
        case ESTRPIPE: return .suspended
        case EBADFD: return state == SND_PCM_STATE_SUSPENDED ? .suspended : .notRunning
        default: return .lost(Self.trouble(result))
        }
    }

    /// What a state other than running asks for; `nil` where nothing is wrong.
    static func fault(of state: snd_pcm_state_t) -> CaptureStateMachine.Fault? {
        switch state {
        case SND_PCM_STATE_XRUN: .overrun
        case SND_PCM_STATE_SUSPENDED: .suspended
        case SND_PCM_STATE_DISCONNECTED: .lost(.absent)
        case SND_PCM_STATE_OPEN, SND_PCM_STATE_SETUP, SND_PCM_STATE_PREPARED, SND_PCM_STATE_PAUSED: .notRunning
        default: nil
        }
    }

    static func trouble(_ result: Int32) -> DeviceTrouble {
        switch -result {
        case ENOENT, ENODEV, ENXIO: .absent
        case EBUSY, EAGAIN: .busy
        case EACCES, EPERM: .notPermitted
        case ECONNREFUSED, ECONNRESET, ECONNABORTED, ETIMEDOUT: .serverGone
        // Also a plugin that is not installed, and a configuration that makes no sense.
        case EINVAL, ENOTTY: .unusable
        default: .failing
        }
    }

    /// - Parameter pcm: the name that was opened, to look for who has it.
    static func error(_ trouble: DeviceTrouble, device: String, pcm: String, cause: String) -> CaptureError {
        let reason: CaptureError.Reason =
            switch trouble {
            case .absent: .absent
            case .busy: .busy(holder: DeviceHolder().find(pcm))
            case .notPermitted: .notPermitted
            case .stuck: .stuck
            case .serverGone: .serverGone
            case .unusable: .unusable
            case .failing: .failing
            }
        return CaptureError(reason, device: device, cause: cause)
    }
}
