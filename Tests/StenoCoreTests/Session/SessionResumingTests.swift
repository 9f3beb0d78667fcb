import StenoCore
import Testing

@Suite("Session state machine: resuming")
struct SessionResumingTests {
    @Test("A session that goes on begins where a replay would, and with nothing unconfirmed where the sending stopped")
    func begins() {
        for (hearing, start) in [(SessionRig.Machine.Hearing.awaiting(from: 95), 95.0), (.confirmed, 100)] {
            var rig = SessionRig()
            rig.hearing = hearing
            rig.start(from: .seconds(100))
            rig.audio(200)
            rig.connect()
            #expect(rig.take().contains(.begin(at: .seconds(start))))
            #expect(rig.machine.furthest == .seconds(100))
        }
    }

    @Test("What an earlier session did not send is never skipped")
    func neverSkips() {
        var rig = SessionRig()
        rig.hearing = .awaiting(from: 150)
        rig.start(from: .seconds(100))
        rig.audio(200)
        rig.connect()
        #expect(rig.take().contains(.begin(at: .seconds(100))))
    }

    @Test("Real time counts from where the session goes on, and what is sent again is caught up with")
    func pace() {
        var rig = SessionRig()
        rig.hearing = .awaiting(from: 95)
        rig.start(from: .seconds(100))
        rig.audio(3_600)
        rig.connect()
        rig.advance(by: .seconds(4))
        #expect(rig.machine.sent == .seconds(101))
        rig.advance(by: .seconds(26))
        #expect(rig.machine.sent == .seconds(130))
    }

    @Test("With everything sent and confirmed before, there is nothing to send, and it ends in order")
    func nothingLeft() {
        var rig = SessionRig()
        rig.hearing = .confirmed
        rig.start(from: .seconds(100))
        rig.audio(100, hasEnded: true)
        rig.connect()
        #expect(rig.audioSent.isEmpty)
        #expect(rig.machine.state == .closed(.finished(.complete)))
    }
}
