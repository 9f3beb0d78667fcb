import StenoCore

/// A whole session without a network: the session machine, the ledger, a detector and a perfect recogniser, with a line
/// that delays messages and can be cut at any moment.
final class SimulatedSession: SessionRigWorld {
    private let truth: SpokenTruth
    private(set) var ledger = RecordingLedger()
    private var rig: SessionRig
    private let policy: SessionPolicy
    private let seed: UInt64
    /// When the line is cut, in time since the start.
    private var cuts: [Duration]
    /// When the process is killed and another one goes on with what was kept.
    private var kills: [Duration]

    private var recogniser: PerfectRecogniser?
    private var given = SamplePosition.zero
    private var listened = SamplePosition.zero
    private var nextSound = 0
    /// Messages under way, with the time of their arrival.
    private var underWay: [(at: Duration, update: TranscriptUpdate)] = []
    private let began: Duration
    private(set) var connections = 0
    private(set) var handOvers = 0
    /// How far the making of a standby is, while there is one to make.
    private var standbyStep: Int?
    private(set) var delivered: [Utterance] = []

    init(_ truth: SpokenTruth, policy: SessionPolicy, seed: UInt64, cuts: [Duration], kills: [Duration] = []) {
        self.truth = truth
        self.policy = policy
        self.seed = seed
        self.rig = SessionRig(policy, seed: seed)
        self.cuts = cuts.sorted()
        self.kills = kills.sorted()
        self.began = self.rig.now
        self.ledger.captured(upTo: truth.end)
    }

    /// Runs to the end of the session.
    func run() -> SessionStateMachine.State {
        self.begin()
        for _ in 0..<20_000 where !self.rig.machine.isClosed { self.step() }
        self.rig.world = nil
        self.listen(upTo: self.truth.end)
        self.tell(self.ledger.finish())
        return self.rig.machine.state
    }

    private func begin() {
        self.rig.world = self
        self.rig.start(from: self.ledger.coverage.firstUnsent)
        self.rig.perform(self.rig.machine.audioAdvanced(to: self.truth.end, hasEnded: true))
    }

    /// Nothing is left of the process but what it had kept.
    private func kill() {
        self.ledger = RecordingLedger(resuming: self.ledger.memory)
        let now = self.rig.now
        self.rig = SessionRig(self.policy, seed: self.seed)
        self.rig.now = now
        self.recogniser = nil
        self.underWay.removeAll()
        self.listened = self.ledger.beginning
        self.nextSound = self.truth.sounds.firstIndex { $0.end > self.listened } ?? self.truth.sounds.count
        self.begin()
    }

    /// A line is not cut while it is made, so nothing is killed then either.
    private var isUnderWay: Bool {
        switch self.rig.machine.state {
        case .streaming, .draining, .summarising, .waiting: true
        case .idle, .creatingSession, .dialling, .awaitingReady, .closed: false
        }
    }

    private func step() {
        if let kill = self.kills.first, self.rig.now - self.began >= kill, self.isUnderWay {
            self.kills.removeFirst()
            self.kill()
        }
        switch self.rig.machine.state {
        case .creatingSession: self.rig.created()
        case .dialling: self.rig.opened()
        case .awaitingReady: self.rig.ready()
        case .streaming, .draining, .summarising:
            if let cut = self.cuts.first, self.rig.now - self.began >= cut {
                self.cuts.removeFirst()
                self.rig.closed(1006)
            }
        case .waiting: self.cuts.removeAll { self.rig.now - self.began >= $0 }
        case .idle, .closed: break
        }
        self.makeStandby()
        self.rig.advance(by: .milliseconds(100))
        while let first = self.underWay.first, first.at <= self.rig.now {
            self.underWay.removeFirst()
            self.tell(self.ledger.received(first.update, sent: self.rig.machine.sent))
            self.rig.message()
        }
        self.rig.forget()
    }

    private func makeStandby() {
        guard let step = self.standbyStep else { return }
        self.standbyStep = step < 2 ? step + 1 : nil
        switch step {
        case 0: self.rig.standbyCreated()
        case 1: self.rig.standbyOpened()
        default: self.rig.standbyReady()
        }
    }

    // MARK: What stands behind the session

    var hearing: SessionStateMachine.Hearing { self.ledger.hearing }

    func happened(_ what: SessionRig.Happening, at now: Duration) {
        switch what {
        case .decided(.begin(let position)):
            self.connections += 1
            self.ledger.connectionOpened(at: position)
            self.recogniser = PerfectRecogniser(self.truth, from: position)
            self.given = position
        case .decided(.abandon):
            // What was under way is lost with the line.
            self.underWay.removeAll()
            self.recogniser = nil
            self.tell(self.ledger.connectionLost())
        case .decided(.handOver):
            self.handOvers += 1
            self.underWay.removeAll()
            self.recogniser = nil
            self.tell(self.ledger.connectionLost())
        case .decided(.createStandby): self.standbyStep = 0
        case .decided(.abandonStandby): self.standbyStep = nil
        case .decided(.heard(let span)):
            self.ledger.connectionHeard(span)
        case .sent(.audio(let span)):
            self.ledger.sent(span)
            self.listen(upTo: span.end)
            self.give(span.end, at: now)
        case .sent(.silence(let frames)):
            self.give(self.given + frames, at: now)
        case .decided, .sent:
            break
        }
    }

    private func give(_ end: SamplePosition, at now: Duration) {
        self.given = end
        for update in self.recogniser?.hear(upTo: end) ?? [] {
            self.underWay.append((now + .milliseconds(300), update))
        }
    }

    /// The detector finds the end of a sound 300 ms after it, and until then does not know.
    private func listen(upTo position: SamplePosition) {
        self.listened = max(self.listened, position)
        while self.nextSound < self.truth.sounds.count {
            let sound = self.truth.sounds[self.nextSound]
            guard sound.end + 4_800 <= self.listened || self.listened == self.truth.end else { break }
            self.ledger.spoke(sound)
            self.nextSound += 1
        }
        let heard = AudioSpan(start: .zero, end: self.listened)
        let rest = self.truth.sounds[self.nextSound...].map { $0.clamped(to: heard) }.filter { !$0.isEmpty }
        self.ledger.mayHaveSpoken(rest)
    }

    private func tell(_ actions: [TranscriptStateMachine.Action]) { self.delivered += actions.delivered }
}
