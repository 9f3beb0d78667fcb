import StenoCore

/// The capture thread and its card.
struct Microphone {
    typealias Machine = CaptureStateMachine

    var machine: Machine
    var card: Card
    /// Only the wake-up planned last counts.
    var turn = 0
    var isRunning = false
    var isPaused = false
    /// When a person stopped it.
    var stopped: Duration?
    /// What the thread is waiting in.
    var waiting: Machine.Action = .nothing
    /// The origin of its timeline: when the first frame was captured, and where it lies.
    var origin: Duration?
    var began = Duration.zero
    var start = SamplePosition.zero
    /// Since when and how many actions without time passing.
    var spins = (since: Duration.zero, actions: 0)

    init(_ card: Card) {
        self.card = card
        self.machine = Machine(timing: card.timing)
    }
}

extension Simulation {
    func startCapture() {
        self.microphone.machine = CaptureStateMachine(timing: self.microphone.card.timing)
        self.microphone.isRunning = true
        self.microphone.isPaused = false
        self.microphone.origin = nil
        self.microphone.stopped = nil
        self.microphone.began = self.now
        self.microphone.start = self.recording.end
        self.noteCapture(.started)
        self.drive(self.microphone.machine.started(now: self.now))
    }

    func captureWoke(_ life: Int, _ turn: Int) {
        guard life == self.life, turn == self.microphone.turn, self.microphone.isRunning else { return }
        switch self.microphone.waiting {
        case .wait(let until):
            let (at, waited) = self.microphone.card.wait(from: self.now, until: until, using: &self.random)
            // What was going to be there may be gone by now, or later than it looked.
            guard at <= self.now else { return self.sleep(until: at) }
            self.noteWaited(waited)
            self.drive(self.microphone.machine.waited(waited, now: self.now))
        case .rest:
            if let opens = self.microphone.card.opens, self.now >= opens {
                let outcome = self.microphone.card.opened(using: &self.random)
                if case .opened = outcome { self.noteCapture(.opened) } else { self.noteCapture(.notOpened) }
                self.drive(self.microphone.machine.opened(outcome, now: self.now))
            } else {
                self.noteCapture(.performed)
                self.drive(self.microphone.machine.performed(now: self.now))
            }
        case .look, .read, .append, .skip, .tell, .restart, .resume, .close, .open, .finish, .nothing:
            break
        }
    }

    /// Does what the machine says until it wants to wait.
    func drive(_ first: CaptureStateMachine.Action) {
        var action = first
        while !self.isOver {
            self.countAction()
            if self.trace != nil { self.log("  ○ \(action)") }
            switch action {
            case .wait(let until):
                self.microphone.waiting = action
                let (at, _) = self.microphone.card.wait(from: self.now, until: until, using: &self.random)
                return self.sleep(until: max(at, self.now + .microseconds(20)))
            case .rest(let until):
                self.microphone.waiting = action
                return self.sleep(
                    until: max(min(until, self.microphone.card.opens ?? until), self.now + .microseconds(20))
                )
            case .nothing:
                self.microphone.waiting = action
                return
            case .finish:
                return self.captureFinished()
            case .look, .read, .append, .skip, .tell, .restart, .resume, .close, .open:
                action = self.act(action)
            }
        }
    }

    private func act(_ action: CaptureStateMachine.Action) -> CaptureStateMachine.Action {
        switch action {
        case .look:
            let frames = self.microphone.card.look(at: self.now)
            self.noteFrames(frames, .found, .nothing, .lookFault)
            return self.microphone.machine.looked(frames, now: self.now)
        case .read(let most):
            let frames = self.microphone.card.read(most, at: self.now, using: &self.random)
            self.noteFrames(frames, .read, .readNothing, .readFault)
            return self.microphone.machine.read(frames, now: self.now)
        case .append: self.appendRead()
        case .skip(let frames, let cause): self.skip(frames, cause)
        case .restart:
            let outcome = self.microphone.card.restart(at: self.now, using: &self.random)
            self.noteCapture(outcome == .done ? .restarted : .restartFailed)
            return self.microphone.machine.restarted(outcome, now: self.now)
        case .resume:
            let outcome = self.microphone.card.resume(at: self.now)
            self.noteCapture(outcome == .done ? .resumed : outcome == .notYet ? .notResumed : .resumeFailed)
            return self.microphone.machine.resumed(outcome, now: self.now)
        case .close: self.microphone.card.close()
        case .open:
            self.microphone.card.opens =
                self.now + (self.isHealed ? .milliseconds(10) : self.random.pick(.milliseconds(1), .seconds(1)))
        case .tell, .wait, .rest, .finish, .nothing: break
        }
        self.noteCapture(.performed)
        return self.microphone.machine.performed(now: self.now)
    }

    private func sleep(until time: Duration) {
        self.microphone.turn += 1
        self.agenda.plan(.captureWoke(life: self.life, turn: self.microphone.turn), at: time)
    }

    private func appendRead() {
        let (frames, at) = self.microphone.card.lastRead
        if self.microphone.origin == nil { self.microphone.origin = at }
        self.checkTimeline(at: at, slack: .zero)
        self.captured(Int64(frames))
    }

    private func skip(_ frames: Int64, _ cause: AudioGap.Cause) {
        self.require(.timelineInStep, frames > 0, "a skip of \(frames) frames")
        if self.microphone.origin == nil { self.microphone.origin = self.microphone.began }
        self.missedCapture(frames, cause)
    }

    /// The end of the timeline is where the clock says, right to a period, late wake-ups and the drift of the card.
    private func checkTimeline(at time: Duration, slack: Duration) {
        let origin = self.microphone.origin ?? self.microphone.began
        let position = Duration.lasting(self.recording.end - self.microphone.start)
        let error = position - (time - origin)
        let drift = (time - origin) / 3_000
        let bound = Duration.lasting(Int64(self.plan.periodFrames)) + .milliseconds(60) + drift + slack
        self.require(.timelineInStep, error < bound && .zero - error < bound, "off by \(error.inSeconds) s")
    }

    private func captureFinished() {
        self.microphone.isRunning = false
        self.checkTimeline(at: self.microphone.stopped ?? self.now, slack: .milliseconds(400))
        self.require(.silentAfterEnd, self.microphone.machine.performed(now: self.now) == .nothing, "capture goes on")
        self.recording.isComplete = true
        self.record()
        self.rang(self.client)
    }

    func cardFault() {
        guard self.microphone.isRunning, !self.isHealed else { return }
        guard self.random.happens(80) else { return self.pauseOrResume() }
        self.microphone.card.fail(at: self.now, using: &self.random)
        // A thread that waits on the device notices.
        if case .wait = self.microphone.waiting { self.sleep(until: self.now + .microseconds(50)) }
    }

    func pauseOrResume() {
        self.microphone.isPaused.toggle()
        self.noteCapture(self.microphone.isPaused ? .pause : .resume)
        self.drive(
            self.microphone.isPaused
                ? self.microphone.machine.pauseRequested(now: self.now)
                : self.microphone.machine.resumeRequested(now: self.now)
        )
    }

    func stopCapture() {
        guard self.microphone.isRunning else { return }
        if self.microphone.isPaused { self.pauseOrResume() }
        self.noteCapture(.stop)
        if self.microphone.stopped == nil { self.microphone.stopped = self.now }
        self.drive(self.microphone.machine.stopRequested(now: self.now))
    }

    private func countAction() {
        if self.now - self.microphone.spins.since >= .seconds(1) { self.microphone.spins = (self.now, 0) }
        self.microphone.spins.actions += 1
        self.require(
            .progress,
            self.microphone.spins.actions < 2_000,
            "capture spins in \(self.microphone.machine.state)"
        )
        if self.microphone.spins.actions >= 2_000 { self.isOver = true }
    }

    private func noteWaited(_ waited: CaptureStateMachine.Waited) {
        switch waited {
        case .readable: self.noteCapture(.readable)
        case .elapsed: self.noteCapture(.elapsed)
        case .fault: self.noteCapture(.waitFault)
        }
    }

    private func noteFrames(
        _ frames: CaptureStateMachine.Frames,
        _ some: Reached.CaptureEvent,
        _ none: Reached.CaptureEvent,
        _ fault: Reached.CaptureEvent
    ) {
        switch frames {
        case .some: self.noteCapture(some)
        case .nothing: self.noteCapture(none)
        case .fault: self.noteCapture(fault)
        }
    }

    private func noteCapture(_ event: Reached.CaptureEvent) {
        let state =
            switch self.microphone.machine.state {
            case .idle: 0
            case .running: 1
            case .recovering: 2
            case .waiting: 3
            case .stopping: 4
            case .stopped: 5
            }
        self.note(.capture, state, event)
    }
}
