/// What a person should know of the disk that is recorded on.
public enum DiskNotice: Hashable, Sendable {
    /// Little is left. Nothing happens yet.
    case low(DiskRoom)
    /// Very little is left.
    case veryLow(DiskRoom)
    /// There is room again, and space is kept for the next time.
    case roomAgain
    /// The disk is full, and the recording goes on in the space that was kept for this. So long at least.
    case usingReserve(Duration)
    /// That is used up too. What is said is held in memory, and after that it is a gap.
    case full
    /// The disk takes what was held in memory.
    case goesOn

    /// Whether the person must act now, or speech will be lost.
    public var isAlarm: Bool {
        switch self {
        case .low, .veryLow, .roomAgain, .goesOn: false
        case .usingReserve, .full: true
        }
    }
}

extension DiskNotice {
    /// What happened and what to do. The wording is interface: a test pins every line.
    public var words: String {
        switch self {
        case .low(let room):
            "The disk has \(room.percent) % left, enough for at least \(room.time.roughly). Free some space on it."
        // Of a small disk a large part may be very little.
        case .veryLow(let room) where room.percent > 7:
            "The disk has room for \(room.time.roughly) of recording, or a little more. Free space on it now."
        case .veryLow(let room):
            "Only \(room.percent) % of the disk is left, enough for at least \(room.time.roughly). Free space on it now."
        case .roomAgain: "The disk has room again."
        case .usingReserve(let time):
            "The disk is full. The recording goes on in space kept for this, for at least \(time.roughly). "
                + "Free space on it now."
        case .full:
            "The disk is full. What is said is held in memory, for one minute; then it will be missing. "
                + "Free space on it now."
        case .goesOn: "The disk has room again. What was held in memory is written."
        }
    }
}

extension Duration {
    /// Rounded down, in the largest unit that says something.
    fileprivate var roughly: String {
        let seconds = self.components.seconds
        let (count, unit) =
            switch seconds {
            case ..<120: (seconds, "second")
            case ..<7_200: (seconds / 60, "minute")
            case ..<345_600: (seconds / 3_600, "hour")
            default: (seconds / 86_400, "day")
            }
        return "\(count) \(unit)\(count == 1 ? "" : "s")"
    }
}
