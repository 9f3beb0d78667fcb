extension DeviceTrouble {
    /// What is the case, as a sentence.
    public var explanation: String {
        switch self {
        case .absent: "The microphone is gone."
        case .busy: "Another program has taken the microphone."
        case .notPermitted: "This user may not use the microphone any more."
        case .stuck: "The microphone gives no data, without an error."
        case .serverGone: "The sound server does not answer."
        case .unusable: "The microphone offers nothing that can be recorded now."
        case .failing: "The microphone fails."
        }
    }

    /// What to do about it, as a sentence.
    public var advice: String {
        switch self {
        case .absent: "Plug it in again."
        case .busy: "End the other program, or its recording."
        case .notPermitted: "Membership in the group 'audio' gives the permission."
        case .stuck: "If it lasts, unplug it and plug it in again."
        case .serverGone: "Start PulseAudio or PipeWire again."
        case .unusable: "Unplug it and plug it in again, or choose another with 'steno devices'."
        case .failing: "Unplug it and plug it in again."
        }
    }
}
