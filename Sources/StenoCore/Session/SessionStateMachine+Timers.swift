extension SessionStateMachine {
    public mutating func timerFired(_ token: TimerToken, now: Duration, hearing: Hearing) -> [Action] {
        guard !self.isClosed, self.tokens[token.timer] == token.generation else { return [] }
        self.tokens[token.timer] = nil
        switch token.timer {
        case .ready:
            guard case .awaitingReady = self.state else { return [] }
            self.refusalsRunning = 0
            return self.lost(now: now, hearing: hearing, abandoning: 1000)
        case .ping:
            guard self.isConnected else { return [] }
            self.pongAwaited = true
            self.pingFollowsSilence = self.isSilenceSent
            return [.ping, self.schedule(.pong, at: now + self.policy.pongLimit)]
        case .pong:
            guard self.isConnected else { return [] }
            self.refusalsRunning = 0
            if self.wasStable(now: now) { self.isCautious = false }
            return self.lost(now: now, hearing: hearing, abandoning: nil)
        case .retry:
            guard case .waiting = self.state else { return [] }
            return self.enter(.creatingSession) + [.createSession]
        case .drain:
            return self.drainLimitReached(now: now, hearing: hearing)
        case .summary:
            return self.summaryLimitReached(now: now)
        case .handOver:
            return self.handOverTimerFired(now: now, hearing: hearing)
        case .standby:
            return self.standbyTimerFired(now: now)
        case .giveUp:
            guard !self.isReady else { return [] }
            return self.abandon(closeCode: 1000) + self.finish(.gaveUp)
        }
    }

    /// Any pong answers the ping: only one is under way at a time.
    public mutating func pongReceived(now: Duration) -> [Action] {
        guard self.isConnected, self.pongAwaited else { return [] }
        self.pongAwaited = false
        if self.isReady { self.wasOfUse = true }
        self.cancel(.pong)
        let next = [self.schedule(.ping, at: now + self.policy.pingInterval)]
        return self.pingFollowsSilence && !self.isSilenceHeard ? next + self.silenceHeard(now: now) : next
    }

    private mutating func drainLimitReached(now: Duration, hearing: Hearing) -> [Action] {
        switch self.state {
        case .draining:
            let actions = self.reviewDrain(now: now, hearing: hearing)
            guard case .draining = self.state, self.tokens[.drain] == nil else { return actions }
            // The timer came early, or for an earlier limit; the drain is never without one.
            return actions + [self.schedule(.drain, at: self.drainDeadline)]
        case .creatingSession, .dialling, .awaitingReady, .streaming, .waiting:
            let isAllHeard = self.furthest >= self.available && hearing.isSettled
            let goodbye = self.isConnected ? [.close] : self.abandon(closeCode: nil)
            return goodbye + self.summaryMissed(hearing)
                + self.finish(.finished(isAllHeard ? .complete : .limitReached))
        case .idle, .summarising, .closed:
            return []
        }
    }

    private mutating func summaryLimitReached(now: Duration) -> [Action] {
        guard case .summarising = self.state else { return [] }
        guard self.summaryTries < self.policy.summaryTries else {
            return [.summaryMissed, .close] + self.finish(.finished(self.drainOutcome))
        }
        self.summaryTries += 1
        return [.requestSummary, self.schedule(.summary, at: now + self.policy.summaryLimit)]
    }

    mutating func schedule(_ timer: Timer, at deadline: Duration) -> Action {
        self.generation += 1
        self.tokens[timer] = self.generation
        return .schedule(TimerToken(timer: timer, generation: self.generation), at: deadline)
    }

    mutating func cancel(_ timer: Timer) {
        self.tokens[timer] = nil
    }
}
