extension SessionStateMachine {
    /// Frames in one message of silence.
    static let silencePiece = Int64(SamplePosition.rate / 10)

    mutating func beginDraining(now: Duration, hearing: Hearing) -> [Action] {
        self.drainBegan = now
        self.lastMessage = now
        let entered =
            self.dropStandby() + self.enter(.draining) + [self.schedule(.drain, at: max(now, self.drainDeadline))]
        let review = self.reviewDrain(now: now, hearing: hearing)
        guard case .draining = self.state else { return entered + review }
        return entered + review + [.pump]
    }

    /// Ends the drain when nothing is awaited any more, or when the server had its time.
    mutating func reviewDrain(now: Duration, hearing: Hearing) -> [Action] {
        if hearing.isSettled, !self.hasLateAudio { return self.drained(.complete, now: now, hearing: hearing) }
        let quietUntil = self.silenceHeard.map { max(self.lastMessage, self.silenceEnd, $0) + self.policy.drainQuiet }
        // Who owes an answer may be gone, and with it what it heard.
        let hadItsTime = !self.pongAwaited && quietUntil.map { $0 <= now } ?? false
        guard hadItsTime || now >= self.drainDeadline else {
            guard self.isSilenceSent else { return [] }
            guard let quietUntil else { return self.askWhetherSilenceArrived(now: now) }
            let next = now < quietUntil ? quietUntil : self.drainDeadline
            return [self.schedule(.drain, at: min(next, self.drainDeadline))]
        }
        // It heard the silence out, and is alive: what has no text by now will get none.
        let isHeardOut = hadItsTime && hearing.openUtterances == 0
        return self.drained(isHeardOut ? .complete : .limitReached, now: now, hearing: hearing)
    }

    /// A pong to a ping behind the silence tells that all before it has arrived. A line may be slow, and a server gone:
    /// then no pong comes, and the audio is sent again on another connection.
    private mutating func askWhetherSilenceArrived(now: Duration) -> [Action] {
        let limit = self.schedule(.drain, at: self.drainDeadline)
        guard !self.pongAwaited else { return [limit] }
        self.pongAwaited = true
        self.isPingBehindSilence = true
        self.cancel(.ping)
        return [limit, .ping, self.schedule(.pong, at: now + self.policy.pongLimit)]
    }

    /// A pong came while draining.
    mutating func drainAnswered(now: Duration) -> [Action] {
        guard case .draining = self.state, self.isSilenceSent else { return [] }
        if self.isPingBehindSilence, self.silenceHeard == nil { self.silenceHeard = now }
        return [self.schedule(.drain, at: now)]
    }

    /// Audio that was announced after the drain began, in time: as long as no silence was sent, its place is still
    /// free.
    var hasLateAudio: Bool {
        guard case .draining = self.state else { return false }
        return self.silenceSent == 0 && self.cursor < self.available
    }

    var drainDeadline: Duration {
        let limit = self.drainBegan + self.policy.drainLimit
        return self.stopDeadline.map { min($0, limit) } ?? limit
    }

    var isSilenceSent: Bool { self.silenceSent + Self.silencePiece > self.policy.drainSilence }

    private var silenceEnd: Duration {
        self.drainBegan + .milliseconds(self.policy.drainSilence * 1_000 / Int64(SamplePosition.rate))
    }

    private mutating func drained(_ drain: Drain, now: Duration, hearing: Hearing) -> [Action] {
        self.cancel(.drain)
        var actions: [Action] = []
        if drain == .complete { actions.append(.heard(AudioSpan(start: self.connectionStart, end: self.cursor))) }
        guard self.policy.wantsSummary, hearing.hasConfirmedSpeech else {
            return actions + [.close] + self.finish(.finished(drain))
        }
        self.drainOutcome = drain
        self.summaryTries = 1
        actions += self.enter(.summarising)
        return actions + [.requestSummary, self.schedule(.summary, at: now + self.policy.summaryLimit)]
    }

    public mutating func summaryReceived(now: Duration) -> [Action] {
        self.lastMessage = now
        guard case .summarising = self.state else { return [] }
        return [.close] + self.finish(.finished(self.drainOutcome))
    }
}
