import StenoCore

/// Drives a session machine the way its driver does, with a clock that is moved by hand.
///
/// It keeps timers and the wake-up of the pump, performs actions in order, answers pings if told to, and remembers what
/// was decided and what was put on the wire, each with its time.
struct SessionRig {
    typealias Machine = SessionStateMachine

    struct Sent: Equatable {
        var at: Duration
        var send: Machine.Send
    }

    /// Everything that left the machine, in order.
    enum Happening: Equatable {
        case decided(Machine.Action)
        case sent(Machine.Send)
    }

    var machine: Machine
    /// Not zero, so that nothing may take zero for "now".
    var now: Duration = .seconds(1_000)
    /// What the machine is told when it has to decide, unless a whole ledger stands behind it.
    var hearing = Machine.Hearing.silence
    /// A world that takes part: told of everything in order, and asked for the hearing.
    var world: (any SessionRigWorld)?
    var answersPings = true
    /// How many of a hundred pieces the source does not have yet when they are asked for.
    var withheldShare = 0
    /// Seconds of audio so far.
    private(set) var captured = 0.0
    private var random = SplitMix64(seed: 5)

    private(set) var history: [(at: Duration, what: Happening)] = []
    private(set) var timers: [Machine.Timer: (token: Machine.TimerToken, at: Duration)] = [:]
    /// Timers that a later one of their kind replaced: they may still fire, for a driver cannot always stop them.
    private(set) var stale: [Machine.TimerToken] = []
    private(set) var wake: Duration?
    private var looked = 0
    private var isPumping = false

    init(_ policy: SessionPolicy = SessionPolicy(), seed: UInt64 = 1) {
        self.machine = Machine(policy: policy, seed: seed)
    }

    /// What was decided since the last look, without timers and pumping.
    mutating func take() -> [Machine.Action] {
        defer { self.looked = self.history.count }
        return self.history[self.looked...].compactMap { entry in
            switch entry.what {
            case .decided(.schedule), .decided(.pump), .sent: nil
            case .decided(let action): action
            }
        }
    }

    /// Forgets what happened, for a run that is checked as it goes.
    mutating func forget() {
        self.history.removeAll(keepingCapacity: true)
        self.looked = 0
    }

    func deadline(of timer: Machine.Timer) -> Duration? { self.timers[timer].map { $0.at - self.now } }

    mutating func perform(_ actions: [Machine.Action]) {
        for action in actions {
            self.record(.decided(action))
            switch action {
            case .schedule(let token, let deadline):
                if let old = self.timers[token.timer] { self.stale.append(old.token) }
                self.timers[token.timer] = (token, deadline)
            case .pump:
                self.pump()
            case .ping:
                if self.answersPings { self.perform(self.machine.pongReceived(now: self.now)) }
            case .handOver:
                self.perform(self.machine.handedOver(now: self.now, hearing: self.heard))
            case .createSession, .dial, .subscribe, .begin, .requestSummary, .abandon, .heard, .close, .summaryMissed,
                .report, .createStandby, .dialStandby, .abandonStandby:
                break
            }
        }
    }

    mutating func pump() {
        guard !self.isPumping else { return }
        self.isPumping = true
        defer { self.isPumping = false }
        self.wake = nil
        while true {
            let send = self.machine.nextSend(now: self.now)
            switch send {
            case .audio(let span) where self.random.happens(self.withheldShare):
                self.machine.audioWithheld(span)
                self.wake = self.now + .milliseconds(50)
                return
            case .audio, .silence:
                self.record(.sent(send))
            case .wait(let until):
                precondition(until > self.now, "told to wait until \(until), which is not later than \(self.now)")
                self.wake = until
                return
            case .nothing:
                self.isPumping = false
                let before = self.machine.state
                self.perform(self.machine.audioSent(now: self.now, hearing: self.heard))
                guard self.machine.state != before, case .draining = self.machine.state else { return }
                self.isPumping = true
            }
        }
    }

    var heard: Machine.Hearing { self.world?.hearing ?? self.hearing }

    private mutating func record(_ what: Happening) {
        self.history.append((self.now, what))
        self.world?.happened(what, at: self.now)
    }

    /// Lets time pass, with every timer on time.
    mutating func advance(by duration: Duration) {
        let end = self.now + duration
        while self.fireNext(before: end) {}
        self.now = end
    }

    /// Fires what is due next, if that is not after `end`.
    mutating func fireNext(before end: Duration) -> Bool {
        let timer = self.timers.min { ($0.value.at, "\($0.key)") < ($1.value.at, "\($1.key)") }
        if let wake = self.wake, wake <= end, wake <= (timer?.value.at ?? wake) {
            self.now = max(self.now, wake)
            self.pump()
            return true
        }
        guard let timer, timer.value.at <= end else { return false }
        self.now = max(self.now, timer.value.at)
        self.timers[timer.key] = nil
        self.perform(self.machine.timerFired(timer.value.token, now: self.now, hearing: self.heard))
        return true
    }
}

/// What stands behind a session in a simulation.
protocol SessionRigWorld: AnyObject {
    var hearing: SessionStateMachine.Hearing { get }
    func happened(_ what: SessionRig.Happening, at now: Duration)
}

// MARK: - What happens to a session

extension SessionRig {
    mutating func start(from furthest: SamplePosition = .zero) {
        self.perform(self.machine.start(now: self.now, from: furthest))
    }
    mutating func created() { self.perform(self.machine.sessionCreated(now: self.now)) }
    mutating func notCreated(_ failure: Machine.CreationFailure) {
        self.perform(self.machine.sessionFailed(failure, now: self.now))
    }
    mutating func opened() { self.perform(self.machine.socketOpened(now: self.now, hearing: self.heard)) }
    mutating func refused(_ failure: Machine.DialFailure) {
        self.perform(self.machine.socketRefused(failure, now: self.now))
    }
    mutating func refused(_ status: Int) { self.refused(.status(status, retryAfter: nil)) }
    mutating func ready() { self.perform(self.machine.readyReceived(now: self.now)) }
    mutating func closed(_ code: UInt16? = nil) {
        self.perform(self.machine.socketClosed(code: code, now: self.now, hearing: self.heard))
    }
    mutating func message() { self.perform(self.machine.messageReceived(now: self.now, hearing: self.heard)) }
    mutating func summary() { self.perform(self.machine.summaryReceived(now: self.now)) }
    mutating func stop(discardingUnsent: Bool = false) {
        self.perform(self.machine.stopRequested(now: self.now, discardingUnsent: discardingUnsent))
    }
    mutating func stopAtOnce() { self.perform(self.machine.stopAtOnce(now: self.now)) }
    mutating func writable(_ isWritable: Bool) {
        self.perform(self.machine.writabilityChanged(to: isWritable))
    }
    /// There are so many seconds of audio.
    mutating func audio(_ seconds: Double, hasEnded: Bool = false) {
        self.captured = max(self.captured, seconds)
        self.perform(self.machine.audioAdvanced(to: .seconds(seconds), hasEnded: hasEnded))
    }

    /// From creating a session to a connection that is ready.
    mutating func connect() {
        self.created()
        self.opened()
        self.ready()
    }

    /// Waits out the back-off and connects again.
    mutating func reconnect() {
        guard case .waiting(let until) = self.machine.state else { return }
        self.advance(by: until - self.now)
        self.connect()
    }
}

extension SessionStateMachine.Hearing {
    /// Nothing was said.
    static let silence = Self(openUtterances: 0, awaitsText: false, hasConfirmedSpeech: false, replayStart: nil)
    /// All that was said has its text.
    static let confirmed = Self(openUtterances: 0, awaitsText: false, hasConfirmedSpeech: true, replayStart: nil)

    /// Something was said, and its text is not there; a new connection would begin at `start`.
    static func awaiting(from start: Double? = nil, open: Int = 1, hasConfirmed: Bool = false) -> Self {
        Self(
            openUtterances: open,
            awaitsText: true,
            hasConfirmedSpeech: hasConfirmed,
            replayStart: start.map { .seconds($0) }
        )
    }
}

extension SessionRig {
    /// What was put on the wire.
    var sent: [Sent] {
        self.history.compactMap { if case .sent(let send) = $0.what { Sent(at: $0.at, send: send) } else { nil } }
    }

    /// The audio put on the wire, joined where it follows on.
    var audioSent: [AudioSpan] {
        self.sent.reduce(into: []) { spans, sent in
            guard case .audio(let span) = sent.send else { return }
            if let last = spans.last, last.end == span.start {
                spans[spans.count - 1].end = span.end
            } else {
                spans.append(span)
            }
        }
    }

    /// Frames of silence put on the wire.
    var silenceSent: Int64 {
        self.sent.reduce(0) { if case .silence(let frames) = $1.send { $0 + frames } else { $0 } }
    }
}
