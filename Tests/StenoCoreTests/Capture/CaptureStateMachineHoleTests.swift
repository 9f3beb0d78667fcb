import StenoCore
import Testing

@Suite("Capture state machine: holes")
struct CaptureStateMachineHoleTests {
    typealias Rig = CaptureStateMachineRig

    @Test("Before the first frame nothing is missing")
    func beginning() {
        var rig = Rig()
        rig.start()
        rig.deliver(after: .milliseconds(700))
        #expect(rig.skipped == 0)
    }

    @Test("A device that fails before its first frame is missing from the start on")
    func failsAtOnce() {
        var rig = Rig()
        rig.start()
        rig.now += .milliseconds(50)
        rig.waited(.fault(.overrun))
        rig.now += .milliseconds(50)
        rig.restarted()
        rig.deliver()
        #expect(rig.skipped == 100 * 16)
    }

    @Test("A clock that drifts by 500 ppm for an hour makes no hole and shortens none", arguments: [-500, 500])
    func drift(partsPerMillion: Int) {
        var rig = Rig.running()
        let period = Duration.nanoseconds(20_000_000 - 20 * partsPerMillion)
        for _ in 0..<(3_600 * 50) { rig.deliver(after: period) }
        #expect(rig.skipped == 0)
        rig.now += .milliseconds(300)
        rig.waited(.fault(.overrun))
        rig.restarted()
        rig.deliver(after: period)
        #expect(abs(rig.skipped - 4_800) <= 1)
    }

    @Test("A wake-up that is late makes neither a hole nor a longer one")
    func lateWakeUp() {
        var rig = Rig.running()
        rig.deliver(after: .milliseconds(55), of: 960)
        rig.deliver(after: .milliseconds(1), of: 960)
        rig.now += .milliseconds(104)
        rig.waited(.fault(.overrun))
        rig.restarted()
        rig.deliver()
        // 40 ms were heard in 56 ms, so 120 ms are missing of the 160 until the restart.
        #expect(abs(rig.skipped - 1_920) <= 1)
    }

    @Test("What was not yet read when the process stood still is no hole")
    func stoodStill() {
        var rig = Rig.running()
        rig.deliver(960, after: .milliseconds(180), of: 9 * 960)
        for rest in (1...8).reversed() { rig.read(960, of: rest * 960) }
        #expect(rig.skipped == 0)
        #expect(rig.take().count == 9)
    }

    @Test("Data that is late and then comes all at once is no hole")
    func serverStopped() {
        var rig = Rig.running()
        rig.pass(.milliseconds(1_500))
        rig.deliver(after: .zero)
        rig.pass(.milliseconds(60))
        // The card is full of what the server had kept, and there is more.
        for _ in 0..<68 { rig.read(960, of: 9_600) }
        for rest in (1...10).reversed() { rig.read(960, of: rest * 960) }
        rig.periods(200)
        #expect(rig.skipped == 0)
    }

    @Test("A loss that nobody tells stands where it was, and has its length")
    func lostInSilence() {
        var rig = Rig.running()
        let kept = rig.kept
        rig.pass(.milliseconds(700))
        rig.deliver(after: .zero)
        #expect(rig.kept == kept)
        rig.pass(.milliseconds(60))
        rig.read(960, of: 4 * 960)
        #expect(rig.take() == [.skip(frames: 680 * 16, cause: .stalled), .append])
        for rest in (1...3).reversed() { rig.read(960, of: rest * 960) }
        rig.periods(100)
        #expect(rig.skipped == 0)
    }

    @Test("A card that tells only a part of what it holds has lost nothing")
    func heldBack() {
        var rig = Rig.running()
        for _ in 0..<40 { rig.deliver(100, after: .milliseconds(20)) }
        #expect(rig.skipped == 0)
        // It holds back no more.
        rig.deliver(960, after: .zero, of: 9_000)
        rig.periods(3)
        #expect(rig.skipped == 0)
    }

    @Test("A card without room to wait in is read at once, and the loss counts when it stays")
    func noRoom() {
        var rig = Rig(.init(rate: 48_000, periodFrames: 960, bufferFrames: 1_920))
        rig.start()
        rig.periods(3)
        rig.pass(.milliseconds(700))
        rig.periods(100)
        #expect(
            rig.take().filter { $0 != .append } == [
                .tell(.running), .skip(frames: 700 * 16, cause: .stalled),
            ]
        )
    }

    @Test("An error in the time of one hole is put right at the next")
    func errorsDoNotAddUp() {
        var rig = Rig.running()
        var expected: Int64 = 0
        for _ in 0..<50 {
            rig.now += .milliseconds(300)
            rig.waited(.fault(.overrun))
            rig.restarted()
            // The first period is seen 15 ms late, the following ones are not.
            rig.deliver(after: .milliseconds(35))
            rig.deliver(after: .milliseconds(5))
            rig.periods(10)
            expected += 4_800
            #expect(abs(rig.skipped - expected) <= 15 * 16)
        }
    }

    @Test("An overrun whose cause turns out to be a lost device is told as that")
    func causeChanges() {
        var rig = Rig.running()
        rig.now += .milliseconds(100)
        rig.waited(.fault(.overrun))
        rig.restarted(.fault(.lost(.serverGone)))
        rig.pass(.milliseconds(250))
        #expect(rig.take().filter { if case .skip(_, let cause) = $0 { cause != .deviceGone } else { false } } == [])
    }

    @Test("A clock that goes back stands still")
    func clockGoesBack() {
        var rig = Rig.running()
        rig.now -= .seconds(100)
        rig.waited(.fault(.overrun))
        rig.restarted()
        rig.deliver()
        #expect(rig.skipped == 0)
    }

    @Test("Nonsense from a driver does not trap and does not move the timeline")
    func nonsense() {
        var rig = Rig(.init(rate: 0, periodFrames: -1, bufferFrames: .min))
        rig.start()
        rig.look(.some(.max))
        rig.read(.some(.max))
        rig.look(.some(.min))
        rig.read(.some(-5))
        rig.read(1, of: .max)
        rig.waited(.fault(.overrun))
        rig.restarted(.notYet)
        rig.opened(.opened(.init(rate: .max, periodFrames: .max, bufferFrames: .max)))
        rig.now = .seconds(Int64.max / 2)
        rig.performed()
        rig.stop()
        #expect(rig.wanted == .finish)
        #expect(rig.skipped > 0)
    }
}
