extension SessionStateMachine {
    /// More audio is there, or it is known that none will come.
    public mutating func audioAdvanced(to available: SamplePosition, hasEnded: Bool) -> [Action] {
        guard !self.isFrozen else { return [] }
        self.available = max(self.available, available)
        self.hasEnded = self.hasEnded || hasEnded
        if case .streaming = self.state { return [.pump] }
        return self.hasLateAudio ? [.pump] : []
    }

    public mutating func writabilityChanged(to isWritable: Bool) -> [Action] {
        self.isWritable = isWritable
        return isWritable && self.isReady ? [.pump] : []
    }

    /// The next thing to put on the wire. Hot path: no allocation.
    ///
    /// The caller sends what is returned and asks again, until it is told to wait or that there is nothing. When
    /// everything was sent the answer is `nothing`, and `audioSent` says what follows.
    public mutating func nextSend(now: Duration) -> Send {
        guard self.isWritable, let pacer = self.pacer else { return .nothing }
        switch self.state {
        case .streaming: return self.nextAudio(now: now, pacer: pacer)
        case .draining: return self.hasLateAudio ? self.nextAudio(now: now, pacer: pacer) : self.nextSilence(now: now)
        case .idle, .creatingSession, .dialling, .awaitingReady, .summarising, .waiting, .closed: return .nothing
        }
    }

    private mutating func nextAudio(now: Duration, pacer: SessionPacer) -> Send {
        let piece = self.policy.pieceFrames
        let end = min(self.available, self.cursor + piece)
        // A short piece waits for its rest, unless there is no rest.
        guard end - self.cursor == piece || (self.hasEnded && end > self.cursor) else { return .nothing }
        guard end <= pacer.limit(at: now) else { return .wait(until: pacer.time(of: end)) }
        let span = AudioSpan(start: self.cursor, end: end)
        self.beforePiece = BeforePiece(furthest: self.furthest, pacer: pacer, lastOutrun: self.lastOutrun)
        self.cursor = end
        self.furthest = max(self.furthest, end)
        self.pacer?.sent(upTo: end, at: now)
        if pacer.outrunsSpeech(endingAt: end, of: self.available, piece: piece, at: now) { self.lastOutrun = now }
        return .audio(span)
    }

    /// The source did not have the piece that was just offered, and none of it was sent: it is offered again. For a
    /// source that is slow to give what it announced.
    public mutating func audioWithheld(_ span: AudioSpan) {
        guard let before = self.beforePiece, span.end == self.cursor else { return }
        self.beforePiece = nil
        self.cursor = span.start
        self.furthest = before.furthest
        self.pacer = before.pacer
        self.lastOutrun = before.lastOutrun
    }

    /// Silence goes out in real time whatever the pace of the audio was: it is there to let time pass for the server.
    private mutating func nextSilence(now: Duration) -> Send {
        guard !self.isSilenceSent else { return .nothing }
        let due = self.drainBegan + .milliseconds(100) * Int(self.silenceSent / Self.silencePiece)
        guard due <= now else { return .wait(until: due) }
        self.silenceSent += Self.silencePiece
        return .silence(frames: Self.silencePiece)
    }

    /// `nextSend` had nothing more: has the end been reached?
    public mutating func audioSent(now: Duration, hearing: Hearing) -> [Action] {
        switch self.state {
        case .streaming:
            return self.hasNothingLeft
                ? self.beginDraining(now: now, hearing: hearing) : self.reviewHandOver(now: now, hearing: hearing)
        case .draining:
            return self.reviewDrain(now: now, hearing: hearing)
        case .idle, .creatingSession, .dialling, .awaitingReady, .summarising, .waiting, .closed:
            return []
        }
    }

    /// A message other than `ready` came, and the ledger has folded it.
    public mutating func messageReceived(now: Duration, hearing: Hearing) -> [Action] {
        self.lastMessage = now
        if self.isReady { self.wasOfUse = true }
        guard case .draining = self.state else { return self.reviewHandOver(now: now, hearing: hearing) }
        return self.reviewDrain(now: now, hearing: hearing)
    }
}
