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
        // It answered what came behind the silence, so it heard all: what has no text by now will get none.
        let isHeardOut =
            self.isSilenceHeard && hearing.openUtterances == 0
            && now >= self.lastMessage + self.policy.drainQuiet
        if now >= self.drainDeadline {
            return self.drained(isHeardOut ? .complete : .limitReached, now: now, hearing: hearing)
        }
        guard self.isSilenceSent else { return [] }
        let quietUntil = max(self.lastMessage, self.silenceEnd) + self.policy.drainQuiet
        guard now < quietUntil else {
            // Whoever does not answer may be gone: the pong, or that there is none, decides.
            guard self.isSilenceHeard else { return [self.schedule(.drain, at: self.drainDeadline)] }
            return self.drained(isHeardOut ? .complete : .limitReached, now: now, hearing: hearing)
        }
        return [self.schedule(.drain, at: min(quietUntil, self.drainDeadline))]
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

    /// The server answered a ping that came behind the silence.
    mutating func silenceHeard(now: Duration) -> [Action] {
        self.isSilenceHeard = true
        guard case .draining = self.state else { return [] }
        let quietUntil = max(self.lastMessage, self.silenceEnd) + self.policy.drainQuiet
        return [self.schedule(.drain, at: max(now, min(quietUntil, self.drainDeadline)))]
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
