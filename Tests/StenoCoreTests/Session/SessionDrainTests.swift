import StenoCore
import Testing

@Suite("Session state machine: the drain")
struct SessionDrainTests {
    @Test("With nothing awaited it ends before any silence is sent")
    func nothingAwaited() {
        let rig = SessionRig.draining(.confirmed)
        #expect(rig.silenceSent == 0)
        #expect(rig.machine.state == .closed(.finished(.complete)))
    }

    @Test("Silence goes out in real time, whatever the pace of the audio was, and stops at five seconds")
    func silenceInRealTime() {
        for pace in [SessionPolicy.Pace.live, .unlimited, .realTime(speed: 4, catchUp: 2)] {
            var policy = SessionPolicy()
            policy.pace = pace
            var rig = SessionRig.draining(.awaiting(), policy)
            let silence = rig.sent.filter { if case .silence = $0.send { true } else { false } }
            let began = silence.first?.at ?? rig.now
            rig.advance(by: began + .seconds(2) - rig.now)
            #expect(rig.silenceSent == 21 * 1_600, "now, and every 100 ms after")
            rig.advance(by: .seconds(6))
            #expect(rig.silenceSent == 80_000)
        }
    }

    @Test("It ends as soon as the last words are confirmed, and no more silence is sent")
    func endsWhenConfirmed() {
        var rig = SessionRig.draining(.awaiting())
        rig.advance(by: .seconds(1))
        rig.message()
        #expect(rig.machine.state == .draining, "an interim confirms nothing")
        rig.hearing = .confirmed
        rig.message()
        #expect(rig.machine.state == .closed(.finished(.complete)))
        let silence = rig.silenceSent
        rig.advance(by: .seconds(10))
        #expect(rig.silenceSent == silence)
    }

    @Test("After the silence, a server that says nothing for five seconds has had its time")
    func quiet() {
        var rig = SessionRig.draining(.awaiting(open: 0))
        rig.advance(by: .milliseconds(9_999))
        #expect(rig.machine.state == .draining)
        _ = rig.take()
        rig.advance(by: .milliseconds(1))
        #expect(rig.take() == [.heard(.seconds(0..<1)), .close, .report(.closed(.finished(.complete)))])
    }

    @Test("A server that answers nothing behind the silence has not heard it out")
    func swallowed() {
        var rig = SessionRig.draining(.awaiting(open: 0))
        rig.answersPings = false
        rig.advance(by: .seconds(13))
        #expect(rig.take().contains(.abandon(closeCode: nil)))
        #expect(!rig.machine.isClosed)
    }

    @Test("An utterance that is still open when the server falls silent makes the drain incomplete")
    func quietWithOpenUtterance() {
        var rig = SessionRig.draining(.awaiting(open: 1))
        rig.advance(by: .seconds(10))
        #expect(rig.take().suffix(2) == [.close, .report(.closed(.finished(.limitReached)))])
    }

    @Test("Each message gives the server another five seconds, up to sixty in all")
    func sixtySecondsInAll() {
        var rig = SessionRig.draining(.awaiting())
        for _ in 0..<59 {
            rig.advance(by: .seconds(1))
            rig.message()
            #expect(rig.machine.state == .draining)
        }
        _ = rig.take()
        rig.advance(by: .seconds(1))
        #expect(rig.take() == [.close, .report(.closed(.finished(.limitReached)))])
    }

    @Test("A message that comes after the limit, before its timer, ends the drain too")
    func lateTimer() {
        var rig = SessionRig.draining(.awaiting())
        rig.now += .seconds(61)
        rig.message()
        #expect(rig.machine.state == .closed(.finished(.limitReached)))
    }

    @Test("A timer that comes early does not leave the drain without a limit")
    func earlyTimer() throws {
        var rig = SessionRig.draining(.awaiting())
        rig.writable(false)
        let timer = try #require(rig.timers[.drain])
        rig.perform(rig.machine.timerFired(timer.token, now: rig.now, hearing: rig.hearing))
        #expect(rig.machine.state == .draining)
        rig.advance(by: .seconds(60))
        #expect(rig.machine.state == .closed(.finished(.limitReached)))
    }

    @Test("A socket that takes nothing cannot hold the drain beyond its limit")
    func unwritable() {
        var rig = SessionRig.draining(.awaiting())
        rig.writable(false)
        rig.advance(by: .seconds(60))
        #expect(rig.machine.state == .closed(.finished(.limitReached)))
    }

    @Test("Asking again and again what follows the audio changes nothing")
    func audioSentRepeatedly() {
        var rig = SessionRig.draining(.awaiting())
        for _ in 0..<5 {
            rig.perform(rig.machine.audioSent(now: rig.now, hearing: rig.hearing))
            rig.perform(rig.machine.audioSent(now: rig.now, hearing: rig.hearing))
            rig.advance(by: .seconds(1))
        }
        #expect(rig.silenceSent == 80_000)
        #expect(rig.take() == [.ping])
        rig.advance(by: .seconds(5))
        #expect(rig.machine.isClosed)
    }

    @Test("Lost in the drain, it begins again at the earliest unconfirmed speech and drains anew")
    func reconnectWhileDraining() {
        var rig = SessionRig.draining(.awaiting(from: 0.4))
        rig.advance(by: .seconds(3))
        rig.closed(1006)
        #expect(rig.deadline(of: .giveUp) == .seconds(60))
        _ = rig.take()
        rig.reconnect()
        #expect(rig.take().contains(.begin(at: .seconds(0.4))))
        let silence = rig.silenceSent
        rig.advance(by: .seconds(20))
        #expect(rig.audioSent == [.seconds(0..<1), .seconds(0.4..<1)])
        #expect(rig.silenceSent == silence + 80_000)
        #expect(rig.machine.isClosed)
    }

    @Test("The limit of a drain that was lost says nothing about what comes after it")
    func oldDrainTimer() {
        var rig = SessionRig.draining(.awaiting(from: 0))
        for _ in 0..<59 {
            rig.advance(by: .seconds(1))
            rig.message()
        }
        rig.advance(by: .milliseconds(900))
        rig.closed(1006)
        rig.reconnect()
        rig.advance(by: .seconds(5))
        #expect(rig.machine.state == .draining)
    }

    @Test("Audio that is announced when the drain has begun is still sent, if no silence was")
    func lateAudio() {
        var rig = SessionRig.streaming()
        rig.hearing = .awaiting()
        rig.writable(false)
        rig.perform(rig.machine.audioAdvanced(to: .zero, hasEnded: true))
        #expect(rig.machine.state == .draining)
        rig.advance(by: .seconds(1))
        rig.audio(0.5, hasEnded: true)
        rig.writable(true)
        rig.advance(by: .seconds(1))
        #expect(rig.audioSent == [.seconds(0..<0.5)])
        #expect(rig.silenceSent > 0)
    }
}
