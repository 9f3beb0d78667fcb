extension SessionStateMachine {
    /// More audio is there, or it is known that none will come.
    public mutating func audioAdvanced(to available: SamplePosition, hasEnded: Bool) -> [Action] {
        guard !self.isFrozen else { return [] }
        self.available = max(self.available, available)
        self.hasEnded = self.hasEnded || hasEnded
        guard case .streaming = self.state else { return [] }
        return [.pump]
    }

    public mutating func writabilityChanged(to isWritable: Bool) -> [Action] {
        self.isWritable = isWritable
        return isWritable && self.isReady ? [.pump] : []
    }

    /// The next thing to put on the wire. Hot path: no allocation.
    ///
    /// The caller sends what is returned and asks again, until it is told to wait or that there is nothing. When everything
    /// was sent the answer is `nothing`, and `audioSent` says what follows.
    public mutating func nextSend(now: Duration) -> Send {
        guard self.isWritable, let pacer = self.pacer else { return .nothing }
        switch self.state {
        case .streaming:
            let ready = min(self.available, self.cursor + self.policy.pieceFrames)
            // A short piece waits for its rest, unless there is no rest.
            guard ready - self.cursor == self.policy.pieceFrames || (self.hasEnded && ready > self.cursor) else {
                return .nothing
            }
            guard ready <= pacer.limit(at: now) else { return .wait(until: pacer.time(of: ready)) }
            defer {
                self.cursor = ready
                self.furthest = max(self.furthest, ready)
            }
            return .audio(AudioSpan(start: self.cursor, end: ready))
        case .draining:
            return self.nextSilence(now: now)
        case .idle, .creatingSession, .dialling, .awaitingReady, .summarising, .waiting, .closed:
            return .nothing
        }
    }

    /// Silence goes out in real time whatever the pace of the audio was: it is there to let time pass for the server.
    private mutating func nextSilence(now: Duration) -> Send {
        let piece = Int64(SamplePosition.rate / 10)
        guard self.silenceSent + piece <= self.policy.drainSilence else { return .nothing }
        let due = self.drainBegan + .milliseconds(100) * Int(self.silenceSent / piece)
        guard due <= now else { return .wait(until: due) }
        self.silenceSent += piece
        return .silence(frames: piece)
    }

    /// `nextSend` had nothing more: has the end been reached?
    public mutating func audioSent(now: Duration, hearing: Hearing) -> [Action] {
        switch self.state {
        case .streaming:
            guard self.hasEnded, self.cursor >= self.available else { return [] }
            return self.beginDraining(now: now, hearing: hearing)
        case .draining:
            return self.reviewDrain(now: now, hearing: hearing)
        case .idle, .creatingSession, .dialling, .awaitingReady, .summarising, .waiting, .closed:
            return []
        }
    }

    /// A message other than `ready` came, and the ledger has folded it.
    public mutating func messageReceived(now: Duration, hearing: Hearing) -> [Action] {
        self.lastMessage = now
        guard case .draining = self.state else { return [] }
        return self.reviewDrain(now: now, hearing: hearing)
    }

    public mutating func summaryReceived(now: Duration) -> [Action] {
        self.lastMessage = now
        guard case .summarising = self.state else { return [] }
        return [.close] + self.finish(.finished(self.drainOutcome))
    }

    /// A signal asks for an end: drain, within the limit for signals.
    ///
    /// - Parameter discardingUnsent: what was not sent yet stays unsent (a file can be finished later). A microphone's
    ///   words were said, so they are sent.
    public mutating func stopRequested(now: Duration, discardingUnsent: Bool) -> [Action] {
        guard !self.isClosed, !self.isStopping else { return [] }
        self.isStopping = true
        if discardingUnsent {
            self.isFrozen = true
            self.available = min(self.available, self.furthest)
        }
        self.hasEnded = true
        let actions = [self.schedule(.drain, at: now + self.policy.signalDrainLimit)]
        guard case .streaming = self.state else { return actions }
        return actions + [.pump]
    }

    public mutating func stopAtOnce(now: Duration) -> [Action] {
        guard !self.isClosed else { return [] }
        return (self.isConnected ? [.abandon(closeCode: nil)] : []) + self.finish(.stopped)
    }

    mutating func beginDraining(now: Duration, hearing: Hearing) -> [Action] {
        self.drainBegan = now
        self.lastMessage = now
        var actions = self.enter(.draining)
        if !self.isStopping { actions.append(self.schedule(.drain, at: now + self.policy.drainLimit)) }
        let review = self.reviewDrain(now: now, hearing: hearing)
        guard case .draining = self.state else { return actions + review }
        return actions + review + [.pump]
    }

    /// Ends the drain when nothing is awaited any more, or when the server had its time.
    private mutating func reviewDrain(now: Duration, hearing: Hearing) -> [Action] {
        if hearing.isSettled { return self.drained(.complete, now: now, hearing: hearing) }
        let piece = Int64(SamplePosition.rate / 10)
        guard self.silenceSent + piece > self.policy.drainSilence else { return [] }
        let quietUntil = max(self.lastMessage, self.silenceEnd) + self.policy.drainQuiet
        guard now >= quietUntil else {
            let limit = self.drainBegan + self.policy.drainLimit
            return !self.isStopping ? [self.schedule(.drain, at: min(quietUntil, limit))] : []
        }
        // The server was alive and heard everything; what has no text by now will get none.
        return self.drained(hearing.openUtterances == 0 ? .complete : .limitReached, now: now, hearing: hearing)
    }

    private var silenceEnd: Duration {
        self.drainBegan + .milliseconds(self.policy.drainSilence * 1_000 / Int64(SamplePosition.rate))
    }

    mutating func drained(_ drain: Drain, now: Duration, hearing: Hearing) -> [Action] {
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
}
