import StenoCore
import Testing

@Suite("Session state machine: following a live source")
struct SessionFollowingTests {
    private static let policy: SessionPolicy = {
        var policy = SessionPolicy()
        policy.pace = .following(catchUp: 1.5)
        policy.giveUp = nil
        return policy
    }()

    @Test("What was said before the connection was ready leaves at 1.5 times real time, from the first sample")
    func backlog() {
        var rig = SessionRig.awaitingReady(Self.policy)
        rig.audio(30)
        rig.advance(by: .seconds(25))
        rig.ready()
        #expect(rig.sent.isEmpty)
        rig.advance(by: .seconds(10))
        #expect(rig.audioSent == [.seconds(0..<15)])
        rig.advance(by: .seconds(10))
        #expect(rig.audioSent == [.seconds(0..<30)])
    }

    @Test("Once caught up, audio leaves as it comes, however early the capture began and however fast its clock")
    func fastClock() {
        var rig = SessionRig.streaming(Self.policy)
        var captured = 4.0
        rig.audio(captured)
        for step in 0..<4_000 {
            captured += 0.1 * 1.0005
            rig.audio(captured)
            rig.advance(by: .milliseconds(100))
            if step > 200 { #expect(captured - rig.machine.sent.seconds < 0.2, "after \(step) steps") }
        }
    }

    @Test("After a stall a second leaves at once, and the rest at 1.5 times real time")
    func stall() {
        var rig = SessionRig.streaming(Self.policy)
        Self.speak(20, into: &rig)
        #expect(rig.machine.sent == .seconds(20))
        rig.writable(false)
        Self.speak(10, into: &rig)
        #expect(rig.machine.sent == .seconds(20))
        rig.writable(true)
        #expect(rig.machine.sent == .seconds(21))
        rig.advance(by: .seconds(2))
        #expect(rig.machine.sent == .seconds(24))
        Self.speak(20, into: &rig)
        #expect(rig.machine.sent == .seconds(50))
    }

    @Test("Silence of the source saves up no more than a second")
    func noCredit() {
        var rig = SessionRig.streaming(Self.policy)
        rig.advance(by: .seconds(600))
        rig.audio(60)
        #expect(rig.machine.sent == .seconds(1))
        rig.advance(by: .seconds(10))
        #expect(rig.machine.sent == .seconds(16))
    }

    @Test("Asked at the time it named, it sends, and over any time no more than its rate and a second")
    func bound() {
        for seed in UInt64(0)..<200 {
            var random = SplitMix64(seed: seed)
            let catchUp = Double.random(in: 1...3, using: &random)
            var policy = Self.policy
            policy.pace = .following(catchUp: catchUp)
            var rig = SessionRig.streaming(policy)
            var captured = 0.0
            for _ in 0..<40 {
                captured += Double.random(in: 0...8, using: &random)
                rig.audio(captured)
                // The rig traps where a wait is not in the future.
                rig.advance(by: .milliseconds(Int.random(in: 0...4_000, using: &random)))
            }
            let pieces = rig.sent
            for first in stride(from: 0, to: pieces.count, by: 7) {
                for last in stride(from: first, to: pieces.count, by: 5) {
                    let sent = Double(last - first + 1) * 0.1
                    let most = (pieces[last].at - pieces[first].at).inSeconds * catchUp + 1.1 + 1e-6
                    guard sent > most else { continue }
                    Issue.record("seed \(seed): \(sent) s from \(pieces[first].at) to \(pieces[last].at)")
                }
            }
        }
    }

    @Test("A close just after catching up may be about the speed, and one while keeping pace is not")
    func blame() {
        var behind = SessionRig.streaming(Self.policy)
        behind.audio(60)
        behind.advance(by: .seconds(2))
        behind.closed(1008)
        behind.reconnect()
        let start = behind.machine.sent.seconds
        behind.advance(by: .seconds(10))
        #expect(behind.machine.sent.seconds - start < 10.2, "it goes no faster than a speaker now")

        var live = SessionRig.streaming(Self.policy)
        for _ in 0..<3 {
            Self.speak(2, into: &live)
            live.closed(1008)
            live.reconnect()
        }
        #expect(live.machine.state == .closed(.refused))
    }

    @Test("A piece that the source has not yet is offered again, as if it had not been asked for")
    func withheld() {
        var rig = SessionRig.streaming(Self.policy)
        rig.audio(0.1)
        rig.advance(by: .seconds(1))
        rig.audio(0.2)
        rig.withheldShare = 100
        rig.audio(5)
        #expect(rig.machine.sent == .seconds(0.2) && rig.machine.furthest == .seconds(0.2))
        rig.advance(by: .seconds(3))
        #expect(rig.audioSent == [.seconds(0..<0.2)])
        rig.withheldShare = 50
        rig.advance(by: .seconds(60))
        rig.audio(5, hasEnded: true)
        rig.advance(by: .seconds(1))
        #expect(rig.audioSent == [.seconds(0..<5)])
        #expect(rig.machine.furthest == .seconds(5))
    }

    /// In periods of 100 ms, each sent when it is there.
    private static func speak(_ seconds: Int, into rig: inout SessionRig) {
        var captured = rig.captured
        for _ in 0..<(seconds * 10) {
            captured += 0.1
            rig.audio(captured)
            rig.advance(by: .milliseconds(100))
        }
    }
}
