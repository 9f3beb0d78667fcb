import StenoCore
import Testing

@Suite("Session state machine: back-off")
struct SessionBackOffTests {
    private static let endless: SessionPolicy = {
        var policy = SessionPolicy()
        policy.giveUp = nil
        return policy
    }()

    @Test("Delays double up to thirty seconds, each between half and all of its bound")
    func doubling() {
        for seed in UInt64(0)..<50 {
            var rig = SessionRig(Self.endless, seed: seed)
            rig.start()
            for bound in [1, 2, 4, 8, 16, 30, 30, 30] {
                rig.notCreated(.transient)
                guard let delay = rig.delay else { Issue.record("seed \(seed)"); return }
                #expect(delay >= .seconds(bound) / 2 && delay <= .seconds(bound), "seed \(seed)")
                rig.advance(by: delay)
            }
        }
    }

    @Test("Jitter differs between seeds and is the same for the same seed")
    func jitter() {
        let delays = (UInt64(0)..<20).map { seed in
            var rig = SessionRig(seed: seed)
            rig.start()
            rig.notCreated(.transient)
            return rig.delay
        }
        #expect(Set(delays).count == 20)
        var again = SessionRig(seed: 3)
        again.start()
        again.notCreated(.transient)
        #expect(again.delay == delays[3])
    }

    @Test("Only a connection that lasted thirty seconds starts the delays over")
    func resetsWhenStable() throws {
        var rig = SessionRig.streaming(Self.endless)
        for bound in [1, 2, 4] {
            rig.advance(by: .milliseconds(29_999))
            rig.closed(1006)
            let delay = try #require(rig.delay)
            #expect(delay >= .seconds(bound) / 2 && delay <= .seconds(bound))
            rig.reconnect()
        }
        rig.advance(by: .seconds(30))
        rig.closed(1006)
        let delay = try #require(rig.delay)
        #expect(delay <= .seconds(1))
    }

    @Test("Opening a connection does not start the delays over")
    func openingIsNotEnough() throws {
        var rig = SessionRig.streaming(Self.endless)
        for _ in 0..<1_000 {
            rig.closed(1011)
            rig.reconnect()
        }
        rig.closed(1011)
        #expect(try #require(rig.delay) >= .seconds(15))
    }

    @Test("Retry-After is honoured, but no longer than ten minutes, and a senseless one does no harm")
    func retryAfter() {
        for (asked, most) in [(20, 20), (600, 600), (86_400, 600), (-50, 1)] {
            var rig = SessionRig.creatingSession(Self.endless)
            rig.notCreated(.throttled(retryAfter: .seconds(asked)))
            #expect(rig.delay.map { $0 <= .seconds(most) && $0 >= min(.seconds(asked), .seconds(most)) } == true)
            var dialled = SessionRig.dialling(Self.endless)
            dialled.refused(.status(503, retryAfter: .seconds(asked)))
            #expect(dialled.delay.map { $0 <= .seconds(most) && $0 >= min(.seconds(asked), .seconds(most)) } == true)
        }
    }

    @Test("Three sessions running that close with 1008 or 4000 to 4999 within five seconds are a refusal")
    func refusedThreeTimes() {
        for code in [UInt16(1008), 4000, 4403, 4999] {
            var rig = SessionRig.streaming(Self.endless)
            for _ in 0..<2 {
                rig.advance(by: .seconds(5))
                rig.closed(code)
                #expect(!rig.machine.isClosed)
                rig.reconnect()
            }
            _ = rig.take()
            rig.closed(code)
            #expect(rig.take() == [.abandon(closeCode: nil), .report(.closed(.refused))])
        }
    }

    @Test("A close before ready counts as a refusal too")
    func refusedBeforeReady() {
        var rig = SessionRig.awaitingReady(Self.endless)
        rig.closed(1008)
        rig.advance(by: .seconds(1))
        rig.created()
        rig.opened()
        rig.closed(4001)
        rig.advance(by: .seconds(2))
        rig.created()
        rig.opened()
        rig.closed(4001)
        #expect(rig.machine.state == .closed(.refused))
    }

    @Test("Refusals that are not three running, or come later than five seconds, are only losses")
    func notRefused() {
        for (wait, codes) in [
            (Duration.zero, [UInt16?(1008), 1011, 1008, 1008, 1006, 4000, nil, 4001, 4001]),
            (.milliseconds(5_001), [1008, 1008, 1008, 1008]),
            (.zero, [1000, 1001, 1006, 1011, 1012, 1013, 3000, 5000]),
        ] {
            var rig = SessionRig.streaming(Self.endless)
            for code in codes {
                rig.advance(by: wait)
                rig.closed(code)
                #expect(!rig.machine.isClosed)
                rig.reconnect()
            }
        }
    }

    @Test("Without a ready connection for a minute it gives up, whatever it is doing", arguments: [0, 1, 2])
    func givesUp(stage: Int) {
        var rig = SessionRig.creatingSession()
        if stage > 0 { rig.created() }
        if stage > 1 { rig.advance(by: .seconds(50)); rig.opened() }
        _ = rig.take()
        rig.advance(by: .seconds(60))
        #expect(rig.machine.state == .closed(.gaveUp))
        let farewell: [SessionRig.Machine.Action] =
            [[], [.abandon(closeCode: nil)], [.abandon(closeCode: 1000)]][stage]
        #expect(rig.take().filter { $0 != .ping } == farewell + [.report(.closed(.gaveUp))])
    }

    @Test("A connection that was of use starts the minute over; one that only greets does not")
    func greetingIsNotEnough() {
        var rig = SessionRig.streaming()
        for _ in 0..<1_000 where !rig.machine.isClosed {
            rig.message()
            rig.closed(1011)
            rig.reconnect()
        }
        #expect(rig.machine.state == .streaming)
        let began = rig.now
        for _ in 0..<1_000 where !rig.machine.isClosed {
            rig.closed(1011)
            rig.reconnect()
        }
        #expect(rig.machine.state == .closed(.gaveUp))
        #expect(rig.now - began <= .seconds(91))
    }

    @Test("Who never gives up does so for as long as there is audio to come, and a minute more")
    func givesUpAfterTheEnd() {
        var rig = SessionRig.creatingSession(Self.endless)
        for _ in 0..<100 { rig.fail() }
        #expect(!rig.machine.isClosed)
        rig.audio(3_000, hasEnded: true)
        let ended = rig.now
        for _ in 0..<100 { rig.fail() }
        #expect(rig.machine.state == .closed(.gaveUp))
        #expect(rig.now - ended <= .seconds(91))
    }
}

extension SessionRig {
    fileprivate var delay: Duration? {
        if case .waiting(let until) = self.machine.state { until - self.now } else { nil }
    }

    /// No session can be created, and the delay passes.
    fileprivate mutating func fail() {
        self.notCreated(.transient)
        if let delay = self.delay { self.advance(by: delay) }
    }
}
