/// Says when the next piece of audio may leave. Time is the caller's monotonic clock.
///
/// `realTime`: two limits hold at once. Never ahead of what a live speaker would have said since the session began
/// (`speed`), and never faster than `catchUp` times real time (or `speed`, where that is more) since this connection
/// became ready.
///
/// `following`: the source is a live speaker, so it sets the pace, and only what has piled up is held back: to `catchUp`
/// times real time. A pause in sending saves up the right to send a little at once, `burst`, and no more: after a stall
/// the backlog leaves no faster than it did after the connection was made.
struct SessionPacer: Sendable {
    /// What a setting may ask for. Anything outside is a slip, and would make times that no clock can hold.
    private static let usableSpeeds = 0.01...1_000.0
    /// Farther ahead than any recording.
    private static let unlimited = SamplePosition(frames: .max / 4)
    /// What may leave at once after a pause in sending: a second, as a speaker's words may come late by that much.
    private static let burst = Int64(SamplePosition.rate)
    /// Who is caught up keeps up, although the clock of a sound card may run fast by some hundred millionths.
    private static let leastRate = 1.001
    /// As far behind as this is still live: audio comes in lumps.
    private static let slack = Int64(SamplePosition.rate / 2)

    private enum Limit {
        case none
        /// What a live speaker could have said since the session began.
        case speaker(speed: Double, began: Duration, origin: SamplePosition)
        /// What the source has.
        case source
    }

    private let limit: Limit
    /// Frames a second that may leave while behind, in units of real time.
    private let rate: Double
    /// At `time`, everything before `position` would have left at `rate`. While following it goes along with what is
    /// sent, at most `burst` behind the clock.
    private var anchor: (time: Duration, position: SamplePosition)

    /// - Parameters:
    ///   - began: when the session was started.
    ///   - origin: what the live speaker was saying then.
    ///   - ready: when the connection could take audio.
    ///   - start: its first frame.
    ///   - isCautious: the last connection may have ended because of the speed.
    init(
        _ pace: SessionPolicy.Pace,
        began: Duration,
        origin: SamplePosition = .zero,
        ready: Duration,
        start: SamplePosition,
        isCautious: Bool
    ) {
        self.anchor = (ready, start)
        switch pace {
        case .unlimited:
            self.limit = isCautious ? .speaker(speed: .infinity, began: began, origin: origin) : .none
            self.rate = 1
        case .realTime(let speed, let catchUp):
            let speed = isCautious ? min(Self.usable(speed), 1) : Self.usable(speed)
            self.limit = .speaker(speed: speed, began: began, origin: origin)
            self.rate = isCautious ? speed : max(speed, Self.usable(catchUp))
        case .following(let catchUp):
            self.limit = .source
            self.rate = isCautious ? Self.leastRate : max(Self.leastRate, Self.usable(catchUp))
        }
    }

    /// How far audio may have been sent at `now`. A piece may be sent when it ends no later.
    func limit(at now: Duration) -> SamplePosition {
        switch self.limit {
        case .none: return Self.unlimited
        case .speaker: return min(self.live(at: now), self.caughtUp(at: now, since: self.anchor.time))
        case .source: return self.caughtUp(at: now, since: self.earliestAnchor(at: now))
        }
    }

    /// When `limit` reaches `position`. Asked then, `limit` agrees.
    func time(of position: SamplePosition) -> Duration {
        let catchingUp = self.anchor.time + Self.duration(position - self.anchor.position, at: self.rate)
        switch self.limit {
        case .none: return self.anchor.time
        case .speaker(let speed, let began, let origin):
            guard speed.isFinite else { return catchingUp }
            return max(began + Self.duration(position - origin, at: speed), catchingUp)
        case .source: return catchingUp
        }
    }

    /// Audio up to `end` leaves now.
    mutating func sent(upTo end: SamplePosition, at now: Duration) {
        guard case .source = self.limit else { return }
        let since = self.earliestAnchor(at: now)
        // One nanosecond early rather than late: thousands of pieces would add up what is rounded away.
        let spent = Self.duration(end - self.anchor.position, at: self.rate) - .nanoseconds(1)
        self.anchor = (since + spent, end)
    }

    /// Whether a piece that ends at `end` leaves sooner after the one before it than it took to say.
    ///
    /// - Parameter piece: frames in a piece; whoever is less than that behind a live speaker keeps pace with them.
    func outrunsSpeech(endingAt end: SamplePosition, of available: SamplePosition, piece: Int64, at now: Duration)
        -> Bool
    {
        switch self.limit {
        case .none: true
        case .speaker(let speed, _, _): self.rate > 1 && (speed > 1 || end + piece < min(self.live(at: now), available))
        case .source: self.rate > Self.leastRate && end + Self.slack < available
        }
    }

    /// Where a live speaker who began with the session is now.
    private func live(at now: Duration) -> SamplePosition {
        guard case .speaker(let speed, let began, let origin) = self.limit, speed.isFinite else {
            return Self.unlimited
        }
        return origin + Self.frames(now - began, at: speed)
    }

    private func caughtUp(at now: Duration, since time: Duration) -> SamplePosition {
        self.anchor.position + Self.frames(now - time, at: self.rate)
    }

    /// The time of the anchor, if nothing is left over from longer ago than a burst.
    private func earliestAnchor(at now: Duration) -> Duration {
        max(self.anchor.time, now - Self.duration(Self.burst, at: self.rate))
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
