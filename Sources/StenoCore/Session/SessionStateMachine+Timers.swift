extension SessionStateMachine {
    public mutating func timerFired(_ token: TimerToken, now: Duration, hearing: Hearing) -> [Action] {
        guard !self.isClosed, self.tokens[token.timer] == token.generation else { return [] }
        self.tokens[token.timer] = nil
        switch token.timer {
        case .ready:
            guard case .awaitingReady = self.state else { return [] }
            return self.lost(code: nil, now: now, hearing: hearing, abandoning: 1000)
        case .ping:
            guard self.isConnected else { return [] }
            self.pongAwaited = true
            return [.ping, self.schedule(.pong, at: now + self.policy.pongLimit)]
        case .pong:
            guard self.isConnected else { return [] }
            return self.lost(code: nil, now: now, hearing: hearing, abandoning: nil)
        case .retry:
            guard case .waiting = self.state else { return [] }
            return self.enter(.creatingSession) + [.createSession]
        case .drain:
            return self.drainLimitReached(now: now, hearing: hearing)
        case .summary:
            return self.summaryLimitReached(now: now)
        case .giveUp:
            guard !self.isReady else { return [] }
            return (self.isConnected ? [.abandon(closeCode: 1000)] : []) + self.finish(.gaveUp)
        }
    }

    /// Any pong answers the ping: only one is under way at a time.
    public mutating func pongReceived(now: Duration) -> [Action] {
        guard self.isConnected, self.pongAwaited else { return [] }
        self.pongAwaited = false
        self.cancel(.pong)
        return [self.schedule(.ping, at: now + self.policy.pingInterval)]
    }

    private mutating func drainLimitReached(now: Duration, hearing: Hearing) -> [Action] {
        let isSignal = self.isStopping
        switch self.state {
        case .draining:
            if hearing.isSettled { return self.drained(.complete, now: now, hearing: hearing) }
            let isOver = isSignal || now >= self.drainBegan + self.policy.drainLimit
            return isOver
                ? self.drained(.limitReached, now: now, hearing: hearing)
                : self.reviewDrainAfterTimer(now: now, hearing: hearing)
        case .streaming, .awaitingReady:
            guard isSignal else { return [] }
            return [.close] + self.finish(.finished(.limitReached))
        case .creatingSession, .dialling, .waiting:
            guard isSignal else { return [] }
            return self.finish(.finished(.limitReached))
        case .idle, .summarising, .closed:
            return []
        }
    }

    private mutating func reviewDrainAfterTimer(now: Duration, hearing: Hearing) -> [Action] {
        let actions = self.audioSent(now: now, hearing: hearing)
        guard case .draining = self.state, self.tokens[.drain] == nil else { return actions }
        return actions + [self.schedule(.drain, at: self.drainBegan + self.policy.drainLimit)]
    }

    private mutating func summaryLimitReached(now: Duration) -> [Action] {
        guard case .summarising = self.state else { return [] }
        guard self.summaryTries < self.policy.summaryTries else {
            return [.summaryMissed, .close] + self.finish(.finished(self.drainOutcome))
        }
        self.summaryTries += 1
        return [.requestSummary, self.schedule(.summary, at: now + self.policy.summaryLimit)]
    }

    mutating func enter(_ state: State) -> [Action] {
        self.state = state
        return [.report(state)]
    }

    mutating func finish(_ reason: Reason) -> [Action] {
        self.tokens.removeAll()
        return self.enter(.closed(reason))
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
