import StenoCore
import Testing

@Suite("Session state machine: a long outage")
struct SessionOutageTests {
    @Test("After eight hours without a service the whole backlog leaves, in order, at 1.5 times real time")
    func eightHours() {
        let hours = 8.0 * 3_600
        var policy = SessionPolicy()
        policy.pace = .following(catchUp: 1.5)
        policy.giveUp = nil
        var rig = SessionRig(policy)
        rig.hearing = .confirmed
        let began = rig.now
        rig.start()
        var tries = 0
        while rig.now < began + .seconds(hours) {
            tries += 1
            rig.notCreated(.transient)
            guard case .waiting(let until) = rig.machine.state else { break }
            rig.advance(by: until - rig.now)
            rig.audio((rig.now - began) / .seconds(1))
        }
        #expect((960...1_940).contains(tries), "every 15 to 30 s")
        #expect(rig.audioSent.isEmpty)

        rig.audio(hours + 30, hasEnded: true)
        rig.created()
        rig.opened()
        // From here without the rig, which remembers every piece.
        var machine = rig.machine
        let back = rig.now
        var (now, next) = (back, SamplePosition.zero)
        _ = machine.readyReceived(now: now)
        sending: while true {
            switch machine.nextSend(now: now) {
            case .audio(let span):
                if span.start != next { Issue.record("\(span) follows \(next)") }
                next = span.end
            case .wait(let until): now = until
            case .silence, .nothing: break sending
            }
        }
        #expect(next == .seconds(hours + 30))
        let seconds = (now - back) / .seconds(1)
        #expect((hours / 1.5 - 1...hours / 1.5 + 30).contains(seconds))
        #expect(machine.audioSent(now: now, hearing: .confirmed).last == .report(.closed(.finished(.complete))))
    }
}
