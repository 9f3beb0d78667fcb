import Logging
import StenoAudio
import StenoCore
import StenoHTTP
import StenoWire

// What happens to a session.
extension JuvolySession {
    func sourceChanged() {
        let progress = self.source.progress
        self.ledger.captured(upTo: progress.available)
        self.tellGaps()
        self.sourceFailure = progress.failure ?? self.sourceFailure
        self.perform(self.machine.audioAdvanced(to: progress.available, hasEnded: progress.isComplete))
        // Without a connection nothing is sent, and what piles up is to be seen.
        self.tellProgress()
    }

    func ticketAnswered(_ answer: Result<SessionTicket, ServiceError>) {
        switch answer {
        case .success(let ticket):
            self.ticket = ticket
            self.perform(self.machine.sessionCreated(now: self.now))
        case .failure(let error):
            self.lastRefusal = error.message
            self.logger.info("session not created", metadata: ["session.reason": "\(error.message)"])
            self.perform(self.machine.sessionFailed(.init(error), now: self.now))
        }
    }

    func socketOpened(_ connection: Int) {
        guard connection == self.connection else { return self.standbyOpened(connection) }
        self.perform(self.machine.socketOpened(now: self.now, hearing: self.hearing))
    }

    func socketFailed(_ error: WebSocketError, _ connection: Int) {
        guard connection == self.connection else { return self.standbyFailed(error, connection) }
        self.socket = nil
        self.lastRefusal = "\(error)"
        self.logger.info("socket not opened", metadata: ["socket.reason": "\(error)"])
        self.perform(self.machine.socketRefused(.init(error), now: self.now))
    }

    func socketClosed(_ end: WebSocketEnd, _ connection: Int) {
        guard connection == self.connection else { return self.standbyClosed(end, connection) }
        self.socket = nil
        self.logger.info("socket closed", metadata: ["socket.end": "\(end)"])
        if !self.machine.isClosed { self.lastRefusal = "\(end)" }
        self.perform(self.machine.socketClosed(code: end.code, now: self.now, hearing: self.hearing))
    }

    func receivedBinary(_ connection: Int) {
        self.oddities.binaryMessages += 1
    }

    func receivedPong(_ connection: Int) {
        guard connection == self.connection else { return }
        self.perform(self.machine.pongReceived(now: self.now))
    }

    func writabilityChanged(to isWritable: Bool, _ connection: Int) {
        guard connection == self.connection else { return }
        self.perform(self.machine.writabilityChanged(to: isWritable))
    }

    func received(_ event: JuvolyServerEvent, wasTolerated: Bool, _ connection: Int) {
        guard connection == self.connection else { return self.standbyReceived(event, connection) }
        if wasTolerated { self.oddities.trailingCommas += 1 }
        switch event {
        case .ready:
            self.perform(self.machine.readyReceived(now: self.now))
            return
        case .transcript(let update):
            self.tell(self.ledger.received(update, sent: self.machine.sent))
        case .information(let information):
            self.ledger.received(information)
            self.onEvent(.information(self.ledger.information))
        case .summarySoep(let summary):
            self.summaryReceived(summary)
            return
        case .serviceError, .unknown, .malformed:
            self.oddities.count(event)
        }
        self.perform(self.machine.messageReceived(now: self.now, hearing: self.hearingIfDecisive))
    }

    func summaryReceived(_ summary: SOEPSummary) {
        let total = AudioSpan(start: .zero, end: self.machine.sent)
        let heard = AudioSpan(start: self.machine.connectionStart, end: self.machine.sent)
        let summary = RecordingSummary(summary: summary, covers: heard, isPartial: heard != total)
        guard !self.takeEarlySummary(summary) else { return }
        self.summary = summary
        self.perform(self.machine.summaryReceived(now: self.now))
    }

    func timerFired(_ token: SessionStateMachine.TimerToken) {
        self.perform(self.machine.timerFired(token, now: self.now, hearing: self.hearing))
    }
}
