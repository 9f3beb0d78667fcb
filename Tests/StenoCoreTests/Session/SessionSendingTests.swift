import StenoCore
import Testing

@Suite("Session state machine: sending")
struct SessionSendingTests {
    private static let unlimited: SessionPolicy = {
        var policy = SessionPolicy()
        policy.pace = .unlimited
        return policy
    }()

    @Test("Nothing but control leaves before ready, and after the end", arguments: SessionRig.everyState)
    func readyGate(name: String, make: @Sendable () -> SessionRig) {
        var rig = make()
        let before = rig.sent
        rig.audio(60)
        rig.pump()
        guard name != "streaming" else { return #expect(rig.sent == before, "no time has passed to say anything in") }
        guard name != "draining" else { return }
        rig.advance(by: .milliseconds(400))
        #expect(rig.sent == before, "\(name)")
    }

    @Test("Audio keeps to the pace of a speaker, in pieces of 100 ms that leave when they would have been said")
    func livePace() {
        var rig = SessionRig.streaming()
        let ready = rig.now
        rig.audio(60)
        rig.advance(by: .seconds(2))
        #expect(rig.sent.count == 20)
        for (index, sent) in rig.sent.enumerated() {
            let start = Int64(index) * 1_600
            #expect(sent.send == .audio(AudioSpan(start..<(start + 1_600))))
            #expect(sent.at - ready == .milliseconds(100) * (index + 1))
        }
    }

    @Test("Who is behind catches up at 1.5 times the pace, and then keeps it")
    func catchesUp() {
        var rig = SessionRig.awaitingReady()
        rig.audio(60)
        rig.advance(by: .seconds(10))
        rig.ready()
        rig.advance(by: .seconds(10))
        #expect(rig.machine.sent == .seconds(15))
        rig.advance(by: .seconds(10))
        #expect(rig.machine.sent == .seconds(30))
        rig.advance(by: .seconds(10))
        #expect(rig.machine.sent == .seconds(40))
    }

    @Test("A speed of two is twice as fast, and an unlimited one leaves in pieces of a second at once")
    func otherPaces() {
        var policy = SessionPolicy()
        policy.pace = .realTime(speed: 2, catchUp: 1)
        var rig = SessionRig.streaming(policy)
        rig.audio(60)
        rig.advance(by: .seconds(5))
        #expect(rig.machine.sent == .seconds(10))

        var fast = SessionRig.streaming(Self.unlimited)
        fast.audio(60.5)
        #expect(fast.machine.sent == .seconds(60))
        #expect(fast.sent.count == 60)
        #expect(fast.sent.allSatisfy { $0.at == fast.now })
    }

    @Test(
        "A pace that makes no sense is made usable and never traps",
        arguments: [0, -1, .nan, .infinity, -.infinity, 1e300, 1e-300]
    )
    func senselessPace(speed: Double) {
        for catchUp in [speed, 1.5] {
            var policy = SessionPolicy()
            policy.pace = .realTime(speed: speed, catchUp: catchUp)
            var rig = SessionRig.streaming(policy)
            rig.audio(1, hasEnded: true)
            rig.advance(by: .seconds(300))
            #expect(rig.machine.isClosed)
        }
    }

    /// If `wait` named a time at which the answer is still `wait`, a driver would spin.
    @Test("Asked at the time it named, it sends")
    func waitIsExact() {
        for seed in UInt64(0)..<300 {
            var random = SplitMix64(seed: seed)
            var policy = SessionPolicy()
            policy.pace = .realTime(
                speed: Double.random(in: 0.1...4, using: &random),
                catchUp: Double.random(in: 1...2, using: &random)
            )
            var rig = SessionRig.awaitingReady(policy)
            rig.now += .nanoseconds(Int64.random(in: 0..<30_000_000_000, using: &random))
            rig.ready()
            rig.perform(rig.machine.audioAdvanced(to: .seconds(4_000), hasEnded: true))
            for _ in 0..<200 {
                guard let wake = rig.wake else { break }
                rig.now = wake
                let send = rig.machine.nextSend(now: rig.now)
                guard case .audio = send else { Issue.record("seed \(seed): \(send)"); break }
                rig.pump()
            }
        }
    }

    @Test("A short piece waits for its rest, and goes when there is none")
    func shortPiece() {
        var rig = SessionRig.streaming()
        rig.audio(0.15)
        rig.advance(by: .seconds(1))
        #expect(rig.machine.sent == .seconds(0.1))
        rig.audio(0.15, hasEnded: true)
        rig.advance(by: .seconds(1))
        #expect(rig.audioSent == [.seconds(0..<0.15)])
    }

    @Test("While the socket takes nothing, nothing is offered; it goes on where it was")
    func backPressure() {
        var rig = SessionRig.streaming()
        rig.audio(60)
        rig.advance(by: .seconds(1))
        rig.writable(false)
        rig.advance(by: .seconds(3))
        #expect(rig.machine.sent == .seconds(1))
        rig.writable(true)
        rig.advance(by: .seconds(0))
        #expect(rig.machine.sent == .seconds(4))
        #expect(rig.audioSent == [.seconds(0..<4)])
    }

    @Test("A new connection is writable, whatever the last one was")
    func writableAgain() {
        var rig = SessionRig.streaming()
        rig.audio(60)
        rig.writable(false)
        rig.advance(by: .seconds(5))
        rig.closed(1006)
        rig.reconnect()
        rig.advance(by: .seconds(2))
        #expect(rig.machine.sent > .zero)
    }

    @Test("The end of audio that is known late does not take back what is there")
    func shrinkingSource() {
        var rig = SessionRig.streaming()
        rig.audio(5)
        rig.audio(2, hasEnded: true)
        rig.advance(by: .seconds(10))
        #expect(rig.audioSent == [.seconds(0..<5)])
    }

    @Test("A recording without audio is drained at once")
    func noAudio() {
        var rig = SessionRig.streaming()
        rig.audio(0, hasEnded: true)
        #expect(
            rig.take() == [
                .report(.draining), .heard(.seconds(0..<0)), .close, .report(.closed(.finished(.complete))),
            ]
        )
    }
}
