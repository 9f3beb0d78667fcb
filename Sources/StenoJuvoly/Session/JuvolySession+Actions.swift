import Logging
import NIOCore
import StenoAudio
import StenoCore
import StenoHTTP
import StenoWire

// What a session does about it.
extension JuvolySession {
    /// The only place where a decision becomes an effect. It never awaits, so no event can come in between.
    func perform(_ actions: [SessionStateMachine.Action]) {
        for action in actions {
            switch action {
            case .createSession: self.createSession()
            case .dial: self.dial()
            case .subscribe: _ = self.socket?.sendText(JuvolyClientMessage.subscribeInformation.bytes)
            case .begin(let position): self.begin(at: position)
            case .pump: self.pump()
            case .ping: _ = self.socket?.sendPing()
            case .requestSummary: _ = self.socket?.sendText(JuvolyClientMessage.summarizeSoep.bytes)
            case .schedule(let token, let deadline): self.schedule(token, at: deadline)
            case .abandon(let code): self.abandon(code: code)
            case .heard(let span): self.ledger.connectionHeard(span)
            case .close: self.finishAndClose()
            case .createStandby: self.createStandby()
            case .dialStandby: self.dialStandby()
            case .abandonStandby(let code): self.abandonStandby(code: code)
            case .handOver: self.handOver()
            case .summaryMissed: self.isSummaryMissing = true
            case .report(let state): self.report(state)
            }
        }
        self.concludeIfClosed()
    }

    func createSession() {
        let tickets = self.tickets
        // The one bridge from a callback into structured concurrency: a REST call, once for each connection.
        Task { self.ticketAnswered(await tickets()) }
    }

    func dial() {
        guard let ticket = self.ticket else { preconditionFailure("asked to dial without a ticket") }
        self.ticket = nil
        let connection = self.numberConnection()
        self.connection = connection
        do throws(WebSocketError) {
            self.socket = try self.connect(with: ticket, connection)
        } catch {
            self.socketFailed(error, connection)
        }
    }

    func numberConnection() -> Int {
        self.lastConnection += 1
        return self.lastConnection
    }

    func connect(with ticket: SessionTicket, _ connection: Int) throws(WebSocketError) -> WebSocketConnection {
        try self.client.connect(
            to: self.configuration.endpoint,
            protocols: [self.configuration.subprotocol, ticket.clientID, ticket.sessionID.reveal { $0 }],
            delegate: JuvolySocketDelegate(self, connection: connection)
        )
    }

    func begin(at position: SamplePosition) {
        self.ledger.connectionOpened(at: position)
        do {
            self.uplink = try Uplink(self.configuration.uplink)
        } catch {
            self.logger.error("the FLAC encoder did not start; sending PCM is an alternative")
            self.perform(self.machine.stopAtOnce(now: self.now))
        }
    }

    func abandon(code: UInt16?) {
        if let code { self.socket?.close(code: code) } else { self.socket?.abort() }
        // From here on the old socket is a stranger, whatever it still says.
        self.socket = nil
        self.connection = nil
        self.earlySummaries = 0
        let isOurWish = self.machine.state == .closed(.stopped)
        self.tell(isOurWish ? self.ledger.connectionLeft() : self.ledger.connectionLost())
        // At the end nothing is sent again, so nobody is told that it will be.
        if !self.machine.isClosed { self.onEvent(.connectionLost) }
    }

    func tell(_ actions: [TranscriptStateMachine.Action]) {
        for action in actions {
            if case .note(let fault) = action { self.oddities.count(fault) }
            self.onEvent(.transcript(action))
        }
    }

    /// - Parameter isLast: the session ends, and hears of no more.
    func tellGaps(isLast: Bool = false) {
        let progress = self.source.progress
        let over = self.gaps.update(
            self.source.gaps,
            available: progress.available,
            isComplete: progress.isComplete || isLast,
            telling: &self.ledger
        )
        for gap in over { self.onEvent(.gap(gap)) }
    }

    func report(_ state: SessionStateMachine.State) {
        if case .draining = state { self.markEndOfStream() }
        guard let reported = RecognitionState(state) else { return }
        self.logger.info("session \(reported.rawValue)")
        self.onEvent(.state(reported))
    }

    func finishAndClose() {
        if let socket = self.socket { self.uplink.finish { _ = socket.sendBinary($0) } }
        self.uplink = .none
        self.socket?.close(code: 1000)
    }

    func markEndOfStream() {
        switch self.configuration.endOfStream {
        case .silenceThenClose: break
        case .closeFirst: self.finishAndClose()
        case .emptyBinary: _ = self.socket?.sendBinary(UnsafeRawBufferPointer(start: nil, count: 0))
        case .textMessage(let text): _ = self.socket?.sendText(Array(text.utf8))
        }
    }

    func schedule(_ token: SessionStateMachine.TimerToken, at deadline: Duration) {
        self.timers[token.timer]?.cancel()
        self.timers[token.timer] = self.eventLoop.scheduleTask(deadline: .uptime(deadline)) { [weak self] in
            self?.assumeIsolated { $0.timerFired(token) }
        }
    }
}
