import StenoCore

// The second connection, which takes over before the far side ends the first one.
extension Simulation {
    func createStandby() {
        guard let client = self.client else { return }
        client.watch.standbys += 1
        client.standby = Client.Standby(number: client.watch.standbys)
        let wait = self.random.seconds(self.isHealed ? 0.02...0.2 : 0.02...2)
        self.agenda.plan(.standbyAnswered(life: self.life, number: client.watch.standbys), at: self.now + wait)
    }

    func standbyAnswered(_ life: Int, _ number: Int) {
        guard life == self.life, let client = self.client, client.standby?.number == number, !client.isConcluded
        else { return }
        if self.climate.creationFails > 0, self.random.happens(self.climate.creationFails) {
            return self.standbyFailed()
        }
        self.noteSession(.standbyCreated)
        self.perform(client.machine.standbyCreated(now: self.now))
    }

    func dialStandby() {
        guard let client = self.client else { return }
        client.standby?.line = self.newLine()
        let wait = self.random.seconds(self.isHealed ? 0.02...0.2 : 0.02...2)
        self.agenda.plan(.dialled(line: self.lineCount), at: self.now + wait)
    }

    func standbyFailed() {
        guard let client = self.client else { return }
        let line = client.standby?.line
        self.lines.removeAll { $0.number == line }
        client.standby = nil
        self.noteSession(.standbyFailed)
        self.perform(client.machine.standbyFailed(now: self.now, retryAfter: nil))
    }

    func abandonStandby() {
        guard let client = self.client else { return }
        let line = client.standby?.line
        self.lines.removeAll { $0.number == line }
        client.standby = nil
    }

    /// What the present connection left open is heard again by the next one.
    func handOver() {
        guard let client = self.client, let next = client.standby?.line else { return }
        self.lines.removeAll { $0.number == client.line }
        self.noteTranscript(.lost)
        self.noteCoverage(.broke)
        self.watchBroken(client)
        self.tell(client.ledger.connectionLost())
        client.standby = nil
        client.line = next
        self.noteSession(.handedOver)
        self.perform(client.machine.handedOver(now: self.now, hearing: self.hearing))
    }

    /// It was given no audio, so there is nothing it could say but that it is ready, or gone.
    func standbyReceived(_ message: Line.Down, _ number: Int) {
        guard let client = self.client, client.standby?.line == number else { return }
        switch message {
        case .ready:
            self.noteSession(.standbyReady)
            self.perform(client.machine.standbyReady(now: self.now, hearing: self.hearing))
        case .closed: self.standbyFailed()
        case .pong, .summary, .information, .oddity, .transcript: break
        }
    }
}
