/// Says when the next piece of audio may leave. Time is the caller's monotonic clock.
///
/// Two limits hold at once: never ahead of what a live speaker would have said since the session began (`speed`), and
/// never faster than `catchUp` times real time (or `speed`, where that is more) since this connection became ready.
struct SessionPacer: Sendable {
    /// What a setting may ask for. Anything outside is a slip, and would make times that no clock can hold.
    private static let usableSpeeds = 0.01...1_000.0
    /// Farther ahead than any recording.
    private static let unlimited = SamplePosition(frames: .max / 4)

    private let speed: Double
    private let rate: Double
    private let began: Duration
    private let ready: Duration
    private let start: SamplePosition
    private let isUnlimited: Bool

    /// - Parameters:
    init(
        _ pace: SessionPolicy.Pace,
        began: Duration,
        ready: Duration,
        start: SamplePosition,
        isCautious: Bool
    ) {
        self.began = began
        self.ready = ready
        self.start = start
        switch pace {
        case .unlimited:
            self.isUnlimited = !isCautious
            self.speed = .infinity
            self.rate = 1
        case .realTime(let speed, let catchUp):
            let speed = Self.usable(speed)
            self.isUnlimited = false
            self.speed = isCautious ? min(speed, 1) : speed
            self.rate = isCautious ? min(speed, 1) : max(speed, Self.usable(catchUp))
        }
    }

    /// How far audio may have been sent at `now`. A piece may be sent when it ends no later.
    func limit(at now: Duration) -> SamplePosition {
        guard !self.isUnlimited else { return Self.unlimited }
        return min(self.live(at: now), self.start + Self.frames(now - self.ready, at: self.rate))
    }

    /// When `limit` reaches `position`. Asked then, `limit` agrees.
    func time(of position: SamplePosition) -> Duration {
        guard !self.isUnlimited else { return self.ready }
        let catchingUp = self.ready + Self.duration(position - self.start, at: self.rate)
        guard self.speed.isFinite else { return catchingUp }
        return max(self.began + Self.duration(position - .zero, at: self.speed), catchingUp)
    }

    /// Whether a piece that ends at `end` leaves sooner after the one before it than it took to say.
    ///
    /// - Parameter piece: frames in a piece; whoever is less than that behind a live speaker keeps pace with them.
    func outrunsSpeech(endingAt end: SamplePosition, of available: SamplePosition, piece: Int64, at now: Duration)
        -> Bool
    {
        guard !self.isUnlimited else { return true }
        guard self.rate > 1 else { return false }
        return self.speed > 1 || end + piece < min(self.live(at: now), available)
    }

    /// Where a live speaker who began with the session is now.
    private func live(at now: Duration) -> SamplePosition {
        guard self.speed.isFinite else { return Self.unlimited }
        return .zero + Self.frames(now - self.began, at: self.speed)
    }

    private static func usable(_ speed: Double) -> Double {
        speed.isNaN ? 1 : min(max(speed, self.usableSpeeds.lowerBound), self.usableSpeeds.upperBound)
    }

    private static func frames(_ duration: Duration, at speed: Double) -> Int64 {
        // A thousandth of a frame pays for what the conversion from `Duration` rounds away, so that asking at
        // `time(of:)` never answers "wait until now".
        let frames = duration.inSeconds * speed * Double(SamplePosition.rate) + 0.001
        let bound = Double(self.unlimited.frames)
        return Int64(min(max(frames, -bound), bound).rounded(.down))
    }

    private static func duration(_ frames: Int64, at speed: Double) -> Duration {
        let nanoseconds = Double(frames) / (speed * Double(SamplePosition.rate)) * 1e9
        return .nanoseconds(Int64(min(max(nanoseconds, -9e18), 9e18).rounded(.up)))
    }
}

extension Duration {
    /// For arithmetic with rates; a `Duration` holds far more precision than any clock here gives.
    package var inSeconds: Double {
        let parts = self.components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }
}
