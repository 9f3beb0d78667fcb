extension SessionStateMachine {
    /// - Parameter furthest: the end of what an earlier session sent. The first connection then begins as the next one
    ///   after a loss does.
    public mutating func start(now: Duration, from furthest: SamplePosition = .zero) -> [Action] {
        guard case .idle = self.state else { return [] }
        self.began = now
        self.origin = max(.zero, furthest)
        self.furthest = self.origin
        self.cursor = self.origin
        var actions = self.enter(.creatingSession)
        actions.append(.createSession)
        if let giveUp = self.policy.giveUp {
            self.withoutServiceSince = now
            actions.append(self.schedule(.giveUp, at: now + giveUp))
        }
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
        self.beginConnection(opened: now, now: now, hearing: hearing)
        // Begins here and not with `ready`, because a service may already speak before it is ready.
        return self.enter(.awaitingReady) + [
            .begin(at: self.cursor),
            self.schedule(.ready, at: now + self.policy.readyLimit),
            self.schedule(.ping, at: now + self.policy.pingInterval),
        ]
    }

    /// The session id is spent even by a refused attempt (JA-2), so a new session is made each time.
    public mutating func socketRefused(_ failure: DialFailure, now: Duration) -> [Action] {
        guard case .dialling = self.state else { return [] }
        switch failure {
        case .status(400, _):
            return self.finish(.misconfigured)
        case .status(401, _), .status(403, _), .status(404, _), .status(410, _):
            // Counted by itself: a network that failed before has not used up the one try with a new session.
            self.refusedHandshakes += 1
            return self.refusedHandshakes > 1 ? self.finish(.refused) : self.createAnother()
        case .status(429, let retryAfter), .status(500...599, let retryAfter):
            return self.backOff(now: now, atLeast: retryAfter)
        case .status, .other:
            guard !self.hasRetriedAtOnce else { return self.backOff(now: now) }
            self.hasRetriedAtOnce = true
            return self.createAnother()
        }
    }

    private mutating func createAnother() -> [Action] {
        self.enter(.creatingSession) + [.createSession]
    }

    /// The server said `ready`. A second one is legal and means nothing.
    public mutating func readyReceived(now: Duration) -> [Action] {
        self.lastMessage = now
        guard case .awaitingReady = self.state else { return [] }
        self.hasRetriedAtOnce = false
        self.refusedHandshakes = 0
        self.cancel(.ready)
        self.cancel(.giveUp)
        return self.enter(.streaming) + self.beginStreaming(now: now)
    }

    /// What was sent and has no text is sent again.
    mutating func beginConnection(opened: Duration, now: Duration, hearing: Hearing) {
        self.opened = opened
        self.lastMessage = now
        self.isWritable = true
        self.pongAwaited = false
        self.wasOfUse = false
        self.lastOutrun = nil
        self.beforePiece = nil
        self.pacer = nil
        self.silenceSent = 0
        self.isSilenceHeard = false
        self.pingFollowsSilence = false
        self.cursor = min(hearing.replayStart ?? self.furthest, self.furthest)
        self.connectionStart = self.cursor
    }

    mutating func beginStreaming(now: Duration) -> [Action] {
        self.readySince = now
        self.pacer = SessionPacer(
            self.policy.pace,
            began: self.began,
            origin: self.origin,
            ready: now,
            start: self.cursor,
            isCautious: self.isCautious
        )
        let subscription: [Action] = self.policy.wantsInformation ? [.subscribe] : []
        return subscription + self.scheduleHandOver(now: now) + [.pump]
    }

    /// The socket closed, whoever began it. `code` is the peer's, `nil` when there was none.
    public mutating func socketClosed(code: UInt16?, now: Duration, hearing: Hearing) -> [Action] {
        guard self.isConnected else { return [] }
        let isRefusal = self.isRefusal(code, now: now)
        if self.isReady { self.limit.closed(after: now - self.opened) }
        if self.isReady, let lastOutrun = self.lastOutrun, now - lastOutrun <= self.policy.speedBlame {
            // Perhaps it was the speed. If going slowly ends alike, it was not, and this one counts too.
            self.isCautious = true
            self.pardonedRefusals = isRefusal ? 1 : 0
        } else {
            self.refusalsRunning = isRefusal ? self.refusalsRunning + 1 + self.pardonedRefusals : 0
            self.pardonedRefusals = 0
            if self.wasStable(now: now) { self.isCautious = false }
        }
        return self.lost(now: now, hearing: hearing, abandoning: nil)
    }

    func wasStable(now: Duration) -> Bool {
        self.isReady && now - self.readySince >= self.policy.stableAfter
    }

    private func isRefusal(_ code: UInt16?, now: Duration) -> Bool {
        guard let code, now - self.opened <= self.policy.refusalWindow else { return false }
        return code == 1008 || (4000...4999).contains(code)
    }

    /// Stops using the present connection and decides whether there will be another.
    mutating func lost(now: Duration, hearing: Hearing, abandoning closeCode: UInt16?) -> [Action] {
        let wasReady = self.isReady
        let actions: [Action] = [.abandon(closeCode: closeCode)]
        // Timers of this connection would otherwise judge the next one.
        for timer in [Timer.ready, .ping, .pong, .drain] { self.cancel(timer) }

        if case .summarising = self.state {
            return actions + [.summaryMissed] + self.finish(.finished(self.drainOutcome))
        }
        if wasReady, self.hasNothingLeft, hearing.isSettled {
            return actions + self.summaryMissed(hearing) + self.finish(.finished(.complete))
        }
        if self.standby == .ready {
            if self.wasStable(now: now) { self.attempt = 0 }
            if self.wasOfUse { self.withoutServiceSince = nil }
            self.refusalsRunning = 0
            return actions + self.takeOver()
        }
        if self.refusalsRunning >= self.policy.refusalLimit {
            return actions + self.finish(.refused)
        }
        if self.wasStable(now: now) { self.attempt = 0 }
        if wasReady, self.wasOfUse { self.withoutServiceSince = nil }
        return actions + self.dropStandby() + self.backOff(now: now)
    }

    /// All there will ever be was sent on this connection.
    var hasNothingLeft: Bool { self.hasEnded && self.cursor >= self.available }

    /// A summary was asked for, there would have been something to put in it, and it will not come.
    func summaryMissed(_ hearing: Hearing) -> [Action] {
        self.policy.wantsSummary && hearing.hasConfirmedSpeech ? [.summaryMissed] : []
    }
}
