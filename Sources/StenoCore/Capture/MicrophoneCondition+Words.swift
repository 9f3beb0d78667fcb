extension MicrophoneCondition {
    /// Two words or less, for a status line.
    public var label: String {
        switch self {
        case .noData: "no data"
        case .digitalZero: "only zeros"
        case .constantOffset: "stuck value"
        case .tooQuiet: "too quiet"
        case .clipping: "too loud"
        case .listening: "listening"
        case .speech: "speech"
        }
    }

    /// What is the case, as a sentence.
    public var explanation: String {
        switch self {
        case .noData: "The microphone gives no data: it was unplugged, or its driver hangs."
        case .digitalZero: "The microphone gives exact zeros: it is muted, or nothing is plugged in."
        case .constantOffset:
            "The microphone gives the same value all the time: its cable, its plug or the interface is broken."
        case .tooQuiet: "The microphone is far too quiet to be understood."
        case .clipping: "The microphone is too loud, and what is said is distorted."
        case .listening: "The microphone gives a usable signal, and nobody speaks."
        case .speech: "The microphone gives a usable signal, and somebody speaks."
        }
    }

    /// What to do about it, as a sentence; `nil` when nothing is to be done.
    public var advice: String? {
        switch self {
        case .noData: "Plug it in again, or choose another with 'steno devices'."
        case .digitalZero: "Check its switch and 'alsamixer'."
        case .constantOffset: "Plug it in again, or use another microphone."
        case .tooQuiet: "Raise its level in 'alsamixer', speak closer to it, or check that it is the right one."
        case .clipping: "Lower its level in 'alsamixer', or speak from further away."
        case .listening, .speech: nil
        }
    }

    /// Both, as a person reads them.
    public var words: String {
        self.advice.map { "\(self.explanation) \($0)" } ?? self.explanation
    }
}
