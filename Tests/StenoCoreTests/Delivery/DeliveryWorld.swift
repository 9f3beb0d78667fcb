import StenoCore
import StenoTesting

/// One hand-off in a world that stores and drops, late and twice, and in which programs die between any two steps.
struct DeliveryWorld {
    struct Result {
        /// How often the service stored what we sent, its own doubles left out.
        var stored = 0
        /// Notes the service made of one request more than it should.
        var doubles = 0
        /// Something appeared later than any search could know.
        var wasTooLate = false
        var sent = 0
        var state: DeliveryStateMachine.State
        var memory: DeliveryMemory
    }

    private static let stepLimit = 10_000

    private let policy: DeliveryPolicy
    private var random: SplitMix64
    private var machine: DeliveryStateMachine
    /// What survives a crash.
    private var disk = DeliveryMemory()
    private var now = Duration.zero
    private var timer: (token: UInt64, time: Duration)?
    /// When each stored note can be found.
    private var notes: [Duration] = []
    private var pending: [DeliveryStateMachine.Action] = []
    private var result: Result

    init(seed: UInt64, policy: DeliveryPolicy) {
        self.policy = policy
        self.random = SplitMix64(seed: seed)
        self.machine = DeliveryStateMachine(policy: policy, seed: seed)
        self.result = Result(state: .intended, memory: DeliveryMemory())
    }

    /// To `done` or `parked`.
    mutating func run() -> Result {
        self.pending = self.machine.start(now: self.now)
        for _ in 0..<Self.stepLimit {
            if self.chance(0.02) { self.crash() }
            if !self.pending.isEmpty {
                self.perform(self.pending.removeFirst())
            } else if let timer = self.timer {
                self.timer = nil
                self.now = max(self.now, timer.time)
                self.pending += self.machine.timerFired(timer.token, now: self.now)
            } else {
                break
            }
        }
        self.result.state = self.machine.state
        self.result.memory = self.machine.memory
        return self.result
    }

    private mutating func perform(_ action: DeliveryStateMachine.Action) {
        switch action {
        case .store: self.disk = self.machine.memory
        case .schedule(let token, let time): self.timer = (token, time)
        case .send: self.send()
        case .search: self.search()
        case .askForProgress, .reprocess: self.pending += self.machine.processed(isDone: true)
        }
    }

    private mutating func send() {
        self.result.sent += 1
        let isStored = self.chance(0.6)
        if isStored {
            self.result.stored += 1
            var visible = self.now + .seconds(Double.random(in: 0...55, using: &self.random))
            if self.chance(0.01) {
                visible = self.now + .seconds(900)
                self.result.wasTooLate = true
            }
            self.notes.append(visible)
            if self.chance(0.02) {
                self.notes.append(visible)
                self.result.doubles += 1
            }
        }
        // The answer may be lost with the program.
        guard !self.chance(0.1) else { return self.crash() }
        let answer: DeliveryStateMachine.Answer
        if isStored {
            answer = self.chance(0.5) ? .accepted(note: "1") : .unknown
        } else {
            answer = self.chance(0.5) ? .unknown : .notReceived(retryAfter: nil)
        }
        self.pending += self.machine.answered(answer, now: self.now)
    }

    private mutating func search() {
        guard !self.chance(0.1) else {
            self.pending += self.machine.searchFailed(retryAfter: nil, now: self.now)
            return
        }
        let found = self.notes.filter { $0 <= self.now }.indices.map { "\($0 + 1)" }
        self.pending += self.machine.found(found, now: self.now)
    }

    /// Another program goes on with what is on the disk, some time later.
    private mutating func crash() {
        self.pending = []
        self.timer = nil
        self.now += .seconds(Double.random(in: 0...30, using: &self.random))
        self.machine = DeliveryStateMachine(self.disk, policy: self.policy, seed: self.random.next())
        self.pending = self.machine.start(now: self.now)
    }

    private mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self.random) < share }
}
