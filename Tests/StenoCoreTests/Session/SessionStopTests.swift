import StenoCore
import Testing

@Suite("Session state machine: stops")
struct SessionStopTests {
    @Test("A stop sends what a microphone heard and drains")
    func stopSendsTheRest() {
        var rig = SessionRig.streaming()
        rig.hearing = .awaiting()
        rig.audio(2.05)
        rig.advance(by: .seconds(1))
        rig.stop()
        rig.advance(by: .seconds(2))
        #expect(rig.audioSent == [.seconds(0..<2.05)])
        #expect(rig.machine.state == .draining)
        rig.hearing = .confirmed
        rig.message()
        #expect(rig.machine.state == .closed(.finished(.complete)))
    }

    @Test("A stop leaves unsent what a file still has, and drains what was sent")
    func stopDiscards() {
        var rig = SessionRig.streaming()
        rig.hearing = .awaiting()
        rig.audio(60)
        rig.advance(by: .seconds(2))
        rig.stop(discardingUnsent: true)
        #expect(rig.machine.state == .draining)
        rig.audio(70)
        rig.advance(by: .seconds(3))
        #expect(rig.audioSent == [.seconds(0..<2)])
    }

    @Test("The drain of a stop takes ten seconds in all")
    func tenSeconds() {
        var rig = SessionRig.streaming()
        rig.hearing = .awaiting()
        rig.audio(60)
        rig.advance(by: .seconds(2))
        rig.stop(discardingUnsent: true)
        for _ in 0..<9 {
            rig.advance(by: .seconds(1))
            rig.message()
        }
        #expect(rig.machine.state == .draining)
        rig.advance(by: .seconds(1))
        #expect(rig.machine.state == .closed(.finished(.limitReached)))
    }

    @Test("A stop after which the server says nothing more, with nothing open, ends in order")
    func stopHeardOut() {
        var rig = SessionRig.streaming()
        rig.hearing = .awaiting(open: 0)
        rig.audio(60)
        rig.advance(by: .seconds(2))
        rig.stop(discardingUnsent: true)
        rig.advance(by: .seconds(10))
        #expect(rig.machine.state == .closed(.finished(.complete)))
    }

    @Test("A backlog that does not fit into ten seconds is cut off, and the end says so")
    func backlogTooLong() {
        var rig = SessionRig.awaitingReady()
        rig.audio(300)
        rig.advance(by: .seconds(20))
        rig.ready()
        rig.stop()
        _ = rig.take()
        rig.advance(by: .seconds(10))
        #expect(rig.machine.sent == .seconds(15))
        #expect(
            rig.take().filter { $0 != .ping } == [.close, .report(.closed(.finished(.limitReached)))]
        )
    }

    @Test(
        "A stop without a connection has ten seconds too",
        arguments: ["creatingSession", "dialling", "awaitingReady"]
    )
    func stopWithoutConnection(name: String) throws {
        let make = try #require(SessionRig.everyState.first { $0.0 == name }).1
        var rig = make()
        rig.audio(5)
        rig.stop()
        rig.advance(by: .milliseconds(9_999))
        #expect(!rig.machine.isClosed)
        rig.advance(by: .milliseconds(1))
        #expect(rig.machine.state == .closed(.finished(.limitReached)))
    }

    @Test("A stop does not wait out a back-off: it tries once more, at once")
    func stopWhileWaiting() {
        var rig = SessionRig.waiting()
        rig.audio(1)
        rig.stop()
        rig.advance(by: .zero)
        #expect(rig.machine.state == .creatingSession)
        rig.connect()
        rig.advance(by: .seconds(3))
        #expect(rig.audioSent == [.seconds(0..<1)])
        #expect(rig.machine.state == .closed(.finished(.complete)))
    }

    @Test("A pause that the service asked for is kept also when a stop has no time for it")
    func stopWhileThrottled() {
        var rig = SessionRig.creatingSession()
        rig.notCreated(.throttled(retryAfter: .seconds(30)))
        rig.stop()
        #expect(rig.machine.state == .closed(.finished(.limitReached)))

        var soon = SessionRig.creatingSession()
        soon.notCreated(.throttled(retryAfter: .seconds(3)))
        soon.stop()
        soon.advance(by: .milliseconds(2_999))
        #expect(soon.machine.state != .creatingSession)
        soon.advance(by: .milliseconds(1))
        #expect(soon.machine.state == .creatingSession)
    }

    @Test("The limit of a stop outlives a connection that is lost on the way")
    func lostAfterStop() {
        var rig = SessionRig.streaming()
        rig.hearing = .awaiting(from: 0)
        rig.audio(2)
        rig.advance(by: .seconds(2))
        rig.stop()
        rig.advance(by: .seconds(6))
        rig.closed(1006)
        rig.reconnect()
        rig.advance(by: .seconds(4))
        #expect(rig.machine.state == .closed(.finished(.limitReached)))
    }

    @Test("A stop while the drain is under way ends it no later than the drain itself would have")
    func stopWhileDraining() {
        var rig = SessionRig.draining(.awaiting())
        for _ in 0..<55 {
            rig.advance(by: .seconds(1))
            rig.message()
        }
        rig.stop()
        for _ in 0..<5 {
            #expect(!rig.machine.isClosed)
            rig.advance(by: .seconds(1))
            rig.message()
        }
        #expect(rig.machine.isClosed)
    }

    @Test("A stop while the summary is awaited waits ten more seconds for it")
    func stopWhileSummarising() {
        var rig = SessionRig.summarising()
        rig.stop()
        rig.advance(by: .seconds(10))
        #expect(
            rig.take().filter { $0 != .ping } == [.summaryMissed, .close, .report(.closed(.finished(.complete)))]
        )
    }

    @Test("A stop before the start, and a second stop, change nothing more")
    func stopEarlyAndTwice() {
        var rig = SessionRig()
        rig.stop()
        #expect(rig.machine.state == .closed(.stopped))
        rig.start()
        #expect(rig.machine.state == .closed(.stopped))

        var twice = SessionRig.streaming()
        twice.hearing = .awaiting()
        twice.audio(1)
        twice.stop()
        let deadline = twice.deadline(of: .drain)
        twice.stop()
        #expect(twice.deadline(of: .drain) == deadline)
    }

    @Test("A stop with a summary wanted still asks for it")
    func stopThenSummary() {
        var policy = SessionPolicy()
        policy.wantsSummary = true
        var rig = SessionRig.streaming(policy)
        rig.hearing = .confirmed
        rig.audio(1)
        rig.stop()
        rig.advance(by: .seconds(1))
        #expect(rig.machine.state == .summarising)
        #expect(rig.deadline(of: .summary) == .seconds(60))
    }
}
