/// How much a condition of the microphone asks for a person.
public enum MicrophoneAlert: String, Hashable, Sendable, CaseIterable, Comparable {
    /// As it should be.
    case none
    /// Something is wrong, or will be when somebody speaks.
    case warning
    /// It has been wrong for so long that nobody seems to have noticed.
    case alarm

    public static func < (lhs: MicrophoneAlert, rhs: MicrophoneAlert) -> Bool { lhs.rank < rhs.rank }

    private var rank: Int {
        switch self {
        case .none: 0
        case .warning: 1
        case .alarm: 2
        }
    }
}

/// Something new is true of the microphone.
public struct MicrophoneChange: Hashable, Sendable {
    public var condition: MicrophoneCondition
    public var alert: MicrophoneAlert
    /// Where on the timeline it was noticed: the end of what was heard.
    public var position: SamplePosition
    /// How long it has been so already, as far as that is known.
    public var lasting: Duration

    public init(
        _ condition: MicrophoneCondition,
        _ alert: MicrophoneAlert = .none,
        at position: SamplePosition,
        lasting: Duration = .zero
    ) {
        self.condition = condition
        self.alert = alert
        self.position = position
        self.lasting = lasting
    }
}
