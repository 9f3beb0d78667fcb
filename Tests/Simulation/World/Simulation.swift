import StenoCore

/// One world from one seed: a microphone, a speaker, a disk, a network, a service and a person, in virtual time, around
/// the real machines. The same seed gives the same world, event by event.
///
/// A process has a *life*. When it dies, what was not durable is gone; another one opens the recording and goes on, with
/// more speech or only with what is there. Towards the end everybody behaves, so that everything can be confirmed.
package final class Simulation {
    /// More than any seed needs: a world that is still busy then does not come to rest.
    static let stepLimit = 400_000
    /// Processes that may try to finish a recording.
    static let lifeLimit = 5
    /// What a healthy service may take for the rest of a recording, beside its length.
    static let patience = Duration.seconds(1_500)

    package let seed: UInt64
    package private(set) var violations: [Violation] = []
    package var reached = Reached()
    /// Events that a machine was given.
    package internal(set) var events = 0
    /// Things that happened in the world.
    package private(set) var steps = 0
    /// Processes that there were.
    package var processes: Int { self.life }
    /// What happens, for somebody who looks into a failure.
    package var trace: ((String) -> Void)?

    var random: SplitMix64
    let plan: Plan
    var climate: Climate
    var isHealed = false
    var speech: Speech
    var now: Duration = .seconds(1_000)
    let began: Duration = .seconds(1_000)
    var agenda = Agenda()
    /// The process gets no time before this.
    var paused = Duration.zero
    var life = 1
    var isOver = false

    let store: any SimulatedStore
    var recording: Recording
    var microphone: Microphone
    var client: Client?
    var lines: [Line] = []
    var lineCount = 0
    var oracle: Oracle

    /// - Parameter name: the seed to name when a promise is broken.
    package init(seed: UInt64, named name: UInt64? = nil, store: any SimulatedStore = ModelStore()) {
        self.seed = name ?? seed
        var random = SplitMix64(seed: seed)
        let plan = Plan(using: &random)
        self.plan = plan
        self.climate = plan.climate
        self.speech = Speech(seconds: plan.seconds, vocabulary: plan.vocabulary, using: &random)
        self.store = store
        self.recording = Recording(ringFrames: plan.ringFrames)
        self.microphone = Microphone(Card(periodFrames: plan.periodFrames, using: &random))
        self.microphone.card.isFlaky = plan.cardFaults > 0
        self.oracle = Oracle()
        store.sounds = self.speech.sounds
        self.random = random
    }

    /// Runs the world to its end.
    package func run() {
        self.prepare()
        while !self.isOver, self.violations.isEmpty, let next = self.agenda.next() {
            self.steps += 1
            guard self.steps < Self.stepLimit else {
                self.broken(.progress, "still busy after \(self.steps) steps")
                break
            }
            self.now = max(self.now, next.at)
            // Nothing happens in a process that gets no time, and then everything at once.
            if next.at < self.paused, next.what.isOurs {
                self.agenda.plan(next.what, at: self.paused)
                continue
            }
            self.happen(next.what)
        }
        if self.violations.isEmpty { self.judgeEnd() }
    }

    private func prepare() {
        self.begin(Client(life: 1, policy: self.plan.policy, seed: self.seed, resuming: nil))
        switch self.plan.source {
        case .file:
            self.recording.end = self.speech.end
            self.recording.isComplete = true
            self.storeFile()
        case .microphone:
            self.startCapture()
            self.agenda.plan(.personStops, at: self.now + self.speechLength)
            for _ in 0..<self.plan.cardFaults {
                self.agenda.plan(.cardFault, at: self.now + self.random.seconds(0...self.plan.seconds))
            }
        }
        for _ in 0..<self.plan.diskFaults {
            self.agenda.plan(.diskChanged, at: self.now + self.random.seconds(0...self.plan.seconds))
        }
        for length in self.plan.pauses {
            self.agenda.plan(.processPauses(length), at: self.now + self.random.seconds(0...self.plan.seconds))
        }
        for death in self.plan.deaths { self.agenda.plan(.processDies, at: self.now + death) }
        if self.plan.source == .file, self.plan.ending != .whenSpoken {
            self.agenda.plan(.personStops, at: self.now + self.random.seconds(0...30))
        }
        self.agenda.plan(.healed, at: self.now + self.plan.heals)
        self.rang(self.client)
        self.startSession()
    }

    /// How long the microphone is to run.
    private var speechLength: Duration {
        let whole = Duration.lasting(self.speech.end.frames) + .seconds(1)
        return self.plan.ending == .whenSpoken ? whole : self.random.seconds(3...max(4, whole.inSeconds))
    }

    private func happen(_ what: Happening) {
        if self.trace != nil { self.log("· \(what)") }
        switch what {
        case .captureWoke(let life, let turn): self.captureWoke(life, turn)
        case .sourceRang(let life): if life == self.life { self.rang(self.client) }
        case .pumpWoke(let life, let turn): self.pumpWoke(life, turn)
        case .timerFired(let life, let token): self.timerFired(life, token)
        case .ticketAnswered(let life): self.ticketAnswered(life)
        case .standbyAnswered(let life, let number): self.standbyAnswered(life, number)
        case .dialled(let line): self.dialled(line)
        case .arrivedAtService(let line): self.arrivedAtService(line)
        case .arrivedHere(let line): self.arrivedHere(line)
        case .fateStruck(let line): self.fateStruck(line)
        case .closeTimedOut(let line): self.closeTimedOut(line)
        case .committed(let life): self.committed(life)
        case .diskChanged: self.diskChanged()
        case .cardFault: self.cardFault()
        case .personStops: self.personStops()
        case .personGivesUp(let life): self.personGivesUp(life)
        case .processPauses(let length): self.processPauses(length)
        case .processDies: self.processDies()
        case .restarted: self.restarted()
        case .handedOver: self.handedOver()
        case .healed: self.heal()
        }
    }

    private func processPauses(_ length: Duration) {
        guard !self.isHealed else { return }
        self.paused = max(self.paused, self.now + length)
        self.recording.stalled += length
    }

    private func heal() {
        self.isHealed = true
        self.climate = self.plan.climate.healed
        self.microphone.card.heal()
        self.store.isFull = false
        self.record()
    }

    // MARK: Help for all parts

    func log(_ line: @autoclosure () -> String) {
        guard let trace = self.trace else { return }
        trace("\(((self.now - self.began).inSeconds * 1_000).rounded() / 1_000) \(line())")
    }

    func broken(_ promise: Promise, _ detail: @autoclosure () -> String) {
        guard self.violations.count < 4 else { return }
        let violation = Violation(seed: self.seed, step: self.steps, promise: promise, detail: detail())
        self.violations.append(violation)
        self.log("\(violation)")
    }

    func require(_ promise: Promise, _ holds: Bool, _ detail: @autoclosure () -> String) {
        if !holds { self.broken(promise, detail()) }
    }

    func note<Event: RawRepresentable<Int>>(_ machine: Reached.Machine, _ state: Int, _ event: Event) {
        self.events += 1
        self.reached.note(machine.index, state, event.rawValue)
    }
}

extension Reached.Machine {
    var index: Int {
        switch self {
        case .capture: 0
        case .session: 1
        case .pacer: 2
        case .transcript: 3
        case .coverage: 4
        case .store: 5
        }
    }
}
