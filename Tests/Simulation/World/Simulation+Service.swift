import StenoCore

// The service and the network before it.
extension Simulation {
    /// Where the line in use is, if there is one.
    var currentLine: Int? {
        guard let number = self.client?.line else { return nil }
        return self.index(of: number)
    }

    private func index(of number: Int) -> Int? { self.lines.firstIndex { $0.number == number } }

    private func happens(_ share: Int) -> Bool { share > 0 && self.random.happens(share) }

    // MARK: Getting a connection

    func ticketAnswered(_ life: Int) {
        guard life == self.life, let client = self.client, client.isCreating else { return }
        client.isCreating = false
        let failure: Session.CreationFailure?
        if self.happens(self.climate.refuses) {
            failure = self.random.happens(90) ? .refused : .wrongRequest
        } else if self.isOutage || self.happens(self.climate.creationFails) {
            failure = .transient
        } else if self.happens(self.climate.creationThrottled) {
            failure = .throttled(retryAfter: self.random.happens(50) ? nil : self.random.seconds(0...900))
        } else {
            failure = nil
        }
        switch failure {
        case nil:
            client.hasTicket = true
            self.noteSession(.created)
            return self.perform(client.machine.sessionCreated(now: self.now))
        case .refused: self.noteSession(.refusedTicket)
        case .wrongRequest: self.noteSession(.wrongRequest)
        case .throttled: self.noteSession(.throttledTicket)
        case .transient: self.noteSession(.transientTicket)
        }
        // The service's word counts, whatever the machine makes of it.
        if failure == .refused || failure == .wrongRequest { client.isRefused = true }
        if let failure { self.perform(client.machine.sessionFailed(failure, now: self.now)) }
    }

    /// For hours nobody answers at all.
    private var isOutage: Bool { !self.isHealed && self.plan.heals > .seconds(3_600) }

    func dialled(_ number: Int) {
        guard let index = self.index(of: number), let client = self.client else { return }
        let isStandby = client.standby?.line == number
        guard isStandby || client.line == number else { return }
        if let failure = self.dialFailure() {
            self.lines.remove(at: index)
            guard !isStandby else { return self.standbyFailed() }
            client.line = nil
            self.noteDial(failure)
            return self.perform(client.machine.socketRefused(failure, now: self.now))
        }
        self.lines[index].isOpen = true
        self.decideFate(index)
        self.noteSession(isStandby ? .standbyOpened : .opened)
        self.perform(
            isStandby
                ? client.machine.standbyOpened(now: self.now)
                : client.machine.socketOpened(now: self.now, hearing: self.hearing)
        )
        guard let index = self.index(of: number), !self.happens(self.climate.readyNever) else { return }
        let late = self.happens(self.climate.readyLate) ? self.random.seconds(0.5...40) : self.random.seconds(0...0.1)
        self.tell(.ready, on: index, at: self.now + late)
    }

    private func dialFailure() -> Session.DialFailure? {
        if self.happens(self.climate.dialFails) {
            return self.random.happens(70) ? .other : .status(self.random.pick(302, 502, 503), retryAfter: nil)
        }
        if self.happens(self.climate.throttledDial) {
            let pause = self.random.happens(50) ? nil : self.random.seconds(0...900)
            return .status(self.random.pick(429, 503), retryAfter: pause)
        }
        if self.happens(self.climate.dialRefusedOnce) { return .status(self.random.pick(401, 403), retryAfter: nil) }
        return nil
    }

    /// What will become of a new connection.
    private func decideFate(_ index: Int) {
        let climate = self.climate
        if self.happens(climate.slowLink) { self.lines[index].rate = self.random.pick(8_000, 16_000, 40_000) }
        let fate: Line.Fate
        var at = self.random.seconds(0.5...20)
        if self.happens(climate.closesAtOnce) {
            fate = .closes(self.random.pick(1008, 4001, 4403, 1011, 1000))
            at = self.random.seconds(0...4)
        } else if self.happens(climate.blackHoles) {
            fate = .blackHole
        } else if self.happens(climate.stopsReading) {
            fate = .stopsReading(self.random.seconds(1...70))
        } else if self.happens(climate.resets) {
            self.lines[index].fate = .resets(afterBytes: Int.random(in: 0...700_000, using: &self.random))
            return
        } else if self.happens(climate.closes) {
            fate = .closes(self.random.pick(nil, 1000, 1001, 1006, 1008, 1011, 1012, 4000))
        } else if let limit = climate.sessionLimit {
            fate = .closes(1000)
            at = .nanoseconds(Int64(limit * 1e9))
        } else {
            return
        }
        self.lines[index].fate = fate
        self.agenda.plan(.fateStruck(line: self.lines[index].number), at: self.now + at)
    }

    func fateStruck(_ number: Int) {
        guard let index = self.index(of: number) else { return }
        switch self.lines[index].fate {
        case .lasts, .resets: break
        case .closes(let code): self.tell(.closed(code), on: index, at: self.now)
        case .blackHole:
            self.lines[index].blockedUp = Line.farAway
            self.lines[index].blockedDown = Line.farAway
        case .stopsReading(let length): self.lines[index].blockedUp = self.now + length
        }
    }

    // MARK: Messages

    func send(_ message: Line.Up) {
        guard let index = self.currentLine else { return }
        if let at = self.lines[index].send(message, at: self.now) {
            self.agenda.plan(.arrivedAtService(line: self.lines[index].number), at: at)
        }
        if self.lines[index].isWritable, self.lines[index].unread > Line.highWater {
            self.lines[index].isWritable = false
            self.noteSession(.unwritable)
        }
        if case .close = message {
            self.agenda.plan(.closeTimedOut(line: self.lines[index].number), at: self.now + .seconds(3))
        }
        self.require(.memoryBounded, self.lines[index].unread < 1 << 20, "\(self.lines[index].unread) bytes unsent")
    }

    /// The socket bounds how long it waits for the other side.
    func closeTimedOut(_ number: Int) {
        guard let client = self.client, client.line == number else { return }
        self.receive(.closed(nil), client)
    }

    private func tell(_ message: Line.Down, on index: Int, at time: Duration) {
        if let at = self.lines[index].tell(message, at: time) {
            self.agenda.plan(.arrivedHere(line: self.lines[index].number), at: at)
        }
    }

    func arrivedAtService(_ number: Int) {
        guard let index = self.index(of: number) else { return }
        if self.lines[index].blockedUp > self.now {
            if self.lines[index].blockedUp < Line.farAway {
                self.agenda.plan(.arrivedAtService(line: number), at: self.lines[index].blockedUp)
            }
            return
        }
        guard let (_, message) = self.lines[index].up.removeFirst() else { return }
        self.lines[index].unread -= message.bytes
        self.lines[index].received += message.bytes
        if let next = self.lines[index].up.first {
            self.agenda.plan(.arrivedAtService(line: number), at: max(next.at, self.now))
        }
        if case .resets(let limit) = self.lines[index].fate, self.lines[index].received > limit {
            self.lines[index].fate = .lasts
            self.lines[index].blockedUp = Line.farAway
            self.tell(.closed(nil), on: index, at: self.now)
        } else {
            self.serve(message, on: index)
        }
        self.becameWritable(number)
    }

    private func becameWritable(_ number: Int) {
        guard let index = self.index(of: number), !self.lines[index].isWritable,
            self.lines[index].unread < Line.lowWater, let client = self.client, client.line == number
        else { return }
        self.lines[index].isWritable = true
        self.noteSession(.writable)
        self.perform(client.machine.writabilityChanged(to: true))
    }

    private func serve(_ message: Line.Up, on index: Int) {
        let outcome: Ear.Outcome
        switch message {
        case .audio(let span):
            outcome = self.lines[index].ear.hear(
                span,
                of: self.speech,
                missing: self.recording.gaps,
                using: &self.random
            )
        case .silence(let frames):
            outcome = self.lines[index].ear.hearSilence(frames, after: self.speech, using: &self.random)
        case .ping: return self.tell(.pong, on: index, at: self.now)
        case .requestSummary:
            guard !self.happens(self.climate.summaryNever) else { return }
            return self.tell(.summary, on: index, at: self.now + self.random.seconds(0.5...3))
        case .subscribe: return self.tell(.information, on: index, at: self.now)
        case .close: return self.tell(.closed(1000), on: index, at: self.now)
        }
        self.oracle.learn(outcome)
        for update in outcome.updates {
            self.tell(.transcript(update), on: index, at: self.now + self.random.seconds(0.05...0.3))
        }
        if self.happens(self.climate.oddMessages) { self.tell(.oddity, on: index, at: self.now) }
    }

    func arrivedHere(_ number: Int) {
        guard let index = self.index(of: number) else { return }
        if self.lines[index].blockedDown > self.now {
            if self.lines[index].blockedDown < Line.farAway {
                self.agenda.plan(.arrivedHere(line: number), at: self.lines[index].blockedDown)
            }
            return
        }
        guard let (_, message) = self.lines[index].down.removeFirst() else { return }
        if let next = self.lines[index].down.first {
            self.agenda.plan(.arrivedHere(line: number), at: max(next.at, self.now))
        }
        guard let client = self.client else { return }
        guard client.line == number else { return self.standbyReceived(message, number) }
        if self.trace != nil { self.log("  ← \(message)") }
        self.receive(message, client)
    }

    private func receive(_ message: Line.Down, _ client: Client) {
        switch message {
        case .ready:
            self.noteSession(.ready)
            return self.perform(client.machine.readyReceived(now: self.now))
        case .pong:
            self.noteSession(.pong)
            return self.perform(client.machine.pongReceived(now: self.now))
        case .summary:
            self.noteSession(.summary)
            return self.perform(client.machine.summaryReceived(now: self.now))
        case .closed(let code):
            self.lines.removeAll { $0.number == client.line }
            client.line = nil
            self.noteClosed(code)
            return self.perform(client.machine.socketClosed(code: code, now: self.now, hearing: self.hearing))
        case .transcript(let update):
            self.noteUpdate(update, client)
            if update.isCompleted { self.oracle.arrived(update.sentence) }
            self.tell(client.ledger.received(update, sent: client.machine.sent))
            self.checkCoverage()
        case .information, .oddity: break
        }
        self.noteSession(.message)
        self.perform(client.machine.messageReceived(now: self.now, hearing: self.hearingIfDecisive))
    }
}
