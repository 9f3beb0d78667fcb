import StenoCore
import Testing

/// The rows of the table that a person causes.
@Suite("Capture state machine: pause and stop")
struct CaptureStateMachinePauseTests {
    typealias Rig = CaptureStateMachineRig

    @Test("A pause keeps what was said before it, discards what comes, and the timeline goes on")
    func pause() {
        var rig = Rig.running()
        rig.now += .milliseconds(10)
        rig.pause()
        #expect(rig.wanted == .look)
        rig.look(.nothing)
        #expect(rig.take() == [.tell(.paused)])
        let kept = rig.kept
        rig.now -= .milliseconds(10)
        rig.periods(100)
        #expect(rig.kept == kept)
        rig.resume()
        let history = rig.take()
        #expect(history.last == .tell(.resumed))
        #expect(history.total == 32_000)
        #expect(history.allSatisfy { if case .skip(_, let cause) = $0 { cause == .paused } else { true } })
        rig.deliver()
        #expect(rig.take() == [.append])
    }

    @Test("What the card holds from before the pause still counts")
    func lastWordsBeforePause() {
        var rig = Rig.running()
        rig.now += .milliseconds(60)
        rig.pause()
        for rest in (1...3).reversed() { rig.read(960, of: rest * 960) }
        #expect(rig.take() == [.append, .append, .append, .tell(.paused)])
    }

    @Test("A pause while the device is away changes the cause, and so does its end")
    func pauseWhileAway() {
        var rig = Rig.waiting()
        rig.pass(.milliseconds(90))
        rig.pause()
        #expect(rig.take() == [.skip(frames: 1_440, cause: .deviceGone), .tell(.paused)])
        rig.pass(.milliseconds(50))
        rig.resume()
        #expect(rig.take() == [.skip(frames: 800, cause: .paused), .tell(.resumed)])
        rig.pass(.milliseconds(250))
        #expect(rig.take() == [.skip(frames: 4_000, cause: .deviceGone)])
    }

    @Test("A device that fails during a pause is looked after all the same")
    func faultWhilePaused() {
        var rig = Rig.running()
        rig.pause()
        rig.look(.nothing)
        rig.now += .milliseconds(300)
        rig.waited(.fault(.overrun))
        rig.restarted()
        rig.deliver()
        rig.resume()
        let history = rig.take()
        #expect(history.total == 320 * 16)
        #expect(history.allSatisfy { if case .skip(_, let cause) = $0 { cause == .paused } else { true } })
    }

    @Test("A second pause and a resume without one mean nothing")
    func repeated() {
        var rig = Rig.running()
        rig.resume()
        rig.pause()
        rig.look(.nothing)
        rig.pause()
        #expect(rig.take() == [.tell(.paused)])
    }

    @Test("A pause that is taken back before it began was none")
    func takenBack() {
        var rig = Rig.running()
        rig.pause()
        rig.resume()
        rig.deliver()
        #expect(rig.take() == [.append])
    }

    @Test("A stop reads up to its own time, then ends")
    func stop() {
        var rig = Rig.running()
        rig.now += .milliseconds(10)
        rig.stop()
        #expect(rig.machine.state == .stopping)
        #expect(rig.wanted == .look)
        rig.look(.nothing)
        guard case .wait = rig.wanted else { Issue.record("\(rig.wanted)"); return }
        rig.deliver(after: .milliseconds(10))
        #expect(rig.take() == [.append])
        #expect(rig.wanted == .finish)
        #expect(rig.machine.state == .stopped)
    }

    @Test("A stop of a device that gives nothing more ends at its limit, and says what is missing")
    func stopStuck() {
        var rig = Rig.running()
        rig.pass(.milliseconds(500))
        rig.stop()
        rig.pass(.milliseconds(60))
        #expect(rig.wanted == .finish)
        #expect(rig.take() == [.skip(frames: 8_000, cause: .stalled)])
    }

    @Test("A fault during the stop ends it")
    func stopFault() {
        var rig = Rig.running()
        rig.stop()
        rig.look(.fault(.lost(.absent)))
        #expect(rig.wanted == .finish)
        #expect(rig.take() == [])
    }

    @Test("A stop while the device is away is immediate, and the timeline reaches up to it")
    func stopWhileAway() {
        var rig = Rig.waiting()
        rig.pass(.milliseconds(333))
        rig.stop()
        #expect(rig.wanted == .finish)
        #expect(rig.take().total == 333 * 16)
    }

    @Test("A stop during a pause ends with the pause")
    func stopWhilePaused() {
        var rig = Rig.running()
        rig.pause()
        rig.look(.nothing)
        rig.periods(5)
        rig.stop()
        rig.look(.nothing)
        #expect(rig.wanted == .finish)
        #expect(rig.take() == [.tell(.paused), .skip(frames: 1_600, cause: .paused)])
    }

    @Test("A stop before the start finishes an empty recording")
    func stopIdle() {
        var rig = Rig()
        rig.stop()
        #expect(rig.wanted == .finish)
        #expect(rig.take() == [])
    }

    @Test("After the end nothing is answered")
    func afterEnd() {
        var rig = Rig.waiting()
        rig.stop()
        _ = rig.take()
        rig.opened(.opened(Rig.timing))
        #expect(rig.wanted == .nothing)
        rig.waited(.readable)
        rig.read(960, of: 960)
        rig.pause()
        rig.stop()
        #expect(rig.wanted == .nothing)
        #expect(rig.take() == [])
    }
}
