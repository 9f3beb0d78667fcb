import StenoCore
import Testing

/// The rows of the table about a device that is away.
@Suite("Capture state machine: waiting for the device")
struct CaptureStateMachineWaitingTests {
    typealias Rig = CaptureStateMachineRig

    @Test("A lost device is closed and told", arguments: DeviceTrouble.allCases)
    func lost(trouble: DeviceTrouble) {
        for isWaiting in [true, false] {
            var rig = Rig.running()
            if isWaiting { rig.waited(.fault(.lost(trouble))) } else { rig.look(.fault(.lost(trouble))) }
            #expect(rig.take() == [.tell(.waiting(trouble)), .close])
            #expect(rig.machine.state == .waiting(trouble))
        }
    }

    @Test("Attempts to open it come after 100 ms, then twice as late each time up to 2 s, for ever")
    func backOff() {
        var rig = Rig.waiting()
        var pauses: [Duration] = []
        for _ in 0..<40 {
            let began = rig.now
            rig.passUntilOpening()
            pauses.append(rig.now - began)
            rig.opened(.failed(.absent))
        }
        let growing: [Duration] = [100, 200, 400, 800, 1_600].map { .milliseconds($0) }
        #expect(Array(pauses.prefix(5)) == growing)
        #expect(pauses.dropFirst(5).allSatisfy { $0 == .seconds(2) })
        #expect(!rig.take().contains { if case .tell = $0 { true } else { false } })
    }

    @Test("While it is away, the timeline goes on four times a second, also during an attempt that hangs")
    func away() {
        var rig = Rig.waiting()
        for _ in 0..<40 {
            rig.pass(.milliseconds(250))
            #expect(rig.take() == [.skip(frames: 4_000, cause: .deviceGone)])
        }
        #expect(rig.machine.state == .waiting(.absent))
    }

    @Test("An attempt that fails otherwise says so once")
    func otherTrouble() {
        var rig = Rig.waiting()
        for _ in 0..<3 {
            rig.passUntilOpening()
            rig.opened(.failed(.busy))
        }
        #expect(rig.take().filter { $0 == .tell(.waiting(.busy)) }.count == 1)
        #expect(rig.machine.state == .waiting(.busy))
    }

    @Test("A device that is back is started, and the parts of the hole add up")
    func back() {
        var rig = Rig.waiting()
        rig.pass(.milliseconds(100))
        #expect(rig.isOpening)
        rig.pass(.milliseconds(630))
        rig.opened(.opened(Rig.timing))
        #expect(rig.wanted == .restart)
        rig.restarted()
        rig.deliver()
        let history = rig.take()
        #expect(history.suffix(2) == [.append, .tell(.running)])
        #expect(history.total == 730 * 16)
    }

    @Test("A device that delivered for a second starts over with the first pause", arguments: [10, 60])
    func stable(periods: Int) {
        var rig = Rig.waiting()
        for _ in 0..<4 {
            rig.passUntilOpening()
            rig.opened(.failed(.absent))
        }
        rig.passUntilOpening()
        rig.opened(.opened(Rig.timing))
        rig.restarted()
        rig.periods(periods)
        rig.look(.fault(.lost(.absent)))
        let began = rig.now
        rig.passUntilOpening()
        #expect(rig.now - began == (periods == 60 ? .milliseconds(100) : .seconds(2)))
    }
}
