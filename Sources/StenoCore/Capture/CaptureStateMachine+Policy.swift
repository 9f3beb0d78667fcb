extension CaptureStateMachine {
    /// The bounds that capture keeps to.
    public struct Policy: Hashable, Sendable {
        /// Without data for this long, or for `stuckPeriods` if that is longer, the device counts as stuck.
        public var stuckAfter: Duration = .seconds(1)
        public var stuckPeriods = 5
        /// Without data for this long, or for twice `stuckPeriods` if that is longer, it is opened again.
        public var reopenAfter: Duration = .seconds(2)
        /// The first pause before a device is opened again; each further one is twice as long.
        public var firstDelay: Duration = .milliseconds(100)
        /// The longest pause between two attempts, kept up for as long as the recording lasts.
        public var longestDelay: Duration = .seconds(2)
        /// A device that delivered for this long starts over with the first pause.
        public var stableAfter: Duration = .seconds(1)
        /// Restarts running without one delivered period. One more, and the device is opened again.
        public var recoveryLimit = 5
        /// How often a suspended card is asked whether it is back.
        public var resumeInterval: Duration = .milliseconds(100)
        /// A card that is not back from a suspend after this long is restarted all the same.
        public var resumeLimit: Duration = .seconds(60)
        /// While nothing can come, the timeline goes on at least this often.
        public var skipInterval: Duration = .milliseconds(250)
        /// At the end, what the card still holds is waited for no longer than this.
        public var stopLimit: Duration = .milliseconds(250)
        /// A card that interrupts less often than this is asked for data this often without being told to.
        public var pollInterval: Duration = .milliseconds(100)
        /// Wake-ups with hardly any data, right after one another, that are taken as they come. Each further one is followed by half a
        /// period, within `restBounds`, without waiting for the device: a descriptor that is always ready must not burn
        /// a processor.
        public var spuriousLimit = 3
        public var restBounds: ClosedRange<Duration> = .milliseconds(5) ... .milliseconds(20)
        /// Beyond one period: how late data may look because of the scheduler and the bus.
        public var timingNoise: Duration = .milliseconds(20)
        /// Data that looks late for this long is not late: as much was lost in front of it.
        public var lateLimit: Duration = .milliseconds(500)

        public init() {}

        /// The pause before attempt number `attempt`, counted from 0.
        func delay(attempt: Int) -> Duration {
            var delay = self.firstDelay
            for _ in 0..<min(max(attempt, 0), 16) where delay < self.longestDelay { delay = delay * 2 }
            return min(delay, self.longestDelay)
        }
    }

    /// What an open device does by its own word. Values that no device has are bent into the possible, because they
    /// come from a driver.
    public struct Timing: Hashable, Sendable {
        /// Frames per second, 1,000...768,000.
        public let rate: Int
        /// Frames between two interrupts, at least one.
        public let periodFrames: Int
        /// Frames it holds before it runs over, at least a period.
        public let bufferFrames: Int

        public init(rate: Int, periodFrames: Int, bufferFrames: Int) {
            self.rate = min(max(rate, 1_000), 768_000)
            self.periodFrames = min(max(periodFrames, 1), 1 << 30)
            self.bufferFrames = min(max(bufferFrames, self.periodFrames), 1 << 31)
        }

        var period: Duration { self.duration(of: self.periodFrames) }

        /// How long the device takes for `frames`, by its nominal rate.
        func duration(of frames: Int) -> Duration {
            let frames = Int64(min(max(frames, 0), 1 << 40))
            let (seconds, rest) = frames.quotientAndRemainder(dividingBy: Int64(self.rate))
            let picoseconds = rest * 1_000_000_000_000 / Int64(self.rate)
            return Duration(secondsComponent: seconds, attosecondsComponent: picoseconds * 1_000_000)
        }
    }
}

extension Duration {
    /// The frames of the timeline nearest to it; clamped to ±10^9 s, for clocks come from outside.
    var timelineFrames: Int64 {
        let limit = Duration.seconds(1_000_000_000)
        let parts = min(max(self, .zero - limit), limit).components
        let rate = Int64(SamplePosition.rate)
        let perFrame = 1_000_000_000_000_000_000 / rate
        let half = parts.attoseconds < 0 ? -perFrame / 2 : perFrame / 2
        return parts.seconds * rate + (parts.attoseconds + half) / perFrame
    }

    /// How long `frames` of the timeline last.
    init(timelineFrames frames: Int64) {
        let rate = Int64(SamplePosition.rate)
        let (seconds, rest) = frames.quotientAndRemainder(dividingBy: rate)
        self.init(secondsComponent: seconds, attosecondsComponent: rest * (1_000_000_000_000_000_000 / rate))
    }
}
