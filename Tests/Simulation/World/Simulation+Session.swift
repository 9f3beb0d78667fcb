import StenoCore

// The driver of a session, as `JuvolySession` does it: the only place where a decision becomes an effect.
extension Simulation {
    typealias Session = SessionStateMachine

    func begin(_ client: Client) {
        self.client = client
        client.ledger.captured(upTo: self.recording.end)
    }

    func startSession() {
        guard let client = self.client else { return }
        self.noteSession(.start)
        self.perform(client.machine.start(now: self.now, from: client.ledger.coverage.firstUnsent))
    }

    func perform(_ actions: [Session.Action]) {
        guard let client = self.client else { return }
        for action in actions {
            if self.trace != nil { self.log("  → \(action)") }
            self.watch(action)
            switch action {
            case .createSession: self.createSession()
            case .dial: self.dial()
            case .subscribe: self.send(.subscribe)
            case .begin(let position): self.began(at: position)
            case .pump: self.pump()
            case .ping: self.send(.ping)
            case .requestSummary: self.send(.requestSummary)
            case .schedule(let token, let deadline):
                client.timers[token.timer] = token
                self.agenda.plan(.timerFired(life: self.life, token), at: deadline)
            case .abandon: self.abandon()
            case .heard(let span):
                self.noteCoverage(.heard)
                client.ledger.connectionHeard(span)
            case .close: self.send(.close)
            case .createStandby: self.createStandby()
            case .dialStandby: self.dialStandby()
            case .abandonStandby: self.abandonStandby()
            case .handOver: self.handOver()
            case .summaryMissed: client.isSummaryMissing = true
            case .report: break
            }
        }
        self.concludeIfClosed()
    }

    // MARK: What happens to a session

    func rang(_ client: Client?) {
        self.recording.isRinging = false
        self.recording.rung = self.now
        guard let client, !client.isConcluded else { return }
        let end = self.recording.end
        self.noteCoverage(.captured)
        client.ledger.captured(upTo: end)
        self.tellGaps(isLast: false)
        self.tellProgress()
        let isComplete = self.recording.isComplete
        self.noteSession(isComplete ? .audioEnded : .audio)
        self.perform(client.machine.audioAdvanced(to: end, hasEnded: isComplete))
    }

    func tellGaps(isLast: Bool) {
        guard let client = self.client else { return }
        let over = client.gaps.update(
            self.recording.gaps,
            available: self.recording.end,
            isComplete: self.recording.isComplete || isLast,
            telling: &client.ledger
        )
        if !over.isEmpty { self.noteCoverage(.missed) }
    }

    func timerFired(_ life: Int, _ token: Session.TimerToken) {
        guard life == self.life, let client = self.client, !client.isConcluded else { return }
        guard client.timers[token.timer] == token else {
            // It was replaced. A driver cannot always stop it in time.
            guard self.random.happens(20) else { return }
            self.noteSession(.staleTimer)
            let before = client.machine.state
            let actions = client.machine.timerFired(token, now: self.now, hearing: .unasked)
            self.require(.staleIgnored, actions.isEmpty && client.machine.state == before, "\(token.timer): \(actions)")
            return
        }
        client.timers[token.timer] = nil
        self.noteTimer(token.timer)
        self.perform(client.machine.timerFired(token, now: self.now, hearing: self.hearing))
    }

    func pumpWoke(_ life: Int, _ turn: Int) {
        guard life == self.life, let client = self.client, client.pumpTurn == turn, !client.isConcluded else { return }
        self.pump()
    }

    var hearing: Session.Hearing {
        guard let client = self.client else { return .unasked }
        client.tellTentative(self.speech)
        return client.ledger.hearing
    }

    /// What audio that was sent decides depends on the hearing only at the end.
    private var hearingOfSent: Session.Hearing {
        guard let client = self.client else { return .unasked }
        if case .draining = client.machine.state { return self.hearing }
        return self.recording.isComplete || client.watch.hasStopped || client.machine.awaitsHandOver
            ? self.hearing : .unasked
    }

    var hearingIfDecisive: Session.Hearing {
        guard let client = self.client else { return .unasked }
        if case .draining = client.machine.state { return self.hearing }
        return client.machine.awaitsHandOver ? self.hearing : .unasked
    }

    // MARK: Sending

    func pump() {
        guard let client = self.client, !client.isPumping else { return }
        client.isPumping = true
        defer { client.isPumping = false }
        client.pumpTurn += 1
        while true {
            if let line = self.currentLine, !self.lines[line].isWritable {
                _ = client.machine.writabilityChanged(to: false)
            }
            let send = client.machine.nextSend(now: self.now)
            switch send {
            case .audio(let span):
                if self.random.happens(self.plan.withheldShare) {
                    self.noteSession(.withheld)
                    client.machine.audioWithheld(span)
                    return self.pumpLater(at: self.now + .milliseconds(50))
                }
                self.watchSent(span)
                self.notePacer(.allowed)
                if client.listen(upTo: span.end, isLast: false, self.speech) { self.noteCoverage(.spoke) }
                self.noteCoverage(.sent)
                client.ledger.sent(span)
                self.events += 1
                self.send(.audio(span))
            case .silence(let frames):
                self.watchSilence(frames)
                self.send(.silence(frames))
            case .wait(let until):
                self.notePacer(.held)
                self.require(.legalActions, until > self.now, "told to wait until \(until), which is now or past")
                self.tellProgress()
                return self.pumpLater(at: max(until, self.now + .microseconds(1)))
            case .nothing:
                self.tellProgress()
                client.isPumping = false
                let before = client.machine.state
                self.noteSession(.sent)
                self.perform(client.machine.audioSent(now: self.now, hearing: self.hearingOfSent))
                guard client.machine.state != before, case .draining = client.machine.state else { return }
                client.isPumping = true
            }
        }
    }

    private func pumpLater(at time: Duration) {
        guard let client = self.client else { return }
        client.pumpTurn += 1
        self.agenda.plan(.pumpWoke(life: self.life, turn: client.pumpTurn), at: time)
    }

    /// A few times a second what is known of the coverage is kept.
    private func tellProgress() {
        guard let client = self.client, self.now - client.lastCoverage >= .milliseconds(250) else { return }
        client.lastCoverage = self.now
        client.tellTentative(self.speech)
        self.store.keep(.coverage(client.ledger.coverageSoFar))
    }

    // MARK: Acting

    private func createSession() {
        guard let client = self.client else { return }
        client.isCreating = true
        let wait = self.isHealed ? self.random.seconds(0.02...0.2) : self.random.seconds(0.02...3)
        self.agenda.plan(.ticketAnswered(life: self.life), at: self.now + wait)
    }

    private func dial() {
        guard let client = self.client else { return }
        client.hasTicket = false
        client.line = self.newLine()
        let wait = self.isHealed ? self.random.seconds(0.02...0.2) : self.random.seconds(0.02...5)
        self.agenda.plan(.dialled(line: self.lineCount), at: self.now + wait)
    }

    func newLine() -> Int {
        self.lineCount += 1
        let latency = self.random.seconds(self.climate.latency)
        self.lines.append(
            Line(number: self.lineCount, life: self.life, latency: latency, ear: Ear(self.climate))
        )
        return self.lineCount
    }

    private func began(at position: SamplePosition) {
        guard let client = self.client else { return }
        self.noteTranscript(.opened)
        client.ids.removeAll(keepingCapacity: true)
        client.ledger.connectionOpened(at: position)
        self.checkCoverage()
    }

    private func abandon() {
        guard let client = self.client else { return }
        self.lines.removeAll { $0.number == client.line }
        client.line = nil
        self.noteTranscript(.lost)
        self.noteCoverage(.broke)
        let isOurWish = client.machine.state == .closed(.stopped)
        if !isOurWish { self.watchBroken(client) }
        self.tell(isOurWish ? client.ledger.connectionLeft() : client.ledger.connectionLost())
        self.checkCoverage()
    }

    func tell(_ actions: [TranscriptStateMachine.Action]) {
        for action in actions {
            if self.trace != nil { self.log("    \(action.brief)") }
            self.watch(action)
            switch action {
            case .complete(let utterance), .deliver(let utterance): self.store.keep(.utterance(utterance))
            case .withdraw(let id): self.store.keep(.withdrawn(id))
            case .show, .confirm, .note: break
            }
        }
    }

    // MARK: The end

    private func concludeIfClosed() {
        guard let client = self.client, case .closed(let reason) = client.machine.state, !client.isConcluded
        else { return }
        if reason != .stopped, client.line != nil { return }
        client.isConcluded = true
        self.lines.removeAll { $0.number == client.line }
        client.line = nil
        client.ledger.captured(upTo: self.recording.end)
        client.listen(upTo: self.recording.end, isLast: true, self.speech)
        self.tellGaps(isLast: true)
        self.noteTranscript(.finished)
        self.tell(client.ledger.finish())
        self.store.keep(.coverage(client.ledger.coverage))
        self.record()
        self.checkCoverage()
        self.concluded(client, reason)
    }
}

extension TranscriptStateMachine.Action {
    /// For somebody who reads a trace.
    fileprivate var brief: String {
        switch self {
        case .show(let utterance): "show \(utterance.id) \(utterance.text)"
        case .complete(let utterance): "complete \(utterance.id) \(utterance.text)"
        case .withdraw(let id): "withdraw \(id)"
        case .deliver(let utterance): "deliver \(utterance.id) \(utterance.text)"
        case .confirm(let span): "confirm \(span.start.seconds)–\(span.end.seconds)"
        case .note(let fault): "note \(fault)"
        }
    }
}
