import StenoCore

// Which events met which machine in which state.
extension Simulation {
    func noteSession(_ event: Reached.SessionEvent) {
        guard let client = self.client else { return }
        let state =
            switch client.machine.state {
            case .idle: 0
            case .creatingSession: 1
            case .dialling: 2
            case .awaitingReady: 3
            case .streaming: 4
            case .draining: 5
            case .summarising: 6
            case .waiting: 7
            case .closed: 8
            }
        self.note(.session, state, event)
    }

    func noteTimer(_ timer: Session.Timer) {
        switch timer {
        case .ready: self.noteSession(.readyTimer)
        case .ping: self.noteSession(.pingTimer)
        case .pong: self.noteSession(.pongTimer)
        case .retry: self.noteSession(.retryTimer)
        case .drain: self.noteSession(.drainTimer)
        case .summary: self.noteSession(.summaryTimer)
        case .giveUp: self.noteSession(.giveUpTimer)
        case .handOver: self.noteSession(.handOverTimer)
        case .standby: self.noteSession(.standbyTimer)
        }
    }

    func noteDial(_ failure: Session.DialFailure) {
        switch failure {
        case .status(401, _), .status(403, _): self.noteSession(.dial401)
        case .status(429, _): self.noteSession(.dial429)
        case .status(500...599, _): self.noteSession(.dial5xx)
        case .status, .other: self.noteSession(.dialOther)
        }
    }

    func noteClosed(_ code: UInt16?) {
        switch code {
        case nil: self.noteSession(.lost)
        case 1000?, 1001?: self.noteSession(.closedNormal)
        case .some(let code): self.noteSession(code == 1008 || code >= 4000 ? .closedRefusal : .closedError)
        }
    }

    func notePacer(_ event: Reached.PacerEvent) {
        guard let client = self.client else { return }
        let state =
            switch client.pace {
            case .unlimited: 0
            case .realTime: 1
            case .following: 2
            }
        self.note(.pacer, state, event)
    }

    func noteTranscript(_ event: Reached.TranscriptEvent) {
        guard let client = self.client else { return }
        let state =
            switch client.ledger.transcript.state {
            case .listening: 0
            case .dictating: 1
            case .finished: 2
            }
        self.note(.transcript, state, event)
    }

    /// Which kind of update it is, by what this connection said before.
    func noteUpdate(_ update: TranscriptUpdate, _ client: Client) {
        let known = client.ids[update.id]
        let event: Reached.TranscriptEvent
        switch (known, update.isCompleted) {
        case (nil, false): event = .interimNew
        case (false?, false): event = .interimOpen
        case (true?, false): event = .interimLate
        case (nil, true): event = .completedNew
        case (false?, true): event = .completedOpen
        case (true?, true): event = .completedAgain
        }
        client.ids[update.id] = update.isCompleted || known == true
        self.noteTranscript(update.sentence.isEmpty ? .empty : update.words.isEmpty ? .untimed : event)
    }

    func noteCoverage(_ event: Reached.CoverageEvent) {
        guard let client = self.client else { return }
        // Each piece of audio is two events, and neither changes the state: it is looked at with the others.
        if event != .captured, event != .sent {
            let coverage = client.ledger.coverage
            client.coverageState =
                !coverage.hasSpeech ? 0 : coverage.unsettled.isEmpty ? 1 : coverage.isAnythingGivenUp ? 3 : 2
        }
        self.note(.coverage, client.coverageState, event)
    }
}
