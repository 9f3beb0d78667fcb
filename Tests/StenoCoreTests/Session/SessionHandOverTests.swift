import StenoCore
import Testing

/// The rows of the machine's table that are about a limit on the far side.
@Suite("Session state machine: hand-over")
struct SessionHandOverTests {
    @Test("Half a minute before the limit a standby is made, and the present connection goes on")
    func standby() {
        var rig = SessionRig.limited()
        rig.audio(3_600)
        rig.advance(by: .milliseconds(569_900))
        #expect(!rig.take().contains(.createStandby))
        rig.advance(by: .milliseconds(100))
        #expect(rig.take().contains(.createStandby))
        rig.standbyCreated()
        #expect(rig.take() == [.dialStandby])
        rig.standbyOpened()
        rig.hearing = .awaiting()
        rig.standbyReady()
        #expect(rig.take() == [])
        rig.advance(by: .seconds(1))
        #expect(rig.audioSent == [.seconds(0..<571)])
        #expect(rig.machine.state == .streaming)
    }

    @Test("The margin is a quarter of a short limit")
    func shortLimit() {
        var policy = SessionPolicy()
        policy.connectionLimit = .seconds(60)
        var rig = SessionRig.streaming(policy)
        #expect(rig.deadline(of: .handOver) == .seconds(45))
        rig.advance(by: .seconds(45))
        #expect(rig.deadline(of: .handOver) == .milliseconds(12_500))
    }

    @Test("A standby that is ready takes over when nothing is awaited: at once, with a message, or when the pump asks")
    func takesOver() {
        for occasion in 0..<3 {
            var rig = SessionRig.nearItsLimit()
            rig.audio(3_600)
            rig.hearing = occasion == 0 ? .confirmed : .awaiting()
            rig.makeStandbyReady()
            rig.hearing = .confirmed
            if occasion == 1 { rig.message() }
            if occasion == 2 { rig.perform(rig.machine.audioSent(now: rig.now, hearing: rig.heard)) }
            let begin = SessionRig.Machine.Action.begin(at: rig.machine.furthest)
            #expect(rig.take().filter { $0 == .handOver || $0 == begin } == [.handOver, begin], "\(occasion)")
            #expect(rig.machine.state == .streaming)
            #expect(rig.deadline(of: .ping) == .seconds(4))
            #expect(rig.deadline(of: .handOver) == .seconds(570))
        }
    }

    @Test("At the limit it takes over whatever is awaited, and begins where the unconfirmed speech does")
    func atTheLimit() {
        var rig = SessionRig.nearItsLimit()
        rig.audio(3_600)
        rig.advance(by: .seconds(10))
        let sent = rig.machine.sent
        rig.hearing = .awaiting(from: sent.seconds - 4)
        rig.makeStandbyReady()
        rig.advance(by: .milliseconds(14_999))
        #expect(!rig.take().contains(.handOver))
        rig.advance(by: .milliseconds(1))
        #expect(rig.take().contains(.begin(at: .seconds(sent.seconds - 4))))
        rig.advance(by: .seconds(60))
        #expect(rig.audioSent.count == 2)
        #expect(rig.audioSent.last?.start == .seconds(sent.seconds - 4))
    }

    @Test("Information is subscribed to on the new connection too")
    func subscribes() {
        var policy = SessionPolicy()
        policy.wantsInformation = true
        var rig = SessionRig.nearItsLimit(policy)
        _ = rig.take()
        rig.makeStandbyReady()
        #expect(rig.take().suffix(3) == [.handOver, .begin(at: .zero), .subscribe])
    }

    @Test("A standby that fails is tried again with growing pauses, and disturbs nothing")
    func fails() {
        var rig = SessionRig.nearItsLimit()
        rig.audio(3_600)
        rig.hearing = .awaiting()
        var pauses: [Duration] = []
        for _ in 0..<4 {
            rig.standbyFailed()
            pauses.append(rig.deadline(of: .standby) ?? .zero)
            rig.advance(by: pauses.last ?? .zero)
        }
        #expect(rig.take().count { $0 == .createStandby } == 5)
        for (pause, most) in zip(pauses, [1, 2, 4, 8]) {
            #expect((Duration.seconds(most) / 2 ... .seconds(most)).contains(pause))
        }
        #expect(rig.machine.state == .streaming)
        #expect(rig.audioSent.count == 1)
    }

    @Test("A standby that closes when it was ready is made anew; a pause the service asks for is kept")
    func closes() {
        var rig = SessionRig.nearItsLimit()
        rig.hearing = .awaiting()
        rig.makeStandbyReady()
        _ = rig.take()
        rig.standbyFailed(retryAfter: .seconds(20))
        rig.advance(by: .milliseconds(19_999))
        #expect(!rig.take().contains(.createStandby))
        rig.advance(by: .milliseconds(1))
        #expect(rig.take().contains(.createStandby))
    }

    @Test("A standby that is refused again and again is no refusal of the session")
    func refused() {
        var rig = SessionRig.nearItsLimit()
        for _ in 0..<10 {
            rig.standbyCreated()
            rig.standbyFailed()
            rig.advance(by: .seconds(31))
        }
        #expect(rig.machine.state == .streaming)
        rig.closed(1008)
        guard case .waiting = rig.machine.state else { Issue.record("\(rig.machine.state)"); return }
    }

    @Test("A standby that never says ready is closed with 1000 and tried again")
    func neverReady() {
        var rig = SessionRig.nearItsLimit()
        rig.standbyCreated()
        rig.standbyOpened()
        rig.advance(by: .seconds(30))
        #expect(rig.take().contains(.abandonStandby(closeCode: 1000)))
        #expect(rig.deadline(of: .standby) != nil)
    }

    @Test("A connection that is lost while the standby is ready is followed by it at once")
    func lostWithStandby() {
        var rig = SessionRig.nearItsLimit()
        rig.audio(3_600)
        rig.advance(by: .seconds(5))
        rig.hearing = .awaiting(from: 2)
        rig.makeStandbyReady()
        _ = rig.take()
        rig.closed(nil)
        #expect(rig.take() == [.abandon(closeCode: nil), .handOver, .begin(at: .seconds(2))])
        #expect(rig.machine.state == .streaming)
    }

    @Test("A connection that is lost before the standby is ready takes it along", arguments: 0...2)
    func lostWithoutStandby(steps: Int) {
        var rig = SessionRig.nearItsLimit()
        if steps > 0 { rig.standbyCreated() }
        if steps > 1 { rig.standbyOpened() }
        _ = rig.take()
        rig.closed(nil)
        let code: UInt16? = steps > 1 ? 1000 : nil
        #expect(rig.take().prefix(2) == [.abandon(closeCode: nil), .abandonStandby(closeCode: code)])
        rig.standbyReady()
        rig.standbyFailed()
        guard case .waiting = rig.machine.state else { Issue.record("\(rig.machine.state)"); return }
    }

    @Test("An end needs no standby: a drain, a stop and a stop at once let go of it", arguments: 0...2)
    func ends(how: Int) {
        var rig = SessionRig.nearItsLimit()
        rig.hearing = .awaiting()
        rig.makeStandbyReady()
        _ = rig.take()
        switch how {
        case 0: rig.audio(1, hasEnded: true)
        case 1: rig.stop()
        default: rig.stopAtOnce()
        }
        rig.advance(by: .seconds(2))
        let taken = rig.take()
        #expect(taken.count { $0 == .abandonStandby(closeCode: 1000) } == 1)
        #expect(!taken.contains(.handOver))
    }

    @Test("A service that closes twice after the same time has taught its limit, and is not waited for a third time")
    func learned() {
        var rig = SessionRig.streaming()
        rig.audio(36_000)
        for length in [900, 905] {
            rig.advance(by: .seconds(length))
            rig.closed(1001)
            rig.reconnect()
        }
        #expect(rig.deadline(of: .handOver) == .seconds(870))
    }

    @Test("Whatever is said while connections end and begin, every word is in the transcript once")
    func words() {
        for seed in UInt64(0)..<60 {
            var random = SplitMix64(seed: seed)
            let truth = SpokenTruth(seed: seed, utterances: 12, vocabulary: random.happens(50) ? 3 : nil)
            var policy = SessionPolicy()
            policy.connectionLimit = .milliseconds(Int.random(in: 15_000...30_000, using: &random))
            let cuts = random.happens(50) ? [Duration.milliseconds(Int.random(in: 0...60_000, using: &random))] : []
            let session = SimulatedSession(truth, policy: policy, seed: seed, cuts: cuts)
            #expect(session.run() == .closed(.finished(.complete)), "seed \(seed)")
            let words = session.ledger.transcript.utterances.flatMap { $0.text.split(separator: " ").map(String.init) }
            #expect(words == truth.text, "seed \(seed)")
            #expect(session.ledger.isComplete, "seed \(seed)")
            #expect(session.handOvers > 0, "seed \(seed)")
            #expect(session.connections <= session.handOvers + 1 + cuts.count, "seed \(seed)")
        }
    }

    @Test(
        "A limit that is shorter than what is said at a stretch costs no more than that, and what is lost is known to be"
    )
    func tooShort() {
        for seed in UInt64(0)..<20 {
            let truth = SpokenTruth(seed: seed, utterances: 8, vocabulary: nil)
            var policy = SessionPolicy()
            policy.connectionLimit = .seconds(4)
            let session = SimulatedSession(truth, policy: policy, seed: seed, cuts: [])
            #expect(session.run() == .closed(.finished(.complete)), "seed \(seed)")
            let words = session.ledger.transcript.utterances.flatMap { $0.text.split(separator: " ").map(String.init) }
            #expect(Set(words).count == words.count, "seed \(seed)")
            let unsettled = session.ledger.coverage.unsettled
            for word in truth.words where !words.contains(word.text) {
                #expect(unsettled.frames(in: word.span) > 0, "seed \(seed): \(word.text) is lost")
            }
        }
    }
}
