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

    let eventLoop: any EventLoop
    let source: any SampleSource
    let configuration: JuvolyConfiguration
    let tickets: Tickets
    let logger: Logger
    let onEvent: @Sendable (RecognitionEvent) -> Void
    /// One second of samples: the largest piece. Allocated once, freed with the session.
    // `nonisolated(unsafe)` for `deinit` alone, when nobody else can hold the session.
    nonisolated(unsafe) let buffer: UnsafeMutableBufferPointer<Int16>

    var machine: SessionStateMachine
    var ledger: RecordingLedger
    var gaps = GapTally()
    var listener = SpeechListener()
    var uplink = Uplink.none
    let client: WebSocketClient
    var socket: WebSocketConnection?
    /// The number of `socket`; what another one says is not listened to. `nil` without one.
    var connection: Int?
    /// The connection that is to take over, or what there is of it.
    var standby: Standby?
    /// How many connections were begun, or are to be: each attempt has a number of its own.
    var lastConnection = 0
    var ticket: SessionTicket?
    var timers: [SessionStateMachine.Timer: Scheduled<Void>] = [:]
    var pumpTimer: Scheduled<Void>?
    var isPumping = false
    /// Since when a source that is complete has not given what it announced.
    var withheldSince: Duration?
    var lastProgress: NIODeadline = .uptimeNanoseconds(0)
    var lastCoverage: NIODeadline = .uptimeNanoseconds(0)

    var summary: RecordingSummary?
    var isSummaryMissing = false
    /// Asked for by a person on the present connection, and not there yet.
    var earlySummaries = 0
    var sourceFailure: AudioError?
    var lastRefusal: String?
    var oddities = ProtocolOddities()
    var finished: CheckedContinuation<Outcome, Never>?

    nonisolated package var unownedExecutor: UnownedSerialExecutor { self.eventLoop.executor.asUnownedSerialExecutor() }

    /// - Parameter memory: what an earlier recognition of the same recording left; this one goes on from there.
    package init(
        source: any SampleSource,
        resuming memory: RecordingMemory = RecordingMemory(),
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
        self.ledger = RecordingLedger(resuming: memory)
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
                // What comes before a replay was listened to when it was recorded.
                self.listener.begin(at: self.ledger.beginning)
                self.sourceChanged()
                self.perform(self.machine.start(now: self.now, from: self.ledger.coverage.firstUnsent))
            }
        } onCancel: {
            self.onLoop { $0.stop(atOnce: true) }
        }
    }

    /// Asks for an end: drains within the limit for signals, or stops at once.
    nonisolated package func requestStop(atOnce: Bool) {
        self.onLoop { $0.stop(atOnce: atOnce) }
    }

    func stop(atOnce: Bool) {
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

extension JuvolySession {
    func concludeIfClosed() {
        guard case .closed(let reason) = self.machine.state, let finished = self.finished else { return }
        // The last messages leave with the close handshake; the socket bounds the wait for it.
        if reason != .stopped, self.socket != nil { return }
        self.finished = nil
        for timer in self.timers.values { timer.cancel() }
        self.pumpTimer?.cancel()
        self.socket?.abort()
        self.socket = nil
        self.listener.listenToTheRest(of: self.source, telling: &self.ledger, using: self.buffer)
        self.tellGaps(isLast: true)
        self.tell(self.ledger.finish())
        self.tellProgress()
        self.onEvent(.coverage(self.ledger.coverageSoFar))
        finished.resume(
            returning: Outcome(
                reason: reason,
                ledger: self.ledger,
                summary: self.summary,
                isSummaryMissing: self.isSummaryMissing,
                sourceFailure: self.sourceFailure,
                lastRefusal: self.lastRefusal,
                oddities: self.oddities,
                connections: self.lastConnection
            )
        )
    }

    /// Working out what is awaited costs a look at the speech so far, and only the end of a connection is decided by it.
    var hearingIfDecisive: SessionStateMachine.Hearing {
        if case .draining = self.machine.state { return self.hearing }
        return self.machine.awaitsHandOver ? self.hearing : .unasked
    }

    var hearing: SessionStateMachine.Hearing {
        self.listener.tellTentative(to: &self.ledger)
        return self.ledger.hearing
    }

    var now: Duration { .nanoseconds(Int64(clamping: NIODeadline.now().uptimeNanoseconds)) }

    /// Runs `body` on the event loop, in this tick if that is where we are.
    nonisolated func onLoop(_ body: @escaping @Sendable (isolated JuvolySession) -> Void) {
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
