import StenoCore

/// A sound card, a driver and a person in virtual time: does whatever cards do, at any time, and knows of every frame
/// when it was really captured. Broken promises are collected.
struct CaptureStateMachineWorld {
    typealias Machine = CaptureStateMachine

    /// What the card is doing.
    enum Card: Equatable {
        /// Since when it runs, and how many frames were read since.
        case running(since: Double, read: Int)
        case stopped(Machine.Fault)
        case suspended(until: Double)
        case gone
    }

    /// 20 ms at 48 kHz.
    static let timing = Machine.Timing(rate: 48_000, periodFrames: 960, bufferFrames: 9_600)
    static let period = 0.02
    /// One action costs this much, so that a loop without waiting shows in the count and not as a hang.
    private static let cost = 0.000_02
    private static let actionsPerSecond = 1_000

    var machine = Machine(timing: Self.timing)
    var random: SplitMix64
    /// Seconds since some zero.
    var now = 1_000.0
    private(set) var violations: [String] = []
    var faults = 0

    var card = Card.stopped(.notRunning)
    var openEnds: Double?
    /// Frames per second, really.
    let rate: Double
    /// It tells its position in steps of so many frames.
    let granularity: Int
    /// Its descriptor is always ready.
    var cries = false
    var isKind = false

    /// The end of the timeline, in frames of 16 kHz, and what stands between a device's clock and ours.
    private var position = 0.0
    private var drift = 0.0
    private var origin: Double?
    private var began: Double
    var lastRead: (frames: Int, at: Double) = (0, 0)
    var isPaused = false
    private var actions = 0
    private var secondBegan = 0.0

    init(seed: UInt64) {
        self.random = SplitMix64(seed: seed)
        self.rate = 48_000 * (1 + Double(Int.random(in: -500...500, using: &self.random)) * 1e-6)
        self.granularity = [1, 48, 441, 960].randomElement(using: &self.random) ?? 1
        self.began = self.now
    }

    private mutating func require(_ promise: Bool, _ text: String) {
        if !promise, self.violations.count < 5 { self.violations.append("\(self.now): \(text)") }
    }

    var time: Duration { .nanoseconds(Int64(self.now * 1e9)) }
    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }

    // MARK: The run

    /// A recording with `happenings` things going wrong, then a kind world, then the stop.
    mutating func run(happenings: Int) {
        var action = self.machine.started(now: self.time)
        for _ in 0..<happenings {
            self.happen(&action)
            let end = self.now + [0.001, 0.03, 0.4, 3].randomElement(using: &self.random)! * self.random.nextUnit()
            self.drive(&action, until: end)
        }
        self.heal()
        self.settle(&action)
        if self.isPaused { action = self.machine.resumeRequested(now: self.time); self.isPaused = false }
        self.drive(&action, until: self.now + 5)
        self.require(self.machine.state == .running, "a healthy device does not run: \(self.machine.state)")
        if self.random.happens(50) { self.happen(&action) }
        self.stop(&action)
    }

    private mutating func stop(_ action: inout Machine.Action) {
        self.settle(&action)
        let asked = self.now
        action = self.machine.stopRequested(now: self.time)
        while action != .nothing, self.now < asked + 1 { self.perform(&action, until: asked + 1) }
        self.require(self.machine.state == .stopped, "does not stop")
        self.require(self.now - asked < 0.3, "stops after \(self.now - asked) s")
        self.check(at: max(asked, self.lastRead.at), slack: 0.3)
        for event in 0..<8 {
            self.now += 1
            let answer =
                switch event % 4 {
                case 0: self.machine.waited(.readable, now: self.time)
                case 1: self.machine.looked(.some(960), now: self.time)
                case 2: self.machine.opened(.opened(Self.timing), now: self.time)
                default: self.machine.pauseRequested(now: self.time)
                }
            self.require(answer == .nothing, "acts after the end: \(answer)")
        }
    }

    private mutating func drive(_ action: inout Machine.Action, until end: Double) {
        while self.now < end, self.violations.isEmpty { self.perform(&action, until: end) }
    }

    /// A person is heard while the driver waits.
    mutating func settle(_ action: inout Machine.Action) {
        while self.violations.isEmpty {
            switch action {
            case .wait, .rest, .nothing: return
            case .look, .read, .append, .skip, .tell, .restart, .resume, .close, .open, .finish:
                self.perform(&action, until: .infinity)
            }
        }
    }

    private mutating func perform(_ action: inout Machine.Action, until end: Double) {
        self.now += Self.cost
        self.count()
        switch action {
        case .wait(let until):
            action = self.machine.waited(self.wait(until: min(Self.seconds(until), end)), now: self.time)
        case .rest(let until):
            let wake = min(Self.seconds(until), end, self.openEnds ?? .infinity)
            self.now = max(self.now, wake)
            if let openEnds = self.openEnds, self.now >= openEnds { return self.finishOpening(&action) }
            action = self.machine.performed(now: self.time)
        case .look:
            action = self.machine.looked(self.look(), now: self.time)
        case .read(let most):
            action = self.machine.read(self.read(most), now: self.time)
        case .append:
            self.append()
            action = self.machine.performed(now: self.time)
        case .skip(let frames, _):
            self.require(frames > 0, "a skip of \(frames) frames")
            if self.origin == nil { self.origin = self.began }
            self.position += Double(frames)
            action = self.machine.performed(now: self.time)
        case .tell:
            action = self.machine.performed(now: self.time)
        case .restart: action = self.machine.restarted(self.restart(), now: self.time)
        case .resume: action = self.machine.resumed(self.resume(), now: self.time)
        case .close:
            self.card = self.card == .gone ? .gone : .stopped(.notRunning)
            action = self.machine.performed(now: self.time)
        case .open:
            self.openEnds = self.now + (self.isKind ? 0.01 : [0.001, 0.01, 3].randomElement(using: &self.random)!)
            action = self.machine.performed(now: self.time)
        case .finish: action = self.machine.performed(now: self.time)
        case .nothing: self.now = end
        }
    }

    private mutating func count() {
        if self.now - self.secondBegan >= 1 { (self.secondBegan, self.actions) = (self.now, 0) }
        self.actions += 1
        if self.actions > Self.actionsPerSecond { self.require(false, "spins in \(self.machine.state)") }
    }

    // MARK: The promises

    private mutating func append() {
        let length = Double(self.lastRead.frames)
        if self.origin == nil { self.origin = self.lastRead.at }
        self.check(at: self.lastRead.at, slack: 0)
        self.position += length / 3
        self.drift += length / self.rate - length / 48_000
    }

    /// The end of the timeline is where the clock says, right to one period, two wake-ups and what the device's own
    /// clock is off.
    private mutating func check(at time: Double, slack: Double) {
        let expected = time - (self.origin ?? self.began) - self.drift
        let error = self.position / 16_000 - expected
        self.require(abs(error) <= Self.period + 0.035 + slack, "the timeline is off by \(error) s")
    }
}

extension SplitMix64 {
    mutating func nextUnit() -> Double { Double(self.next() >> 11) * 0x1p-53 }
}
