import StenoCore
import Testing

/// The rows of the machine's table, in its order.
@Suite("Capture state machine: the table")
struct CaptureStateMachineTableTests {
    typealias Rig = CaptureStateMachineRig

    @Test("A start starts the device, and the first frames run it")
    func start() {
        var rig = Rig()
        #expect(rig.machine.state == .idle)
        #expect(rig.machine.started(now: rig.now) == .restart)
        #expect(rig.machine.state == .recovering(count: 0))
        rig.restarted()
        #expect(rig.wanted == .wait(until: rig.now + .seconds(1)))
        rig.deliver()
        #expect(rig.take() == [.append, .tell(.running)])
        #expect(rig.machine.state == .running)
    }

    @Test("A device that has data, or has been silent for a while, is read")
    func read() {
        var rig = Rig.running()
        rig.waited(.readable)
        #expect(rig.wanted == .look)
        rig.look(.some(960))
        #expect(rig.wanted == .read(frames: 960))
        rig.read(.some(960))
        #expect(rig.take() == [.append])
        rig.waited(.elapsed)
        #expect(rig.wanted == .look)
    }

    @Test("All that is there is read before waiting again")
    func readAll() {
        var rig = Rig.running()
        rig.deliver(960, after: .milliseconds(40), of: 1_920)
        #expect(rig.wanted == .look)
        rig.read(960, of: 960)
        #expect(rig.take() == [.append, .append])
        guard case .wait = rig.wanted else { Issue.record("\(rig.wanted)"); return }
    }

    @Test("Reads of any length are kept whole", arguments: [1, 7, 441, 959])
    func shortReads(frames: Int) {
        var rig = Rig.running()
        let before = rig.kept
        for _ in 0..<100 {
            rig.deliver(frames, after: Rig.timing.length(of: frames))
        }
        #expect(rig.kept - before == 100 * frames)
        #expect(rig.skipped == 0)
    }

    @Test("A descriptor that is always ready does not burn a processor")
    func spurious() {
        var rig = Rig.running()
        var rests = 0
        for _ in 0..<10 {
            rig.waited(.readable)
            rig.look(.nothing)
            guard case .rest(let until) = rig.wanted else { continue }
            #expect(until == rig.now + .milliseconds(10))
            rests += 1
            rig.now = until
            rig.performed()
        }
        #expect(rests == 4)
        #expect(rig.take() == [])
        rig.deliver(after: .milliseconds(1), of: 3_360)
        #expect(rig.take() == [.append])
    }

    @Test("An overrun is prepared and started, and the hole stands before what follows", arguments: [1, 100])
    func overrun(times: Int) {
        var rig = Rig.running()
        for _ in 0..<times {
            rig.now += .milliseconds(300)
            rig.waited(.fault(.overrun))
            #expect(rig.wanted == .restart)
            #expect(rig.machine.state == .recovering(count: 1))
            rig.restarted()
            rig.deliver()
            #expect(rig.take() == [.skip(frames: 4_800, cause: .overrun), .append])
            #expect(rig.machine.state == .running)
        }
    }

    @Test("A device that somebody stopped is started again")
    func notRunning() {
        var rig = Rig.running()
        rig.now += .milliseconds(50)
        rig.waited(.fault(.notRunning))
        rig.restarted()
        rig.deliver()
        #expect(rig.take() == [.skip(frames: 800, cause: .stalled), .append])
    }

    @Test("A suspended card is woken, then restarted: what it held would stand behind the hole")
    func suspend() {
        var rig = Rig.running()
        rig.now += .seconds(3_600)
        rig.waited(.fault(.suspended))
        #expect(rig.wanted == .resume)
        rig.resumed(.done)
        #expect(rig.wanted == .restart)
        rig.restarted()
        rig.deliver()
        #expect(rig.take().reversed().prefix(2) == [.append, .skip(frames: 16_000 * 3_600, cause: .suspended)])
    }

    @Test("A card that cannot resume yet is asked ten times a second, and restarted after 60 s")
    func resumeLater() {
        var rig = Rig.running()
        rig.waited(.fault(.suspended))
        var tries = 0
        while rig.wanted == .resume {
            tries += 1
            rig.resumed(.notYet)
            if rig.wanted != .restart { rig.pass(.milliseconds(100)) }
        }
        #expect(rig.wanted == .restart)
        #expect(tries == 601)
        rig.restarted()
        rig.deliver()
        let history = rig.take()
        #expect(history.filter { $0 == .tell(.waiting(.stuck)) }.count == 1)
        #expect(history.last == .append || history.last == .tell(.running))
        #expect(history.total == 60 * 16_000)
    }

    @Test(
        "A card that refuses to resume is restarted",
        arguments: [Rig.Machine.Fault.overrun, .suspended, .notRunning]
    )
    func noResume(fault: Rig.Machine.Fault) {
        var rig = Rig.running()
        rig.waited(.fault(.suspended))
        rig.resumed(.fault(fault))
        #expect(rig.wanted == .restart)
    }

    @Test("A device without data is told as stuck after a second, and opened again after two")
    func stuck() {
        var rig = Rig.running()
        rig.pass(.milliseconds(999))
        #expect(rig.take() == [])
        rig.pass(.milliseconds(1))
        #expect(rig.take() == [.tell(.waiting(.stuck))])
        rig.pass(.milliseconds(999))
        #expect(rig.take() == [])
        rig.pass(.milliseconds(1))
        #expect(rig.machine.state == .waiting(.stuck))
        #expect(rig.take() == [.close])
    }

    @Test("Data after such a silence is left in the card for three periods, then the silence was a loss")
    func unstuck() {
        var rig = Rig.running()
        rig.pass(.milliseconds(1_200))
        _ = rig.take()
        rig.waited(.readable)
        rig.look(.some(960))
        #expect(rig.wanted == .rest(until: rig.now + .milliseconds(60)))
        rig.pass(.milliseconds(60))
        rig.read(960, of: 4 * 960)
        #expect(rig.take() == [.skip(frames: 1_180 * 16, cause: .stalled), .append, .tell(.running)])
    }

    @Test("A device of long periods has five of them, and is asked for data before")
    func longPeriods() {
        var rig = Rig(.init(rate: 48_000, periodFrames: 480_000, bufferFrames: 960_000))
        rig.start()
        #expect(rig.wanted == .wait(until: rig.now + .milliseconds(100)))
        rig.pass(.seconds(49))
        #expect(rig.take() == [])
        rig.pass(.seconds(1))
        #expect(rig.take() == [.tell(.waiting(.stuck))])
        rig.pass(.seconds(50))
        #expect(rig.machine.state == .waiting(.stuck))
    }

    @Test("The sixth recovery without a delivered period opens the device again")
    func recoveryLimit() {
        var rig = Rig.running()
        for count in 1...5 {
            rig.waited(.fault(.overrun))
            #expect(rig.machine.state == .recovering(count: count))
            rig.restarted()
            rig.deliver(100, after: .milliseconds(2))
        }
        rig.waited(.fault(.overrun))
        #expect(rig.machine.state == .waiting(.failing))
        #expect(rig.take().last == .close)
    }

    @Test("A restart that fails counts, and one that says the device is gone ends it")
    func restartFails() {
        var rig = Rig.running()
        rig.waited(.fault(.overrun))
        rig.restarted(.fault(.overrun))
        #expect(rig.machine.state == .recovering(count: 2))
        rig.restarted(.fault(.lost(.serverGone)))
        #expect(rig.machine.state == .waiting(.serverGone))
        #expect(rig.take() == [.tell(.waiting(.serverGone)), .close])
    }
}

extension CaptureStateMachine.Timing {
    func length(of frames: Int) -> Duration { .nanoseconds(Int64(frames) * 1_000_000_000 / Int64(self.rate)) }
}

extension [CaptureStateMachine.Action] {
    /// Frames skipped in all.
    var total: Int64 {
        self.reduce(0) { sum, action in
            if case .skip(let frames, _) = action { sum + frames } else { sum }
        }
    }
}
