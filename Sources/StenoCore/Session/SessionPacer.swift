/// Says when the next piece of audio may leave. Time is the caller's monotonic clock.
///
/// Two limits hold at once: never ahead of what a live speaker would have said since the session began (`speed`), and never
/// faster than `catchUp` times real time (or `speed`, where that is more) since this connection became ready.
struct SessionPacer: Sendable {
    private let speed: Double
    private let rate: Double
    private let began: Duration
    private let ready: Duration
    private let origin: SamplePosition
    private let start: SamplePosition
    private let isUnlimited: Bool

    /// - Parameters:
    ///   - began: when the session began, which is when `origin` would have been said.
    ///   - ready: when this connection became ready, sending from `start` on.
    ///   - isCautious: an earlier connection closed while it was given audio faster than real time (JA-4).
    init(
        _ pace: SessionPolicy.Pace,
        began: Duration,
        origin: SamplePosition = .zero,
        ready: Duration,
        start: SamplePosition,
        isCautious: Bool
    ) {
        self.began = began
        self.ready = ready
        self.origin = origin
        self.start = start
        switch pace {
        case .unlimited:
            self.isUnlimited = !isCautious
            self.speed = .infinity
            self.rate = 1
        case .realTime(let speed, let catchUp):
            self.isUnlimited = false
            self.speed = isCautious ? min(speed, 1) : speed
            self.rate = isCautious ? min(speed, 1) : max(speed, catchUp)
        }
    }

    /// Whether audio that stands at `cursor` leaves faster than it would be said.
    func outrunsSpeech(at now: Duration, cursor: SamplePosition) -> Bool {
        if self.isUnlimited || self.speed > 1 { return true }
        let behind = self.origin + Self.frames(now - self.began, at: self.speed) - cursor
        return self.rate > 1 && behind > Int64(SamplePosition.rate / 2)
    }

    /// How far audio may have been sent at `now`. A piece may be sent when it ends no later.
    func limit(at now: Duration) -> SamplePosition {
        guard !self.isUnlimited else { return SamplePosition(frames: .max / 4) }
        let live = self.speed.isFinite
            ? self.origin + Self.frames(now - self.began, at: self.speed) : SamplePosition(frames: .max / 4)
        let catchingUp = self.start + Self.frames(now - self.ready, at: self.rate)
        return min(live, catchingUp)
    }

    /// When `limit` reaches `position`.
    func time(of position: SamplePosition) -> Duration {
        guard !self.isUnlimited else { return .zero }
        let catchingUp = self.ready + Self.duration(position - self.start, at: self.rate)
        guard self.speed.isFinite else { return catchingUp }
        return max(self.began + Self.duration(position - self.origin, at: self.speed), catchingUp)
    }

    private static func frames(_ duration: Duration, at speed: Double) -> Int64 {
        Int64((duration.inSeconds * speed * Double(SamplePosition.rate)).rounded(.down))
    }

    private static func duration(_ frames: Int64, at speed: Double) -> Duration {
        .nanoseconds(Int64((Double(frames) / (speed * Double(SamplePosition.rate)) * 1e9).rounded(.up)))
    }
}

extension Duration {
    /// For arithmetic with rates; a `Duration` holds far more precision than any clock here gives.
    package var inSeconds: Double {
        let parts = self.components
        return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }
}
