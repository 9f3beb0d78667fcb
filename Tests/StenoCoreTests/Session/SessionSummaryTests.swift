import StenoCore
import Testing

@Suite("Session state machine: the summary")
struct SessionSummaryTests {
    private static let policy: SessionPolicy = {
        var policy = SessionPolicy()
        policy.wantsSummary = true
        return policy
    }()

    @Test("Without confirmed speech none is asked for")
    func noSpeech() {
        var rig = SessionRig.streaming(Self.policy)
        rig.audio(1, hasEnded: true)
        rig.advance(by: .seconds(1))
        #expect(
            rig.take() == [
                .report(.draining), .heard(.seconds(0..<1)), .close, .report(.closed(.finished(.complete))),
            ]
        )
    }

    @Test("One that does not come in a minute is asked for once more, and then it is missed")
    func repeatedOnce() {
        var rig = SessionRig.summarising()
        rig.advance(by: .seconds(60))
        #expect(rig.take().filter { $0 != .ping } == [.requestSummary])
        rig.advance(by: .milliseconds(59_999))
        #expect(rig.machine.state == .summarising)
        rig.advance(by: .milliseconds(1))
        #expect(
            rig.take().filter { $0 != .ping } == [.summaryMissed, .close, .report(.closed(.finished(.complete)))]
        )
    }

    @Test("One that comes after the second request is taken")
    func afterSecondRequest() {
        var rig = SessionRig.summarising()
        rig.advance(by: .seconds(70))
        _ = rig.take()
        rig.summary()
        #expect(rig.take() == [.close, .report(.closed(.finished(.complete)))])
        rig.summary()
        #expect(rig.take() == [], "a second summary means nothing")
    }

    @Test("A connection lost while one is awaited misses it, and the transcript stays")
    func lost() {
        var rig = SessionRig.summarising()
        rig.closed(1011)
        #expect(
            rig.take() == [
                .abandon(closeCode: nil), .summaryMissed, .report(.closed(.finished(.complete))),
            ]
        )
    }

    @Test("A peer that dies while one is awaited is noticed")
    func deadPeer() {
        var rig = SessionRig.summarising()
        rig.answersPings = false
        rig.advance(by: .seconds(12))
        #expect(rig.machine.isClosed)
        #expect(rig.take().contains(.summaryMissed))
    }

    @Test("A connection lost when all was heard misses the summary it had no time to ask for")
    func lostBeforeRequest() {
        var rig = SessionRig.draining(.awaiting(), Self.policy)
        rig.hearing = .confirmed
        rig.closed(1006)
        #expect(rig.take().contains(.summaryMissed))
    }

    @Test("After a reconnect in the drain it is asked for on the new connection")
    func afterReconnect() {
        var rig = SessionRig.draining(.awaiting(from: 0, hasConfirmed: true), Self.policy)
        rig.closed(1006)
        rig.reconnect()
        rig.advance(by: .seconds(2))
        _ = rig.take()
        rig.hearing = .confirmed
        rig.message()
        #expect(rig.take() == [.heard(.seconds(0..<1)), .report(.summarising), .requestSummary])
    }

    @Test("A drain that reached its limit still asks, and says in the end that it was incomplete")
    func afterLimit() {
        var rig = SessionRig.draining(.awaiting(hasConfirmed: true), Self.policy)
        rig.advance(by: .seconds(10))
        #expect(rig.machine.state == .summarising)
        rig.summary()
        #expect(rig.machine.state == .closed(.finished(.limitReached)))
    }

    @Test("A summary nobody asked for means nothing", arguments: SessionRig.everyState.filter { $0.0 != "summarising" })
    func unsolicited(name: String, make: @Sendable () -> SessionRig) {
        var rig = make()
        let state = rig.machine.state
        _ = rig.take()
        rig.summary()
        #expect(rig.take() == [])
        #expect(rig.machine.state == state, "\(name)")
    }
}
