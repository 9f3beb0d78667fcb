extension SessionStateMachine {
    /// Doubling delays with jitter: the n-th is between half and all of `firstDelay` × 2ⁿ, at most `longestDelay`.
    ///
    /// - Parameter least: the pause the service asked for.
    mutating func backOff(now: Duration, atLeast least: Duration? = nil) -> [Action] {
        let limit = self.policy.giveUp ?? (self.hasEnded ? self.policy.drainLimit : nil)
        var actions: [Action] = []
        if let limit {
            let since = self.withoutServiceSince ?? now
            self.withoutServiceSince = since
            guard now < since + limit else { return self.finish(.gaveUp) }
            if self.tokens[.giveUp] == nil { actions.append(self.schedule(.giveUp, at: since + limit)) }
        }
        if let stopDeadline = self.stopDeadline {
            // The limit of a stop outlives every connection.
            actions.append(self.schedule(.drain, at: max(now, stopDeadline)))
        }
        let delay = self.delay(ofAttempt: self.attempt)
        self.attempt += 1
        self.notBefore = now + self.allowed(least)
        return actions + self.wait(until: max(now + delay, self.notBefore))
    }

    mutating func delay(ofAttempt attempt: Int) -> Duration {
        let doubled = self.policy.firstDelay * (1 << min(attempt, 16))
        return min(doubled, self.policy.longestDelay) * Double.random(in: 0.5...1, using: &self.random)
    }

    /// The pause that a service asked for, as far as it is kept.
    func allowed(_ retryAfter: Duration?) -> Duration {
        min(max(retryAfter ?? .zero, .zero), self.policy.longestRetryAfter)
    }

    private mutating func wait(until deadline: Duration) -> [Action] {
        self.enter(.waiting(until: deadline)) + [self.schedule(.retry, at: deadline)]
    }

    /// A signal asks for an end: drain, within the limit for signals.
    ///
    /// Say how much audio there is (`audioAdvanced`) first; what comes after the drain began is not sent.
    ///
    /// - Parameter discardingUnsent: what was not sent yet stays unsent (a file can be finished later). A microphone's
    public mutating func stopRequested(now: Duration, discardingUnsent: Bool) -> [Action] {
        guard !self.isClosed, self.stopDeadline == nil else { return [] }
        let deadline = now + self.policy.signalDrainLimit
        self.stopDeadline = deadline
        self.hasEnded = true
        if discardingUnsent {
            self.isFrozen = true
            self.available = min(self.available, self.furthest)
        }
        switch self.state {
        case .idle:
            return self.finish(.stopped)
        case .creatingSession, .dialling, .awaitingReady:
            return [self.schedule(.drain, at: deadline)]
        case .waiting(let until):
            return self.hasten(until, before: deadline, now: now)
        case .streaming:
            return self.dropStandby() + [self.schedule(.drain, at: deadline), .pump]
        case .draining:
            return [self.schedule(.drain, at: max(now, self.drainDeadline)), .pump]
        case .summarising:
            // The drain is over; what is left is to hear this one answer, or not.
            self.summaryTries = self.policy.summaryTries
            return [self.schedule(.summary, at: deadline)]
        case .closed:
            return []
        }
    }

    /// A stop has no time for a back-off. The pause that a service asked for is kept, also if that leaves no time at
    /// all.
    private mutating func hasten(_ until: Duration, before deadline: Duration, now: Duration) -> [Action] {
        let earliest = max(now, self.notBefore)
        guard earliest < deadline else { return self.finish(.finished(.limitReached)) }
        return [self.schedule(.drain, at: deadline)] + (earliest < until ? self.wait(until: earliest) : [])
    }

    public mutating func stopAtOnce(now: Duration) -> [Action] {
        guard !self.isClosed else { return [] }
        return self.abandon(closeCode: nil) + self.finish(.stopped)
    }
}
