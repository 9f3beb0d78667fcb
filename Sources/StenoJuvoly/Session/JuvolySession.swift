package import Logging
package import NIOCore
package import StenoAudio
package import StenoCore
package import StenoHTTP
import StenoWire

/// Has one recording recognised by Juvoly: owns the socket and performs what the state machines decide.
///
/// Pinned to one event loop, so a frame decoded there is folded, shown and confirmed in the same tick, without another
/// thread waking up. No `if` in here decides anything about the session; `SessionStateMachine` does.
package actor JuvolySession {
    /// Asks for one ticket: one attempt. Whether there is another is the machine's decision.
    package typealias Tickets = @Sendable () async -> Result<SessionTicket, ServiceError>

    /// How a session ended, with everything that is known about the recording.
    package struct Outcome: Sendable {
        package var reason: SessionStateMachine.Reason
        package var ledger: RecordingLedger
        package var summary: RecordingSummary?
        /// A summary was wanted and did not come.
        package var isSummaryMissing: Bool
        /// Why the audio ended early.
        package var sourceFailure: AudioError?
        /// What the service said when it last refused us, for the person.
        package var lastRefusal: String?
        package var oddities: ProtocolOddities
        package var connections: Int
    }

    private let eventLoop: any EventLoop
    private let source: any SampleSource
    private let configuration: JuvolyConfiguration
    private let tickets: Tickets
    private let logger: Logger
    private let onEvent: @Sendable (RecognitionEvent) -> Void
    /// One second of samples: the largest piece. Allocated once, freed with the session.
    // `nonisolated(unsafe)` for `deinit` alone, when nobody else can hold the session.
    nonisolated(unsafe) private let buffer: UnsafeMutableBufferPointer<Int16>

    private var machine: SessionStateMachine
    private var ledger = RecordingLedger()
    private var listener = SpeechListener()
    private var uplink = Uplink.none
    private let client: WebSocketClient
    private var socket: WebSocketConnection?
    /// Counts sockets; what an older one says is not listened to.
    private var connection = 0
    private var ticket: SessionTicket?
    private var timers: [SessionStateMachine.Timer: Scheduled<Void>] = [:]
    private var pumpTimer: Scheduled<Void>?
    private var isPumping = false
    private var lastProgress: NIODeadline = .uptimeNanoseconds(0)

    private var summary: RecordingSummary?
    private var isSummaryMissing = false
    private var sourceFailure: AudioError?
    private var lastRefusal: String?
    private var oddities = ProtocolOddities()
    private var finished: CheckedContinuation<Outcome, Never>?

    nonisolated package var unownedExecutor: UnownedSerialExecutor { self.eventLoop.executor.asUnownedSerialExecutor() }

    package init(
        source: any SampleSource,
        configuration: JuvolyConfiguration,
        tickets: @escaping Tickets,
        eventLoop: any EventLoop,
        logger: Logger,
        seed: UInt64 = .random(in: 0 ... .max),
        onEvent: @escaping @Sendable (RecognitionEvent) -> Void
    ) {
        self.eventLoop = eventLoop
        self.source = source
        self.configuration = configuration
        self.tickets = tickets
        self.logger = logger
        self.onEvent = onEvent
        self.machine = SessionStateMachine(policy: configuration.policy, seed: seed)
        self.buffer = .allocate(capacity: SamplePosition.rate)
        self.client = WebSocketClient(options: configuration.socketOptions, on: eventLoop)
    }

    deinit { self.buffer.deallocate() }

    /// Runs the session to its end. Call once. A cancelled task stops at once.
    package func run() async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                self.finished = continuation
                self.source.observe { [weak self] in self?.onLoop { $0.sourceChanged() } }
                self.sourceChanged()
                self.perform(self.machine.start(now: self.now))
            }
        } onCancel: {
            self.onLoop { $0.stop(atOnce: true) }
        }
    }

    /// Asks for an end: drains within the limit for signals, or stops at once.
    nonisolated package func requestStop(atOnce: Bool) {
        self.onLoop { $0.stop(atOnce: atOnce) }
    }

    private func stop(atOnce: Bool) {
        self.perform(
            atOnce
                ? self.machine.stopAtOnce(now: self.now)
                : self.machine.stopRequested(
                    now: self.now,
                    discardingUnsent: self.configuration.discardsUnsentOnStop
                )
        )
    }
}

// MARK: - What happens

extension JuvolySession {
    private func sourceChanged() {
        let progress = self.source.progress
        self.ledger.captured(upTo: progress.available)
        self.sourceFailure = progress.failure ?? self.sourceFailure
        self.perform(self.machine.audioAdvanced(to: progress.available, hasEnded: progress.isComplete))
    }

    private func ticketAnswered(_ answer: Result<SessionTicket, ServiceError>) {
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
        guard connection == self.connection else { return }
        self.perform(self.machine.socketOpened(now: self.now, hearing: self.hearing))
    }

    func socketFailed(_ error: WebSocketError, _ connection: Int) {
        guard connection == self.connection else { return }
        self.socket = nil
        self.lastRefusal = "\(error)"
        self.logger.info("socket not opened", metadata: ["socket.reason": "\(error)"])
        self.perform(self.machine.socketRefused(.init(error), now: self.now))
    }

    func socketClosed(_ end: WebSocketEnd, _ connection: Int) {
        guard connection == self.connection else { return }
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
        guard connection == self.connection else { return }
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
        self.perform(self.machine.messageReceived(now: self.now, hearing: self.hearingIfDraining))
    }

    private func summaryReceived(_ summary: SOEPSummary) {
        let total = AudioSpan(start: .zero, end: self.machine.sent)
        let heard = AudioSpan(start: self.machine.connectionStart, end: self.machine.sent)
        self.summary = RecordingSummary(summary: summary, covers: heard, isPartial: heard != total)
        self.perform(self.machine.summaryReceived(now: self.now))
    }

    private func timerFired(_ token: SessionStateMachine.TimerToken) {
        self.perform(self.machine.timerFired(token, now: self.now, hearing: self.hearing))
    }
}

// MARK: - What is done about it

extension JuvolySession {
    /// The only place where a decision becomes an effect. It never awaits, so no event can come in between.
    private func perform(_ actions: [SessionStateMachine.Action]) {
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
            case .close: self.socket?.close(code: 1000)
            case .summaryMissed: self.isSummaryMissing = true
            case .report(let state): self.report(state)
            }
        }
        self.concludeIfClosed()
    }

    private func createSession() {
        let tickets = self.tickets
        // The one bridge from a callback into structured concurrency: a REST call, once for each connection.
        Task { self.ticketAnswered(await tickets()) }
    }

    private func dial() {
        guard let ticket = self.ticket else { preconditionFailure("asked to dial without a ticket") }
        self.ticket = nil
        self.connection += 1
        do throws(WebSocketError) {
            self.socket = try self.client.connect(
                to: self.configuration.endpoint,
                protocols: [self.configuration.subprotocol, ticket.clientID, ticket.sessionID.reveal { $0 }],
                delegate: JuvolySocketDelegate(self, connection: self.connection)
            )
        } catch {
            self.socketFailed(error, self.connection)
        }
    }

    private func begin(at position: SamplePosition) {
        self.ledger.connectionOpened(at: position)
        do {
            self.uplink = try Uplink(self.configuration.uplink)
        } catch {
            self.logger.error("the FLAC encoder did not start; sending PCM is an alternative")
            self.perform(self.machine.stopAtOnce(now: self.now))
        }
    }

    private func abandon(code: UInt16?) {
        if let code { self.socket?.close(code: code) } else { self.socket?.abort() }
        // From here on the old socket is a stranger, whatever it still says.
        self.socket = nil
        self.connection += 1
        self.tell(self.ledger.connectionLost())
        self.onEvent(.connectionLost)
    }

    private func tell(_ actions: [TranscriptStateMachine.Action]) {
        for action in actions {
            if case .note(let fault) = action { self.oddities.count(fault) }
            self.onEvent(.transcript(action))
        }
    }

    private func report(_ state: SessionStateMachine.State) {
        if case .draining = state { self.markEndOfStream() }
        guard let reported = RecognitionState(state) else { return }
        self.logger.info("session \(reported.rawValue)")
        self.onEvent(.state(reported))
    }

    private func markEndOfStream() {
        switch self.configuration.endOfStream {
        case .silenceThenClose: break
        case .closeFirst: self.socket?.close(code: 1000)
        case .emptyBinary: _ = self.socket?.sendBinary(UnsafeRawBufferPointer(start: nil, count: 0))
        case .textMessage(let text): _ = self.socket?.sendText(Array(text.utf8))
        }
    }

    private func schedule(_ token: SessionStateMachine.TimerToken, at deadline: Duration) {
        self.timers[token.timer]?.cancel()
        self.timers[token.timer] = self.eventLoop.scheduleTask(deadline: .uptime(deadline)) { [weak self] in
            self?.assumeIsolated { $0.timerFired(token) }
        }
    }
}

// MARK: - Sending

extension JuvolySession {
    /// Puts audio on the wire until the machine says wait, or that there is nothing to send.
    private func pump() {
        // What is sent may change writability in the same tick, which asks to pump again; one pump at a time will do.
        guard !self.isPumping else { return }
        self.isPumping = true
        defer { self.isPumping = false }
        while true {
            let now = self.now
            // The socket's word on this comes later than the send that filled it.
            if let socket = self.socket, !socket.isWritable { _ = self.machine.writabilityChanged(to: false) }
            switch self.machine.nextSend(now: now) {
            case .audio(let span):
                guard self.send(span) else { return }
            case .silence(let frames):
                self.buffer[..<Int(frames)].update(repeating: 0)
                self.transmit(UnsafeBufferPointer(rebasing: self.buffer[..<Int(frames)]))
            case .wait(let until):
                self.tellProgress()
                self.pumpTimer?.cancel()
                self.pumpTimer = self.eventLoop.scheduleTask(deadline: .uptime(until)) { [weak self] in
                    self?.assumeIsolated { $0.pump() }
                }
                return
            case .nothing:
                self.tellProgress()
                self.isPumping = false
                let before = self.machine.state
                self.perform(self.machine.audioSent(now: now, hearing: self.hearing))
                guard self.machine.state != before, case .draining = self.machine.state else { return }
                self.isPumping = true
            }
        }
    }

    private func send(_ span: AudioSpan) -> Bool {
        let piece = UnsafeMutableBufferPointer(rebasing: self.buffer[..<Int(span.frames)])
        do {
            let count = try self.source.read(at: span.start, into: piece)
            guard count == piece.count else { throw AudioError(.readFailed, path: "-") }
        } catch {
            self.sourceFailure = error as? AudioError
            self.perform(self.machine.stopAtOnce(now: self.now))
            return false
        }
        let samples = UnsafeBufferPointer(piece)
        self.listener.listen(to: samples, at: span.start, telling: &self.ledger)
        let progress = self.source.progress
        if progress.isComplete, self.listener.position == progress.available {
            self.listener.finish(telling: &self.ledger)
        }
        self.ledger.sent(span)
        self.transmit(samples)
        return true
    }

    private func transmit(_ samples: UnsafeBufferPointer<Int16>) {
        guard let socket = self.socket else { return }
        // Writability was asked for before the samples were taken, so nothing is refused here.
        self.uplink.encode(samples) { _ = socket.sendBinary($0) }
    }

    /// At most ten times a second, so that showing it costs nothing.
    private func tellProgress() {
        let now = NIODeadline.now()
        guard now - self.lastProgress >= .milliseconds(100) || self.machine.isClosed else { return }
        self.lastProgress = now
        self.onEvent(
            .progress(
                RecognitionProgress(
                    available: self.source.progress.available,
                    sent: self.machine.furthest,
                    confirmed: self.ledger.coverage.lastConfirmed ?? .zero
                )
            )
        )
    }
}

// MARK: - The end

extension JuvolySession {
    private func concludeIfClosed() {
        guard case .closed(let reason) = self.machine.state, let finished = self.finished else { return }
        // The last messages leave with the close handshake; the socket bounds the wait for it.
        if reason != .stopped, self.socket != nil { return }
        self.finished = nil
        for timer in self.timers.values { timer.cancel() }
        self.pumpTimer?.cancel()
        self.socket?.abort()
        self.socket = nil
        self.listener.listenToTheRest(of: self.source, telling: &self.ledger, using: self.buffer)
        self.tell(self.ledger.finish())
        self.tellProgress()
        finished.resume(
            returning: Outcome(
                reason: reason,
                ledger: self.ledger,
                summary: self.summary,
                isSummaryMissing: self.isSummaryMissing,
                sourceFailure: self.sourceFailure,
                lastRefusal: self.lastRefusal,
                oddities: self.oddities,
                connections: self.connection
            )
        )
    }

    /// Working out what is awaited costs a pass over the speech so far, and only a drain is decided by it.
    private var hearingIfDraining: SessionStateMachine.Hearing {
        guard case .draining = self.machine.state else { return .unasked }
        return self.hearing
    }

    private var hearing: SessionStateMachine.Hearing {
        self.listener.tellTentative(to: &self.ledger)
        return self.ledger.hearing
    }

    private var now: Duration { .nanoseconds(Int64(clamping: NIODeadline.now().uptimeNanoseconds)) }

    /// Runs `body` on the event loop, in this tick if that is where we are.
    nonisolated private func onLoop(_ body: @escaping @Sendable (isolated JuvolySession) -> Void) {
        if self.eventLoop.inEventLoop {
            self.assumeIsolated(body)
        } else {
            self.eventLoop.execute { self.assumeIsolated(body) }
        }
    }
}

extension NIODeadline {
    static func uptime(_ duration: Duration) -> NIODeadline {
        let parts = duration.components
        return .uptimeNanoseconds(UInt64(clamping: parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000))
    }
}
