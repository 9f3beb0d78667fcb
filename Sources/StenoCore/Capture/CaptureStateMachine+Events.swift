extension CaptureStateMachine {
    /// The device is open, and the recording begins.
    public mutating func started(now: Duration) -> Action {
        self.advance(to: now)
        guard self.phase == .idle else { return self.next() }
        self.holes.begin(at: self.now)
        self.lastData = self.now
        self.phase = .restarting
        return self.next()
    }

    /// What was asked for last is done, and has no result.
    public mutating func performed(now: Duration) -> Action {
        self.advance(to: now)
        return self.next()
    }

    public mutating func waited(_ outcome: Waited, now: Duration) -> Action {
        self.advance(to: now)
        guard self.isListening else { return self.next() }
        switch outcome {
        case .readable, .elapsed:
            // A look also when only the time is over: not every driver says when it has data.
            self.wantsLook = true
            self.wasReadable = outcome == .readable
        case .fault(let fault):
            self.failed(fault)
        }
        return self.next()
    }

    public mutating func looked(_ outcome: Frames, now: Duration) -> Action {
        self.advance(to: now)
        guard self.isListening else { return self.next() }
        switch outcome {
        case .some(let frames) where frames > 0:
            // A card cannot hold more than its buffer, whatever it says.
            self.found = (min(frames, self.timing.bufferFrames), self.now)
            self.countWakeUp(found: self.found.frames)
            self.wantsRead = !self.isDoubtful()
        case .some, .nothing:
            self.foundNothing()
        case .fault(let fault):
            self.beginPause()
            self.failed(fault)
        }
        return self.next()
    }

    public mutating func read(_ outcome: Frames, now: Duration) -> Action {
        self.advance(to: now)
        guard self.isListening else { return self.next() }
        switch outcome {
        case .some(let frames) where frames > 0:
            self.delivered(min(frames, self.found.frames))
        case .some, .nothing:
            self.foundNothing()
        case .fault(let fault):
            self.beginPause()
            self.failed(fault)
        }
        return self.next()
    }

    public mutating func restarted(_ outcome: Revival, now: Duration) -> Action {
        self.advance(to: now)
        guard self.phase == .restarting else { return self.next() }
        switch outcome {
        case .done:
            self.phase = .listening
            self.lastData = self.now
            self.spuriousRun = 0
        case .notYet:
            self.lose(.failing)
        case .fault(let fault):
            self.failed(fault)
        }
        return self.next()
    }

    public mutating func resumed(_ outcome: Revival, now: Duration) -> Action {
        self.advance(to: now)
        guard case .resuming(_, let limit) = self.phase else { return self.next() }
        switch outcome {
        case .notYet where self.now < limit:
            self.phase = .resuming(next: self.now + self.policy.resumeInterval, limit: limit)
            if self.now - (limit - self.policy.resumeLimit) >= self.policy.stuckAfter {
                self.condition = .waiting(.stuck)
            }
        case .done, .notYet, .fault(.overrun), .fault(.suspended), .fault(.notRunning):
            self.phase = .restarting
        case .fault(.lost(let trouble)):
            self.lose(trouble)
        }
        return self.next()
    }

    /// The attempt to open the device again is over. Ignored when nobody waits for it any more.
    public mutating func opened(_ outcome: Opening, now: Duration) -> Action {
        self.advance(to: now)
        guard self.phase == .opening else { return self.next() }
        switch outcome {
        case .opened(let timing):
            self.timing = timing
            self.recoveries = 0
            self.framesSinceFault = 0
            self.phase = .restarting
        case .failed(let trouble):
            self.trouble = trouble
            self.condition = .waiting(trouble)
            self.phase = .resting(until: self.now + self.takeDelay())
        }
        return self.next()
    }

    /// A person paused: samples are read and discarded, and the timeline goes on.
    public mutating func pauseRequested(now: Duration) -> Action {
        self.advance(to: now)
        guard self.isRecording, self.pauseTime == nil else { return self.next() }
        self.pauseTime = self.now
        // What was said before it still counts, so the card is asked first.
        if self.phase == .listening, self.holes.isContiguous { self.wantsLook = true } else { self.beginPause() }
        return self.next()
    }

    public mutating func resumeRequested(now: Duration) -> Action {
        self.advance(to: now)
        guard self.isRecording, self.pauseTime != nil else { return self.next() }
        if self.isPaused {
            let isContiguous = self.holes.isContiguous
            let skip =
                isContiguous
                ? self.holes.close(at: self.holes.heard, as: .paused, now: self.now)
                : self.holes.advance(to: self.certain ?? self.holes.heard, as: .paused, at: self.now)
            self.enter(skip)
        }
        self.pauseTime = nil
        self.isPaused = false
        return self.next()
    }

    /// The recording is to end with what was said up to now.
    public mutating func stopRequested(now: Duration) -> Action {
        self.advance(to: now)
        switch self.phase {
        case .listening:
            let limit = min(self.policy.stopLimit, self.timing.period * 2 + self.policy.timingNoise)
            self.stopTime = self.now
            self.phase = .stopping(limit: self.now + limit)
            self.wantsLook = true
            self.wasReadable = false
        case .idle, .resuming, .restarting, .closing, .resting, .opening:
            if self.phase == .idle { self.holes.begin(at: self.now) }
            self.stopTime = self.now
            self.phase = .stopped
        case .stopping, .stopped:
            break
        }
        return self.next()
    }
}
