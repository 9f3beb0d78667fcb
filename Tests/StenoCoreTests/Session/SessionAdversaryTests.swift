import StenoCore
import Testing

/// Lets a session meet everything a network, a service and a person can do, in no order and at any time, and holds its
/// promises against a model of the world. A failure prints its seed; run that seed alone to replay it.
@Suite("Session state machine: adversary")
struct SessionAdversaryTests {
    @Test("Whatever happens, audio is sent in order, nothing is skipped, and everything ends")
    func survives() {
        for seed in UInt64(0)..<1_000 {
            var adversary = Adversary(seed: seed)
            for _ in 0..<250 where !adversary.rig.machine.isClosed { adversary.step() }
            adversary.letDie()
            #expect(adversary.world.violations == [], "seed \(seed)")
            #expect(adversary.rig.machine.isClosed, "seed \(seed) never ends: \(adversary.rig.machine.state)")
            adversary.haunt()
            #expect(adversary.world.violations == [], "seed \(seed), after the end")
        }
    }
}

private struct Adversary {
    var rig: SessionRig
    var world: SessionWorld
    private var random: SplitMix64
    private var available = SamplePosition.zero
    private var confirmed = SamplePosition.zero

    init(seed: UInt64) {
        self.random = SplitMix64(seed: seed)
        var policy = SessionPolicy()
        let paces: [SessionPolicy.Pace] = [
            .live, .unlimited, .realTime(speed: 3, catchUp: 1), .following(catchUp: 1.5),
        ]
        policy.pace = paces.randomElement(using: &self.random) ?? .live
        policy.wantsSummary = self.random.happens(50)
        policy.wantsInformation = self.random.happens(50)
        if self.random.happens(30) { policy.giveUp = nil }
        if self.random.happens(50) { policy.connectionLimit = .seconds(Int.random(in: 1...60, using: &self.random)) }
        self.rig = SessionRig(policy, seed: seed)
        if self.random.happens(30) { self.rig.withheldShare = 40 }
        self.world = SessionWorld(policy)
        self.rig.start()
        self.check()
    }

    /// One thing happens; some time passes.
    mutating func step() {
        self.happen()
        self.check()
        if self.random.happens(10) { self.fireStale() }
        let pause = self.random.happens(3) ? 40_000 : self.random.happens(50) ? 100 : 2_000
        self.pass(.milliseconds(Int.random(in: 0...pause, using: &self.random)))
    }

    private mutating func happen() {
        if self.world.standby != .none, self.random.happens(25) { self.answerStandby() }
        self.check()
        switch Int.random(in: 0..<100, using: &self.random) {
        case 0..<40: self.answer()
        case 40..<45: self.close()
        case 45..<70: self.speak()
        case 70..<80: self.hear()
        case 80..<84: self.rig.message()
        case 84..<87: self.rig.summary()
        case 87..<90: self.rig.writable(self.random.happens(60))
        case 90..<92: self.rig.perform(self.rig.machine.pongReceived(now: self.rig.now))
        case 92..<94: self.rig.ready()
        case 94: self.rig.answersPings.toggle()
        case 95: self.rig.audio(self.available.seconds, hasEnded: true)
        case 96: if self.random.happens(10) { self.rig.stop(discardingUnsent: self.random.happens(50)) }
        case 97: if self.random.happens(5) { self.rig.stopAtOnce() }
        case 98: self.rig.perform(self.rig.machine.audioSent(now: self.rig.now, hearing: self.rig.hearing))
        default: self.rig.pump()
        }
    }

    /// A timer that was replaced fires all the same.
    private mutating func fireStale() {
        guard let token = self.rig.stale.randomElement(using: &self.random) else { return }
        let before = self.rig.machine.state
        self.rig.perform(self.rig.machine.timerFired(token, now: self.rig.now, hearing: self.rig.hearing))
        self.world.require(self.rig.history.isEmpty && self.rig.machine.state == before, "a stale timer acted")
    }

    /// The service answers what is asked of it just now.
    private mutating func answer() {
        let isKind = self.random.happens(80)
        if self.world.isCreating {
            self.world.answered(withTicket: isKind)
            isKind
                ? self.rig.created()
                : self.rig.notCreated(self.random.happens(50) ? .transient : .throttled(retryAfter: nil))
        } else if self.world.isDialling {
            isKind ? self.world.opened() : self.world.hungUp()
            isKind
                ? self.rig.opened()
                : self.rig.refused([nil, 503, 401, 302].map(Self.failure).randomElement(using: &self.random) ?? .other)
        } else if self.world.isOpen {
            self.rig.ready()
        }
    }

    /// The service answers what is asked of it for the standby, which may end at any moment.
    private mutating func answerStandby() {
        guard self.random.happens(80) else {
            self.world.standby(is: .none)
            self.rig.standbyFailed(retryAfter: self.random.happens(50) ? .seconds(3) : nil)
            return
        }
        switch self.world.standby {
        case .creating:
            self.world.standby(is: .created)
            self.rig.standbyCreated()
        case .dialling:
            self.world.standby(is: .open)
            self.rig.standbyOpened()
        case .open:
            self.world.standby(is: .ready)
            self.rig.standbyReady()
        case .none, .created, .ready:
            break
        }
    }

    private static func failure(_ status: Int?) -> SessionStateMachine.DialFailure {
        status.map { .status($0, retryAfter: .seconds(2)) } ?? .other
    }

    private mutating func close() {
        guard self.world.isOpen else { return }
        self.rig.closed([nil, 1000, 1006, 1008, 1011, 4001].randomElement(using: &self.random) ?? nil)
    }

    /// More audio is there.
    private mutating func speak() {
        guard self.available < .seconds(60) else { return }
        self.available = self.available + Int64.random(in: 0...24_000, using: &self.random)
        self.rig.audio(self.available.seconds)
    }

    /// The ledger learns something. What is confirmed was sent, and stays confirmed.
    private mutating func hear() {
        let known = max(self.confirmed, SamplePosition.zero)
        if self.world.furthest > known {
            self.confirmed = known + Int64.random(in: 0...(self.world.furthest - known), using: &self.random)
        }
        let isSettled = self.random.happens(30)
        self.rig.hearing = SessionStateMachine.Hearing(
            openUtterances: isSettled ? 0 : Int.random(in: 0...2, using: &self.random),
            awaitsText: !isSettled,
            hasConfirmedSpeech: self.confirmed > .zero,
            replayStart: isSettled ? nil : self.confirmed
        )
    }

    /// Time passes; timers are on time, or late and then in any order.
    private mutating func pass(_ duration: Duration) {
        let end = self.rig.now + duration
        if self.random.happens(10) { self.rig.now = end }
        while self.rig.fireNext(before: end) { self.check() }
        self.rig.now = max(end, self.rig.now)
    }

    /// From here on nobody answers anything, and no audio comes.
    mutating func letDie() {
        self.rig.answersPings = false
        self.rig.audio(self.available.seconds, hasEnded: true)
        self.check()
        for _ in 0..<400 where !self.rig.machine.isClosed {
            if self.world.isCreating {
                self.world.answered(withTicket: false)
                self.rig.notCreated(.transient)
            } else if self.world.isDialling {
                self.world.hungUp()
                self.rig.refused(.other)
            }
            self.check()
            self.pass(.seconds(1))
        }
    }

    /// After the end, sockets and timers may still be late.
    mutating func haunt() {
        for _ in 0..<20 {
            self.happen()
            self.check()
            self.pass(.seconds(10))
        }
    }

    private mutating func check() {
        self.world.apply(self.rig.history, of: self.rig, available: self.available)
        self.rig.forget()
    }
}
