import StenoCore

/// Drives a capture machine by hand: one event at a time, with a clock that a test moves.
struct CaptureStateMachineRig {
    typealias Machine = CaptureStateMachine

    /// 48 kHz, 20 ms periods, 200 ms of buffer.
    static let timing = Machine.Timing(rate: 48_000, periodFrames: 960, bufferFrames: 9_600)

    var machine: Machine
    /// Not zero, so that nothing may take zero for "now".
    var now: Duration = .seconds(1_000)
    /// What the machine wants next.
    private(set) var wanted: Machine.Action = .nothing
    /// Everything that went onto the timeline or was told, in order; waiting and looking left out.
    private(set) var history: [Machine.Action] = []
    /// Frames at the device's rate that were kept.
    private(set) var kept = 0
    /// An attempt to open the device is under way.
    private(set) var isOpening = false
    private var lastRead = 0

    init(_ timing: Machine.Timing = Self.timing, policy: Machine.Policy = .init()) {
        self.machine = Machine(policy: policy, timing: timing)
    }

    static func running() -> CaptureStateMachineRig {
        var rig = CaptureStateMachineRig()
        rig.start()
        rig.periods(3)
        _ = rig.take()
        return rig
    }

    static func waiting(_ trouble: DeviceTrouble = .absent) -> CaptureStateMachineRig {
        var rig = Self.running()
        rig.read(.fault(.lost(trouble)))
        _ = rig.take()
        return rig
    }

    /// What happened since the last look.
    mutating func take() -> [Machine.Action] {
        defer { self.history.removeAll() }
        return self.history
    }

    var skipped: Int64 {
        self.history.reduce(0) { sum, action in
            if case .skip(let frames, _) = action { sum + frames } else { sum }
        }
    }

    mutating func start() {
        self.handle(self.machine.started(now: self.now))
        self.restarted()
    }

    /// Performs what has no result of its own, until the machine waits for the world.
    private mutating func handle(_ action: Machine.Action) {
        var action = action
        while true {
            switch action {
            case .append:
                self.kept &+= self.lastRead
                self.history.append(action)
            case .skip, .tell, .close:
                self.history.append(action)
            case .open:
                self.isOpening = true
            case .wait, .rest, .look, .read, .restart, .resume, .finish, .nothing:
                self.wanted = action
                return
            }
            action = self.machine.performed(now: self.now)
        }
    }

    mutating func restarted(_ outcome: Machine.Revival = .done) {
        self.handle(self.machine.restarted(outcome, now: self.now))
    }

    mutating func resumed(_ outcome: Machine.Revival) { self.handle(self.machine.resumed(outcome, now: self.now)) }

    mutating func opened(_ outcome: Machine.Opening) {
        self.isOpening = false
        self.handle(self.machine.opened(outcome, now: self.now))
    }

    mutating func waited(_ outcome: Machine.Waited) { self.handle(self.machine.waited(outcome, now: self.now)) }
    mutating func performed() { self.handle(self.machine.performed(now: self.now)) }
    mutating func pause() { self.handle(self.machine.pauseRequested(now: self.now)) }
    mutating func resume() { self.handle(self.machine.resumeRequested(now: self.now)) }
    mutating func stop() { self.handle(self.machine.stopRequested(now: self.now)) }

    mutating func look(_ outcome: Machine.Frames) { self.handle(self.machine.looked(outcome, now: self.now)) }

    mutating func read(_ outcome: Machine.Frames) {
        if case .some(let frames) = outcome { self.lastRead = frames }
        self.handle(self.machine.read(outcome, now: self.now))
    }

    /// So many of `found` frames are read, if it wants them.
    mutating func read(_ frames: Int, of found: Int) {
        self.look(.some(found))
        if case .read = self.wanted { self.read(.some(frames)) }
    }

    /// Time passes, and then this many frames are there and are read.
    mutating func deliver(_ frames: Int = 960, after duration: Duration = .milliseconds(20), of found: Int? = nil) {
        self.now += duration
        self.waited(.readable)
        self.read(frames, of: found ?? frames)
    }

    mutating func periods(_ count: Int) {
        for _ in 0..<count { self.deliver() }
    }

    mutating func passUntilOpening() {
        for _ in 0..<5_000 where !self.isOpening { self.pass(.milliseconds(1)) }
    }

    /// Time passes without data; the machine is asked as its driver would ask it.
    mutating func pass(_ duration: Duration) {
        let end = self.now + duration
        while true {
            switch self.wanted {
            case .wait(let until):
                guard until <= end else { self.now = end; return }
                self.now = max(self.now, until)
                self.waited(.elapsed)
            case .rest(let until):
                guard until <= end else { self.now = end; return }
                self.now = max(self.now, until)
                self.performed()
            case .look:
                self.look(.nothing)
            case .read, .restart, .resume, .open, .append, .skip, .tell, .close, .finish, .nothing:
                self.now = end
                return
            }
        }
    }
}
