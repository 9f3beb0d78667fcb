import StenoCore
import Testing

/// The rows of the machine's table, in its order.
@Suite("Session state machine: the table")
struct SessionTableTests {
    @Test("A start creates a session, a session is dialled, an open socket waits for ready")
    func connecting() {
        var rig = SessionRig()
        rig.start()
        #expect(rig.take() == [.report(.creatingSession), .createSession])
        rig.created()
        #expect(rig.take() == [.report(.dialling), .dial])
        rig.opened()
        #expect(rig.take() == [.report(.awaitingReady), .begin(at: .zero)])
        #expect(rig.deadline(of: .ready) == .seconds(30))
        #expect(rig.deadline(of: .ping) == .seconds(4))
    }

    @Test("A session that is refused, or asked for wrongly, ends it without another try")
    func creationRefused() {
        for (failure, reason) in [
            (SessionRig.Machine.CreationFailure.refused, SessionRig.Machine.Reason.refused),
            (.wrongRequest, .misconfigured),
        ] {
            var rig = SessionRig()
            rig.start()
            _ = rig.take()
            rig.notCreated(failure)
            #expect(rig.take() == [.report(.closed(reason))])
        }
    }

    @Test("A session that could not be created is tried again after a delay")
    func creationFailed() {
        for failure in [SessionRig.Machine.CreationFailure.transient, .throttled(retryAfter: nil)] {
            var rig = SessionRig()
            rig.start()
            rig.notCreated(failure)
            guard case .waiting = rig.machine.state else { Issue.record("\(rig.machine.state)"); continue }
            _ = rig.take()
            rig.advance(by: .seconds(1))
            #expect(rig.take() == [.report(.creatingSession), .createSession])
        }
    }

    @Test("A handshake that is answered with 400 is our fault, and ends it")
    func misconfigured() {
        var rig = SessionRig.dialling()
        rig.refused(400)
        #expect(rig.take() == [.report(.closed(.misconfigured))])
    }

    @Test("A refused handshake has one try with a new session, then it is refused", arguments: [401, 403, 404, 410])
    func handshakeRefused(status: Int) {
        var rig = SessionRig.dialling()
        rig.refused(status)
        #expect(rig.take() == [.report(.creatingSession), .createSession])
        rig.created()
        _ = rig.take()
        rig.refused(status)
        #expect(rig.take() == [.report(.closed(.refused))])
    }

    @Test("A network that failed first does not use up the one try of a refused handshake")
    func networkThenRefused() {
        var rig = SessionRig.dialling()
        rig.refused(.other)
        rig.created()
        rig.refused(401)
        #expect(rig.machine.state == .creatingSession)
        rig.created()
        rig.refused(401)
        #expect(rig.machine.state == .closed(.refused))
    }

    @Test("Any other failed handshake is tried again at once, then after delays", arguments: [nil, 302, 402, 418])
    func handshakeFailed(status: Int?) {
        let failure = status.map { SessionRig.Machine.DialFailure.status($0, retryAfter: nil) } ?? .other
        var rig = SessionRig.dialling()
        rig.refused(failure)
        #expect(rig.take() == [.report(.creatingSession), .createSession])
        rig.created()
        rig.refused(failure)
        guard case .waiting = rig.machine.state else { Issue.record("\(rig.machine.state)"); return }
    }

    @Test("A handshake that is throttled or meets a broken server waits", arguments: [429, 500, 503])
    func handshakeThrottled(status: Int) {
        var rig = SessionRig.dialling()
        rig.refused(.status(status, retryAfter: .seconds(7)))
        #expect(rig.machine.state == .waiting(until: rig.now + .seconds(7)))
    }

    @Test("Ready lets the sending begin, and subscribes first when that is wanted")
    func ready() {
        var policy = SessionPolicy()
        policy.wantsInformation = true
        var rig = SessionRig.awaitingReady(policy)
        rig.ready()
        #expect(rig.take() == [.report(.streaming), .subscribe])
        #expect(SessionRig.streaming().machine.state == .streaming)
    }

    @Test("A second ready means nothing")
    func secondReady() {
        var rig = SessionRig.streaming()
        rig.audio(10)
        rig.advance(by: .seconds(3))
        let sent = rig.machine.sent
        rig.ready()
        #expect(rig.take() == [])
        #expect(rig.machine.sent == sent)
    }

    @Test("No ready within its limit closes with 1000 and waits")
    func readyLimit() {
        var rig = SessionRig.awaitingReady()
        rig.advance(by: .seconds(30))
        #expect(rig.take().filter { $0 != .ping } == [.abandon(closeCode: 1000), .report(rig.machine.state)])
        guard case .waiting = rig.machine.state else { Issue.record("\(rig.machine.state)"); return }
    }

    @Test("When all audio is sent and no more will come, the drain begins")
    func drainBegins() {
        var rig = SessionRig.streaming()
        rig.hearing = .awaiting()
        rig.audio(1, hasEnded: true)
        rig.advance(by: .milliseconds(999))
        #expect(rig.machine.state == .streaming)
        rig.advance(by: .milliseconds(1))
        #expect(rig.machine.state == .draining)
        #expect(rig.audioSent == [.seconds(0..<1)])
    }

    @Test(
        "A connection that is lost is followed by another one, after a delay",
        arguments: [nil, 1000, 1006, 1011, 4000]
    )
    func lost(code: UInt16?) {
        var rig = SessionRig.streaming()
        rig.advance(by: .seconds(6))
        _ = rig.take()
        rig.closed(code)
        #expect(rig.take() == [.abandon(closeCode: nil), .report(rig.machine.state)])
        guard case .waiting = rig.machine.state else { Issue.record("\(rig.machine.state)"); return }
        rig.reconnect()
        #expect(rig.machine.state == .streaming)
    }

    @Test("A drain that ends with everything confirmed says what was heard, and closes")
    func drained() {
        var rig = SessionRig.draining(.awaiting())
        rig.hearing = .confirmed
        rig.message()
        #expect(
            rig.take() == [.heard(.seconds(0..<1)), .close, .report(.closed(.finished(.complete)))]
        )
    }

    @Test("A connection lost while nothing is awaited any more ends it in order")
    func lostWhenSettled() {
        var rig = SessionRig.draining(.awaiting())
        rig.hearing = .confirmed
        rig.closed(1006)
        #expect(rig.take() == [.abandon(closeCode: nil), .report(.closed(.finished(.complete)))])
    }

    @Test("A summary is asked for after the drain, and its arrival closes")
    func summary() {
        var policy = SessionPolicy()
        policy.wantsSummary = true
        var rig = SessionRig.draining(.awaiting(), policy)
        rig.hearing = .confirmed
        rig.message()
        #expect(rig.take() == [.heard(.seconds(0..<1)), .report(.summarising), .requestSummary])
        rig.summary()
        #expect(rig.take() == [.close, .report(.closed(.finished(.complete)))])
    }

    @Test("A stop at once lets go of whatever there is", arguments: SessionRig.everyState)
    func stopAtOnce(name: String, make: @Sendable () -> SessionRig) {
        var rig = make()
        let wasClosed = rig.machine.isClosed
        _ = rig.take()
        rig.stopAtOnce()
        let hadSocket = ["dialling", "awaitingReady", "streaming", "draining", "summarising"].contains(name)
        let farewell: [SessionRig.Machine.Action] = hadSocket ? [.abandon(closeCode: nil)] : []
        #expect(rig.take() == (wasClosed ? [] : farewell + [.report(.closed(.stopped))]), "\(name)")
    }
}
