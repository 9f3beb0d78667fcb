extension SessionStateMachine {
    public mutating func start(now: Duration) -> [Action] {
        guard case .idle = self.state else { return [] }
        self.began = now
        var actions = self.enter(.creatingSession)
        actions.append(.createSession)
        if let giveUp = self.policy.giveUp { actions.append(self.schedule(.giveUp, at: now + giveUp)) }
        return actions
    }

    public mutating func sessionCreated(now: Duration) -> [Action] {
        guard case .creatingSession = self.state else { return [] }
        return self.enter(.dialling) + [.dial]
    }

    public mutating func sessionFailed(_ failure: CreationFailure, now: Duration) -> [Action] {
        guard case .creatingSession = self.state else { return [] }
        switch failure {
        case .refused: return self.finish(.refused)
        case .wrongRequest: return self.finish(.misconfigured)
        case .throttled(let retryAfter): return self.backOff(now: now, atLeast: retryAfter)
        case .transient: return self.backOff(now: now)
        }
    }

    public mutating func socketOpened(now: Duration, hearing: Hearing) -> [Action] {
        guard case .dialling = self.state else { return [] }
        self.opened = now
        self.lastMessage = now
        self.isWritable = true
        self.pongAwaited = false
        let start = min(hearing.replayStart ?? self.furthest, self.furthest)
        self.cursor = start
        self.connectionStart = start
        self.silenceSent = 0
        self.pacer = nil
        // Begins here and not with `ready`, because a service may already speak before it is ready.
        return self.enter(.awaitingReady) + [
            .begin(at: start),
            self.schedule(.ready, at: now + self.policy.readyLimit),
            self.schedule(.ping, at: now + self.policy.pingInterval),
        ]
    }

    public mutating func socketRefused(_ failure: DialFailure, now: Duration) -> [Action] {
        guard case .dialling = self.state else { return [] }
        var retryAfter: Duration?
        switch failure {
        case .status(400, _):
            return self.finish(.misconfigured)
        case .status(401, _), .status(403, _), .status(404, _), .status(410, _):
            if self.hasRetriedAtOnce { return self.finish(.refused) }
        case .status(429, let delay), .status(500...599, let delay):
            self.hasRetriedAtOnce = true
            retryAfter = delay
        case .status, .other:
            break
        }
        // The session id is spent even by a refused attempt (JA-2), so a new one is made each time.
        guard self.hasRetriedAtOnce else {
            self.hasRetriedAtOnce = true
            return self.enter(.creatingSession) + [.createSession]
        }
        return self.backOff(now: now, atLeast: retryAfter)
    }

    /// The server said `ready`. A second one is legal and means nothing.
    public mutating func readyReceived(now: Duration) -> [Action] {
        self.lastMessage = now
        guard case .awaitingReady = self.state else { return [] }
        self.hasRetriedAtOnce = false
        self.readySince = now
        self.cancel(.ready)
        self.cancel(.giveUp)
        self.pacer = SessionPacer(
            self.policy.pace,
            began: self.began,
            ready: now,
            start: self.cursor,
            isCautious: self.isCautious
        )
        var actions = self.enter(.streaming)
        if self.policy.wantsInformation { actions.append(.subscribe) }
        return actions + [.pump]
    }

    /// The socket closed, whoever began it. `code` is the peer's, `nil` when there was none.
    public mutating func socketClosed(code: UInt16?, now: Duration, hearing: Hearing) -> [Action] {
        guard self.isConnected else { return [] }
        return self.lost(code: code, now: now, hearing: hearing, abandoning: nil)
    }

    /// Stops using the present connection and decides whether there will be another.
    mutating func lost(
        code: UInt16?,
        now: Duration,
        hearing: Hearing,
        abandoning closeCode: UInt16?
    ) -> [Action] {
        let wasReady = self.isReady
        let lasted = now - self.opened
        var actions: [Action] = [.abandon(closeCode: closeCode)]

        if case .summarising = self.state {
            return actions + [.summaryMissed] + self.finish(.finished(self.drainOutcome))
        }
        if case .draining = self.state, hearing.isSettled {
            if self.policy.wantsSummary, hearing.hasConfirmedSpeech { actions.append(.summaryMissed) }
            return actions + self.finish(.finished(.complete))
        }
        let wasFast = wasReady && !self.isCautious && (self.pacer?.outrunsSpeech(at: now, cursor: self.cursor) ?? false)
        if wasFast {
            self.isCautious = true
        } else if let code, code == 1008 || (4000...4999).contains(code), lasted <= self.policy.refusalWindow {
            self.refusalsRunning += 1
            if self.refusalsRunning >= self.policy.refusalLimit { return actions + self.finish(.refused) }
        }
        if wasReady, now - self.readySince >= self.policy.stableAfter {
            self.attempt = 0
            self.refusalsRunning = 0
        }
        if wasReady, let giveUp = self.policy.giveUp {
            actions.append(self.schedule(.giveUp, at: now + giveUp))
        }
        return actions + self.backOff(now: now)
    }

    /// Doubling delays with jitter: the n-th is between half and all of `firstDelay` × 2ⁿ, at most `longestDelay`.
    mutating func backOff(now: Duration, atLeast least: Duration? = nil) -> [Action] {
        let doubled = self.policy.firstDelay * (1 << min(self.attempt, 16))
        let delay = min(doubled, self.policy.longestDelay)
        let jitter = Double.random(in: 0.5...1, using: &self.random)
        self.attempt += 1
        let until = now + max(delay * jitter, least ?? .zero)
        return self.enter(.waiting(until: until)) + [self.schedule(.retry, at: until)]
    }
}
