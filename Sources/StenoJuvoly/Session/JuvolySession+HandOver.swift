import Logging
import StenoCore
import StenoHTTP
import StenoWire

// The second connection, which takes over before the far side ends the first one.
extension JuvolySession {
    /// What there is of a connection that is to take over.
    struct Standby {
        let connection: Int
        var ticket: SessionTicket?
        var socket: WebSocketConnection?
    }

    func createStandby() {
        let connection = self.numberConnection()
        self.standby = Standby(connection: connection)
        let tickets = self.tickets
        Task { self.standbyTicketAnswered(await tickets(), connection) }
    }

    private func standbyTicketAnswered(_ answer: Result<SessionTicket, ServiceError>, _ connection: Int) {
        guard connection == self.standby?.connection else { return }
        switch answer {
        case .success(let ticket):
            self.standby?.ticket = ticket
            self.perform(self.machine.standbyCreated(now: self.now))
        case .failure(let error):
            self.logger.info("standby not created", metadata: ["session.reason": "\(error.message)"])
            self.standby = nil
            self.perform(self.machine.standbyFailed(now: self.now, retryAfter: error.retryAfter))
        }
    }

    func dialStandby() {
        guard let standby = self.standby, let ticket = standby.ticket else { return }
        self.standby?.ticket = nil
        do throws(WebSocketError) {
            self.standby?.socket = try self.connect(with: ticket, standby.connection)
        } catch {
            self.standbyFailed(error, standby.connection)
        }
    }

    func abandonStandby(code: UInt16?) {
        if let code { self.standby?.socket?.close(code: code) } else { self.standby?.socket?.abort() }
        self.standby = nil
    }

    /// What the present connection left open is heard again by the next one.
    func handOver() {
        guard let standby = self.standby, let socket = standby.socket else { return }
        self.logger.info("connection handed over")
        self.finishAndClose()
        self.tell(self.ledger.connectionLost())
        self.standby = nil
        self.socket = socket
        self.connection = standby.connection
        self.earlySummaries = 0
        self.perform(self.machine.handedOver(now: self.now, hearing: self.hearing))
    }

    // MARK: What its socket says

    func standbyOpened(_ connection: Int) {
        guard connection == self.standby?.connection else { return }
        self.perform(self.machine.standbyOpened(now: self.now))
    }

    func standbyFailed(_ error: WebSocketError, _ connection: Int) {
        guard connection == self.standby?.connection else { return }
        self.logger.info("standby not opened", metadata: ["socket.reason": "\(error)"])
        self.standby = nil
        var pause: Duration?
        if case .refused(_, let retryAfter) = error { pause = retryAfter.map { .seconds($0) } }
        self.perform(self.machine.standbyFailed(now: self.now, retryAfter: pause))
    }

    func standbyClosed(_ end: WebSocketEnd, _ connection: Int) {
        guard connection == self.standby?.connection else { return }
        self.logger.info("standby closed", metadata: ["socket.end": "\(end)"])
        self.standby = nil
        self.perform(self.machine.standbyFailed(now: self.now))
    }

    /// It was given no audio, so there is nothing it could say but that it is ready.
    func standbyReceived(_ event: JuvolyServerEvent, _ connection: Int) {
        guard connection == self.standby?.connection, case .ready = event else { return }
        self.perform(self.machine.standbyReady(now: self.now, hearing: self.hearing))
    }
}
