extension CaptureStateMachine {
    /// A clock that goes back stands still.
    mutating func advance(to now: Duration) {
        self.now = max(self.now, now)
    }

    /// Whether what was found is better left in the card for now: it looks late, and a little time will tell why.
    mutating func isDoubtful() -> Bool {
        let lag = self.holes.lag(of: self.timing.duration(of: self.found.frames), at: self.found.at)
        guard let lag, lag > self.noise, self.isRecording else {
            self.doubt = nil
            return false
        }
        let room = self.timing.duration(of: self.timing.bufferFrames - self.found.frames) - self.timing.period
        guard let doubt = self.doubt else {
            guard room > self.doubtLimit else { return false }
            self.doubt = Doubt(since: self.now, found: self.found.frames)
            return true
        }
        guard !doubt.isOver else { return false }
        if self.now - doubt.since < self.doubtLimit, room > .zero { return true }
        self.doubt?.isOver = true
        // Frames that come as they are captured, and are late all the same: nothing more of what is missing will come.
        // A card that holds some back has more of them in no time, or none before it is read.
        let grown = self.timing.duration(of: self.found.frames - doubt.found)
        if room > .zero, grown >= (self.now - doubt.since) / 2 { self.enter(self.holes.lost(lag, now: self.now)) }
        return false
    }

    mutating func delivered(_ frames: Int) {
        let rest = self.found.frames - frames
        // A pause or the end begins behind what was said before it.
        let isKept = !self.isPaused
        let skip = self.holes.delivered(
            Holes.Delivery(
                length: self.timing.duration(of: frames),
                end: self.found.at - self.timing.duration(of: rest),
                now: self.now
            ),
            isKept: isKept,
            noise: self.noise,
            lateLimit: self.hasRoomForDoubt ? nil : self.policy.lateLimit
        )
        self.enter(skip)
        self.hasRead = isKept
        self.wantsLook = rest >= self.timing.periodFrames
        self.lastData = self.now
        self.runningSince = self.runningSince ?? self.now
        self.condition = .running
        self.framesSinceFault = min(self.framesSinceFault + frames, self.timing.periodFrames)
        if self.framesSinceFault == self.timing.periodFrames { self.recoveries = 0 }
        if let pauseTime = self.pauseTime, !self.isPaused {
            if self.holes.heard >= pauseTime { self.beginPause() } else { self.wantsLook = true }
        }
        if case .stopping(let limit) = self.phase {
            if self.holes.heard >= self.stopTime || (self.now >= limit && !self.wantsLook) { self.phase = .stopped }
        }
    }

    /// A descriptor that is always ready shows by wake-ups with hardly any data, right after one another.
    mutating func countWakeUp(found frames: Int) {
        let isEarly = self.now - self.lastWakeUp < self.timing.period / 4 && frames < self.timing.periodFrames / 4 * 3
        self.lastWakeUp = self.now
        guard self.wasReadable else { return }
        let run = self.spuriousRun + (isEarly ? 1 : -1)
        self.spuriousRun = min(max(run, 0), self.policy.spuriousLimit + 1)
        self.mustRest = self.spuriousRun > self.policy.spuriousLimit
    }

    mutating func foundNothing() {
        self.beginPause()
        self.countWakeUp(found: 0)
        if case .stopping(let limit) = self.phase {
            if self.holes.heard >= self.stopTime || self.now >= limit { self.phase = .stopped }
            return
        }
        let silence = self.now - self.lastData
        if silence >= self.reopenLimit {
            self.lose(.stuck)
        } else if silence >= self.stuckLimit {
            self.condition = .waiting(.stuck)
        }
    }

    /// From here on what comes is discarded, if that was asked for.
    mutating func beginPause() {
        guard self.pauseTime != nil, !self.isPaused else { return }
        if self.holes.isOpen {
            self.enter(self.holes.advance(to: self.certain ?? self.holes.heard, as: nil, at: self.now))
        }
        self.isPaused = true
        self.holes.open(.paused, at: self.now)
    }

    mutating func failed(_ fault: Fault) {
        if case .stopping = self.phase {
            self.phase = .stopped
            return
        }
        let cause: AudioGap.Cause
        switch fault {
        case .overrun: cause = .overrun
        case .suspended: cause = .suspended
        case .notRunning: cause = .stalled
        case .lost(let trouble): return self.lose(trouble)
        }
        self.holes.broke(cause, at: self.now)
        self.doubt = nil
        self.framesSinceFault = 0
        self.recoveries += 1
        if self.recoveries > self.policy.recoveryLimit {
            self.lose(.failing)
        } else if fault == .suspended {
            self.phase = .resuming(next: self.now, limit: self.now + self.policy.resumeLimit)
        } else {
            self.phase = .restarting
        }
    }

    /// The device is of no use until it is opened again.
    mutating func lose(_ trouble: DeviceTrouble) {
        self.holes.broke(trouble == .stuck ? .stalled : .deviceGone, at: self.now)
        if let since = self.runningSince, self.lastData - since >= self.policy.stableAfter { self.attempt = 0 }
        self.runningSince = nil
        self.doubt = nil
        self.trouble = trouble
        self.condition = .waiting(trouble)
        self.phase = .closing
    }
}
