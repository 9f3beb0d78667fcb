extension CaptureStateMachine {
    /// What to do now: first what the last event left to be told or entered, then what the phase asks for.
    mutating func next() -> Action {
        guard !self.hasFinished else { return .nothing }
        if self.pendingSkip == nil { self.enter(self.dueSkip()) }
        if let skip = self.pendingSkip {
            self.pendingSkip = nil
            return .skip(frames: skip.frames, cause: skip.cause)
        }
        if self.hasRead {
            self.hasRead = false
            return .append
        }
        if self.phase != .stopped {
            if self.isPaused != self.toldPause {
                self.toldPause = self.isPaused
                return .tell(self.isPaused ? .paused : .resumed)
            }
            if let condition = self.condition, condition != self.toldCondition {
                self.toldCondition = condition
                return .tell(condition)
            }
        }
        return self.nextInPhase()
    }

    private mutating func nextInPhase() -> Action {
        switch self.phase {
        case .idle:
            return .nothing
        case .listening, .stopping:
            return self.listen()
        case .resuming(let next, _):
            return self.now >= next ? .resume : .rest(until: min(next, self.nextSkip))
        case .restarting:
            // What comes after this was captured after this.
            self.holes.certain = self.now
            return .restart
        case .closing:
            self.phase = .resting(until: self.now + self.takeDelay())
            return .close
        case .resting(let until):
            guard self.now >= until else { return .rest(until: min(until, self.nextSkip)) }
            self.phase = .opening
            return .open
        case .opening:
            return .rest(until: self.nextSkip)
        case .stopped:
            return self.finish()
        }
    }

    private mutating func listen() -> Action {
        if self.wantsRead {
            self.wantsRead = false
            return .read(frames: self.found.frames)
        }
        if let doubt = self.doubt, !doubt.isOver, self.now < doubt.since + self.doubtLimit {
            self.wantsLook = true
            return .rest(until: doubt.since + self.doubtLimit)
        }
        if self.wantsLook {
            self.wantsLook = false
            return .look
        }
        if self.mustRest {
            self.mustRest = false
            return .rest(until: self.now + self.restLength)
        }
        var until = self.lastData + self.stuckLimit
        if until <= self.now { until = self.lastData + self.reopenLimit }
        if self.timing.period > self.policy.pollInterval { until = min(until, self.now + self.policy.pollInterval) }
        if case .stopping(let limit) = self.phase { until = min(until, limit) }
        return .wait(until: until)
    }

    private mutating func finish() -> Action {
        let cause: AudioGap.Cause? = self.isPaused ? .paused : nil
        let skip = self.holes.finish(at: self.stopTime, as: cause, noise: self.noise, now: self.now)
        if let skip { return .skip(frames: skip.frames, cause: skip.cause) }
        self.hasFinished = true
        return .finish
    }

    /// The pause before the next attempt, longer each time.
    mutating func takeDelay() -> Duration {
        defer { self.attempt = min(self.attempt + 1, 16) }
        return self.policy.delay(attempt: self.attempt)
    }

    mutating func enter(_ skip: Holes.Skip?) {
        guard let skip else { return }
        self.pendingSkip = skip
    }

    /// When the timeline goes on next, while nothing comes.
    private var nextSkip: Duration { self.holes.lastSkip + self.policy.skipInterval }

    private mutating func dueSkip() -> Holes.Skip? {
        guard self.holes.isOpen, self.now >= self.nextSkip, let certain = self.certain else { return nil }
        return self.holes.advance(to: certain, as: self.isPaused ? .paused : nil, at: self.now)
    }

    /// Up to here nothing can come any more; `nil` while that is not known.
    var certain: Duration? {
        switch self.phase {
        case .resuming, .restarting, .closing, .resting, .opening: self.now
        case .listening: self.holes.isContiguous ? (self.isPaused ? self.holes.heard : nil) : self.holes.certain
        case .idle, .stopping, .stopped: nil
        }
    }

    var isListening: Bool {
        switch self.phase {
        case .listening, .stopping: true
        case .idle, .resuming, .restarting, .closing, .resting, .opening, .stopped: false
        }
    }

    var isRecording: Bool {
        switch self.phase {
        case .listening, .resuming, .restarting, .closing, .resting, .opening: true
        case .idle, .stopping, .stopped: false
        }
    }
}
