import StenoCore
import Testing

@Suite("Session state machine: liveness")
struct SessionLivenessTests {
    @Test("A ping leaves every four seconds while it is answered")
    func pings() {
        var rig = SessionRig.streaming()
        rig.advance(by: .seconds(20))
        #expect(rig.take() == [.ping, .ping, .ping, .ping, .ping])
        #expect(rig.machine.state == .streaming)
    }

    @Test("Silence of the server is legal for ever, if it answers pings")
    func silenceIsLegal() {
        var rig = SessionRig.streaming()
        rig.audio(3_600)
        rig.advance(by: .seconds(3_000))
        #expect(rig.machine.state == .streaming)
    }

    @Test("A peer that answers no ping is left within twelve seconds")
    func deadPeer() {
        var rig = SessionRig.streaming()
        rig.answersPings = false
        rig.advance(by: .milliseconds(11_999))
        #expect(rig.machine.state == .streaming)
        _ = rig.take()
        rig.advance(by: .milliseconds(1))
        #expect(rig.take() == [.abandon(closeCode: nil), .report(rig.machine.state)])
    }

    @Test("A peer that dies before it is ready is left too")
    func deadBeforeReady() {
        var rig = SessionRig.awaitingReady()
        rig.answersPings = false
        rig.advance(by: .seconds(12))
        guard case .waiting = rig.machine.state else { Issue.record("\(rig.machine.state)"); return }
    }

    @Test("A ping that a lost connection left unanswered does not end the next connection")
    func oldPong() {
        var rig = SessionRig.streaming()
        rig.answersPings = false
        rig.advance(by: .milliseconds(7_900))
        rig.closed(1006)
        rig.answersPings = true
        rig.reconnect()
        rig.advance(by: .seconds(30))
        #expect(rig.machine.state == .streaming)
    }

    @Test("A pong nobody asked for, and a second one, mean nothing")
    func unsolicitedPong() {
        var rig = SessionRig.streaming()
        let ping = rig.deadline(of: .ping)
        rig.perform(rig.machine.pongReceived(now: rig.now))
        #expect(rig.deadline(of: .ping) == ping)
        rig.advance(by: .seconds(4))
        rig.perform(rig.machine.pongReceived(now: rig.now))
        rig.advance(by: .seconds(4))
        #expect(rig.take() == [.ping, .ping])
    }

    @Test("A timer of an earlier generation is ignored")
    func staleTimers() {
        var rig = SessionRig.awaitingReady()
        let old = rig.timers
        rig.ready()
        rig.closed(1006)
        rig.reconnect()
        _ = rig.take()
        for (timer, entry) in old {
            #expect(rig.machine.timerFired(entry.token, now: rig.now, hearing: rig.hearing) == [], "\(timer)")
        }
    }
}
