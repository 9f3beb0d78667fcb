import StenoCore
import Testing

@Suite("Session state machine: replay")
struct SessionReplayTests {
    private static let unlimited: SessionPolicy = {
        var policy = SessionPolicy()
        policy.pace = .unlimited
        return policy
    }()

    @Test("A new connection begins at the earliest unconfirmed speech")
    func rewinds() {
        var rig = SessionRig.streaming()
        rig.audio(60)
        rig.advance(by: .seconds(20))
        rig.closed(1006)
        rig.hearing = .awaiting(from: 12)
        _ = rig.take()
        rig.reconnect()
        #expect(rig.take().suffix(3) == [.report(.awaitingReady), .begin(at: .seconds(12)), .report(.streaming)])
        #expect(rig.machine.connectionStart == .seconds(12))
        rig.advance(by: .seconds(2))
        #expect(rig.audioSent == [.seconds(0..<20), .seconds(12..<15)])
        #expect(rig.machine.furthest == .seconds(20))
    }

    @Test("With nothing unconfirmed it goes on where the sending stopped")
    func continues() {
        var rig = SessionRig.streaming()
        rig.audio(60)
        rig.advance(by: .seconds(20))
        rig.closed(1006)
        rig.hearing = .confirmed
        rig.reconnect()
        #expect(rig.take().contains(.begin(at: .seconds(20))))
    }

    @Test("Audio that was never sent is never skipped, whatever the ledger says")
    func neverSkips() {
        var rig = SessionRig.streaming()
        rig.audio(60)
        rig.advance(by: .seconds(20))
        rig.closed(1006)
        rig.hearing = .awaiting(from: 50)
        rig.reconnect()
        #expect(rig.take().contains(.begin(at: .seconds(20))))
    }

    @Test("A second loss during a replay goes on from what is unconfirmed then, and forgets nothing")
    func lostAgain() {
        var rig = SessionRig.streaming()
        rig.audio(60)
        rig.advance(by: .seconds(20))
        rig.hearing = .awaiting(from: 12)
        rig.closed(nil)
        rig.reconnect()
        rig.advance(by: .seconds(2))
        rig.hearing = .confirmed
        rig.closed(nil)
        _ = rig.take()
        rig.reconnect()
        #expect(rig.take().contains(.begin(at: .seconds(20))))
    }

    @Test("A close while it catches up makes it keep to real time, and is no refusal")
    func becomesCautious() {
        var rig = SessionRig.streaming()
        rig.audio(600)
        rig.advance(by: .seconds(20))
        rig.hearing = .awaiting(from: 10)
        rig.closed(1006)
        rig.reconnect()
        rig.advance(by: .seconds(2))
        #expect(rig.machine.sent == .seconds(13))
        rig.closed(1008)
        rig.reconnect()
        rig.advance(by: .seconds(4))
        #expect(rig.machine.sent == .seconds(14))
    }

    @Test("The backlog of a slow start is sent faster than real time too, so a close then is blamed on the speed")
    func backlogIsFast() {
        var rig = SessionRig.awaitingReady()
        rig.audio(600)
        rig.advance(by: .seconds(5))
        rig.ready()
        rig.advance(by: .seconds(2))
        #expect(rig.machine.sent == .seconds(3))
        rig.closed(1008)
        rig.reconnect()
        let start = rig.machine.connectionStart
        rig.advance(by: .seconds(4))
        #expect(rig.machine.sent - start == 64_000)
    }

    @Test("A close while audio is sent without a limit makes it keep to real time")
    func unlimitedBecomesCautious() {
        var rig = SessionRig.streaming(Self.unlimited)
        rig.audio(60)
        #expect(rig.machine.sent == .seconds(60))
        rig.hearing = .awaiting(from: 0)
        rig.closed(1008)
        rig.reconnect()
        rig.advance(by: .seconds(10))
        #expect(rig.machine.sent == .seconds(10))
    }

    @Test("If going slowly ends alike, it was not the speed: three closes in all are a refusal")
    func slownessDoesNotHelp() {
        var rig = SessionRig.streaming(Self.unlimited)
        rig.audio(60)
        rig.hearing = .awaiting(from: 0)
        for _ in 0..<2 {
            rig.closed(4003)
            #expect(!rig.machine.isClosed)
            rig.reconnect()
        }
        rig.closed(4003)
        #expect(rig.machine.state == .closed(.refused))
    }

    @Test("A close long after the last fast piece, or at real time, is not blamed on the speed")
    func notBlamed() {
        var rig = SessionRig.streaming()
        rig.audio(600)
        rig.advance(by: .seconds(20))
        rig.closed(1006)
        rig.reconnect()
        rig.advance(by: .seconds(40))
        let caughtUp = rig.machine.sent
        rig.closed(1006)
        rig.reconnect()
        rig.advance(by: .milliseconds(500))
        #expect(rig.machine.sent > caughtUp + 8_000, "it still catches up")
    }

    @Test("A dead peer is not blamed on the speed")
    func deadPeerIsNotBlamed() {
        var rig = SessionRig.streaming(Self.unlimited)
        rig.answersPings = false
        rig.audio(60)
        rig.advance(by: .seconds(12))
        rig.answersPings = true
        rig.hearing = .awaiting(from: 0)
        rig.reconnect()
        #expect(rig.audioSent.suffix(1) == [.seconds(0..<60)])
    }

    @Test("A cautious connection that was stable earns the speed back for the next one", arguments: [true, false])
    func cautionEnds(isClosed: Bool) {
        var rig = SessionRig.streaming(Self.unlimited)
        rig.audio(600)
        rig.hearing = .awaiting(from: 0)
        rig.closed(1008)
        rig.reconnect()
        rig.advance(by: .seconds(31))
        #expect(rig.machine.sent == .seconds(31))
        rig.answersPings = false
        isClosed ? rig.closed(1006) : rig.advance(by: .seconds(9))
        rig.reconnect()
        #expect(rig.machine.sent == .seconds(600))
    }

    @Test("A close while it still catches up is blamed on the speed however long the connection lasted")
    func longCatchUp() {
        var rig = SessionRig.awaitingReady()
        rig.audio(3_600)
        rig.advance(by: .seconds(25))
        rig.ready()
        rig.advance(by: .seconds(40))
        #expect(rig.machine.sent == .seconds(60))
        rig.closed(1008)
        rig.reconnect()
        rig.advance(by: .seconds(4))
        #expect(rig.machine.sent == .seconds(64))
    }

    @Test("The subscription is repeated on each connection")
    func subscribesAgain() {
        var policy = SessionPolicy()
        policy.wantsInformation = true
        var rig = SessionRig.streaming(policy)
        rig.closed(1006)
        _ = rig.take()
        rig.reconnect()
        #expect(rig.take().contains(.subscribe))
    }
}
