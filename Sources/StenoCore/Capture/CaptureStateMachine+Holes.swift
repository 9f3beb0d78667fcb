extension CaptureStateMachine {
    /// When the frames of the timeline were captured, and how long the stretches last for which there are none.
    struct Holes: Hashable, Sendable {
        struct Skip: Hashable, Sendable {
            var frames: Int64
            var cause: AudioGap.Cause
        }

        private struct Hole: Hashable, Sendable {
            /// When the last frame before it was captured, by the timeline.
            var start: Duration
            /// What the timeline already went on by.
            var entered: Int64 = 0
            var cause: AudioGap.Cause
        }

        /// When the end of the last frame was captured.
        private(set) var heard: Duration = .zero
        /// The next frame follows the last one, as far as anybody knows.
        private(set) var isContiguous = false
        private(set) var lastSkip: Duration = .zero
        /// What comes was captured after this.
        var certain: Duration = .zero
        private var hole: Hole?
        /// How much too far the timeline went on at earlier holes. Negative: not far enough.
        private var debt: Duration = .zero
        private var learnsUntil: Duration = .zero
        private var learnable: Duration = .zero
        private var lateSince: Duration?
        private var leastLate: Duration = .zero

        var isOpen: Bool { self.hole != nil }

        /// The recording begins. Before the first frame nothing is missing, unless something goes wrong.
        mutating func begin(at now: Duration) {
            self.heard = now
            self.certain = now
        }

        /// The stream broke off. A cause that explains more takes the place of an overrun.
        mutating func broke(_ cause: AudioGap.Cause, at now: Duration) {
            self.isContiguous = false
            self.lateSince = nil
            guard self.hole != nil else { return self.open(cause, at: now) }
            if cause != .overrun || self.hole?.cause == .paused { self.hole?.cause = cause }
        }

        /// From the last frame on, what comes is not wanted.
        mutating func open(_ cause: AudioGap.Cause, at now: Duration) {
            guard self.hole == nil else { return }
            self.hole = Hole(start: self.heard + self.debt, cause: cause)
            self.debt = .zero
            self.lastSkip = now
        }

        /// Goes on to `time`, at which nothing was heard yet.
        mutating func advance(to time: Duration, as cause: AudioGap.Cause?, at now: Duration) -> Skip? {
            guard let hole = self.hole else { return nil }
            self.lastSkip = now
            let frames = (time - hole.start).timelineFrames - hole.entered
            guard frames > 0 else { return nil }
            self.hole?.entered += frames
            return Skip(frames: frames, cause: cause ?? hole.cause)
        }

        /// The hole ended at `time`.
        mutating func close(at time: Duration, as cause: AudioGap.Cause?, now: Duration) -> Skip? {
            let skip = self.advance(to: time, as: cause, at: now)
            if let hole = self.hole { self.debt = hole.start + Duration(timelineFrames: hole.entered) - time }
            self.hole = nil
            return skip
        }
    }
}

extension CaptureStateMachine.Holes {
    /// What a delivery says about time.
    struct Delivery {
        /// How long the frames last.
        var length: Duration
        /// When the end of them was captured at the latest: now, less what the card still holds.
        var end: Duration
        var now: Duration
    }

    /// Frames came. Returns what is missing in front of them.
    ///
    /// - Parameters:
    ///   - isKept: they go on the timeline; otherwise the hole stays open.
    ///   - lateLimit: what looks late for so long was lost; `nil` where that is found out otherwise.
    mutating func delivered(
        _ delivery: Delivery,
        isKept: Bool,
        noise: Duration,
        lateLimit: Duration?
    ) -> Skip? {
        guard self.isContiguous else { return self.deliveredFirst(delivery, isKept: isKept, noise: noise) }
        let predicted = self.heard + delivery.length
        let lag = delivery.end - predicted
        var skip: Skip?
        if lag > noise {
            self.leastLate = self.lateSince == nil ? lag : min(self.leastLate, lag)
            let since = self.lateSince ?? delivery.now
            self.lateSince = since
            if let lateLimit, delivery.now - since >= lateLimit { skip = self.lost(self.leastLate, now: delivery.now) }
            self.heard += delivery.length
            return skip
        }
        self.lateSince = nil
        if lag < .zero, delivery.now < self.learnsUntil, !self.isOpen {
            let learned = min(.zero - lag, self.learnable)
            self.debt += learned
            self.learnable -= learned
        }
        // The end of later frames is never earlier than that of the ones before.
        self.heard = max(self.heard, min(delivery.end, predicted + delivery.length / 1_000))
        return nil
    }

    private mutating func deliveredFirst(_ delivery: Delivery, isKept: Bool, noise: Duration) -> Skip? {
        let start = max(delivery.end - delivery.length, self.certain)
        let wasOpen = self.isOpen
        let skip = isKept ? self.close(at: start, as: nil, now: delivery.now) : nil
        self.isContiguous = true
        self.heard = max(self.heard, min(start + delivery.length, delivery.now))
        self.learnsUntil = wasOpen && isKept ? delivery.now + .seconds(1) : .zero
        self.learnable = noise
        return skip
    }

    /// How late frames look that the card holds at `time`; `nil` where there is nothing to compare with.
    func lag(of length: Duration, at time: Duration) -> Duration? {
        self.isContiguous ? time - (self.heard + length) : nil
    }

    /// This much is missing without anybody having said so.
    mutating func lost(_ length: Duration, now: Duration) -> Skip? {
        self.lateSince = nil
        let end = self.heard + length
        let skip: Skip?
        if self.isOpen {
            skip = nil
        } else {
            self.open(.stalled, at: now)
            skip = self.close(at: end, as: nil, now: now)
        }
        self.heard = end
        return skip
    }

    /// The recording ends at `time`.
    mutating func finish(at time: Duration, as cause: AudioGap.Cause?, noise: Duration, now: Duration) -> Skip? {
        if !self.isOpen, time - self.heard > noise { self.open(.stalled, at: now) }
        self.heard = max(self.heard, time)
        return self.close(at: time, as: cause, now: now)
    }
}
