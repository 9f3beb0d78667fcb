/// A second connection is made ready while the first goes on, and takes over when nothing is awaited: nobody who speaks
/// on waits for a connection that the far side ends by its clock.
extension SessionStateMachine {
    /// How far the connection that is to take over has come. Whatever becomes of it, the present one goes on.
    enum Standby: Hashable, Sendable {
        case none
        case creatingSession
        case dialling
        case awaitingReady
        case ready
        /// Between two tries.
        case waiting
        /// It is the connection from now on; where it begins is not known yet.
        case takingOver
    }

    /// A standby waits for a moment when nothing is awaited: messages should be told with the hearing.
    public var awaitsHandOver: Bool { self.standby == .ready }

    public mutating func standbyCreated(now: Duration) -> [Action] {
        guard self.standby == .creatingSession else { return [] }
        self.standby = .dialling
        return [.dialStandby]
    }

    /// No session for it, or no socket, or the socket closed: the present connection knows nothing of it.
    ///
    /// - Parameter retryAfter: the pause that the service asked for.
    public mutating func standbyFailed(now: Duration, retryAfter: Duration? = nil) -> [Action] {
        switch self.standby {
        case .creatingSession, .dialling, .awaitingReady, .ready: return self.waitWithStandby(now, atLeast: retryAfter)
        case .none, .waiting, .takingOver: return []
        }
    }

    public mutating func standbyOpened(now: Duration) -> [Action] {
        guard self.standby == .dialling else { return [] }
        self.standby = .awaitingReady
        self.standbyOpened = now
        return [self.schedule(.standby, at: now + self.policy.readyLimit)]
    }

    public mutating func standbyReady(now: Duration, hearing: Hearing) -> [Action] {
        guard self.standby == .awaitingReady else { return [] }
        self.standby = .ready
        self.cancel(.standby)
        return self.reviewHandOver(now: now, hearing: hearing)
    }

    /// The former connection was left, and the ledger knows what it left open.
    public mutating func handedOver(now: Duration, hearing: Hearing) -> [Action] {
        guard self.standby == .takingOver else { return [] }
        self.standby = .none
        self.beginConnection(opened: self.standbyOpened, now: now, hearing: hearing)
        return [.begin(at: self.cursor), self.schedule(.ping, at: now + self.policy.pingInterval)]
            + self.beginStreaming(now: now)
    }
}

extension SessionStateMachine {
    /// The present connection is ready: when must another one take over?
    mutating func scheduleHandOver(now: Duration) -> [Action] {
        guard let due = self.handOverDue, self.stopDeadline == nil else { return [] }
        return [self.schedule(.handOver, at: max(now, due))]
    }

    mutating func handOverTimerFired(now: Duration, hearing: Hearing) -> [Action] {
        guard case .streaming = self.state, let latest = self.handOverLatest else { return [] }
        guard self.standby == .none else { return self.reviewHandOver(now: now, hearing: hearing) }
        self.standbyAttempt = 0
        return self.createStandby() + [self.schedule(.handOver, at: max(now, latest))]
    }

    mutating func standbyTimerFired(now: Duration) -> [Action] {
        switch self.standby {
        case .waiting: return self.createStandby()
        case .awaitingReady: return [.abandonStandby(closeCode: 1000)] + self.waitWithStandby(now)
        case .none, .creatingSession, .dialling, .ready, .takingOver: return []
        }
    }

    /// Takes over when nothing is awaited, or when it must.
    mutating func reviewHandOver(now: Duration, hearing: Hearing) -> [Action] {
        guard case .streaming = self.state, self.standby == .ready, let latest = self.handOverLatest,
            hearing.isSettled || now >= latest
        else { return [] }
        if self.wasStable(now: now) { (self.attempt, self.isCautious) = (0, false) }
        if self.wasOfUse { self.withoutServiceSince = nil }
        self.refusalsRunning = 0
        return self.takeOver()
    }

    /// Nothing is sent from here until `handedOver`.
    mutating func takeOver() -> [Action] {
        self.standby = .takingOver
        self.pacer = nil
        for timer in [Timer.ping, .pong, .handOver, .standby] { self.cancel(timer) }
        return [.handOver]
    }

    mutating func dropStandby() -> [Action] {
        self.cancel(.handOver)
        self.cancel(.standby)
        defer { self.standby = .none }
        switch self.standby {
        case .none, .waiting, .takingOver: return []
        case .creatingSession, .dialling: return [.abandonStandby(closeCode: nil)]
        case .awaitingReady, .ready: return [.abandonStandby(closeCode: 1000)]
        }
    }

    private mutating func createStandby() -> [Action] {
        self.standby = .creatingSession
        return [.createStandby]
    }

    private mutating func waitWithStandby(_ now: Duration, atLeast least: Duration? = nil) -> [Action] {
        self.standby = .waiting
        let delay = self.delay(ofAttempt: self.standbyAttempt)
        self.standbyAttempt += 1
        return [self.schedule(.standby, at: now + max(delay, self.allowed(least)))]
    }

    private var handOverMargin: Duration? {
        self.limit.length.map { min(self.policy.handOverMargin, $0 / 4) }
    }

    /// When a standby is begun.
    private var handOverDue: Duration? {
        guard let length = self.limit.length, let margin = self.handOverMargin else { return nil }
        return self.opened + length - margin
    }

    /// When it takes over whatever is awaited: the far side's clock may be a little ahead.
    private var handOverLatest: Duration? {
        guard let length = self.limit.length, let margin = self.handOverMargin else { return nil }
        return self.opened + length - margin / 6
    }
}
