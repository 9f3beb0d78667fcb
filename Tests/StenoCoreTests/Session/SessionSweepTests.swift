import StenoCore
import Testing

/// Every event in every state. What is not in the table is ignored, and nothing traps.
@Suite("Session state machine: every event in every state")
struct SessionSweepTests {
    typealias Machine = SessionStateMachine
    typealias Event = (name: String, happen: @Sendable (inout SessionRig) -> Void)

    private static let events: [Event] = [
        ("start", { $0.start() }),
        ("created", { $0.created() }),
        ("not created: refused", { $0.notCreated(.refused) }),
        ("not created: wrong request", { $0.notCreated(.wrongRequest) }),
        ("not created: throttled", { $0.notCreated(.throttled(retryAfter: .seconds(5))) }),
        ("not created: transient", { $0.notCreated(.transient) }),
        ("opened", { $0.opened() }),
        ("dial refused: 400", { $0.refused(400) }),
        ("dial refused: 401", { $0.refused(401) }),
        ("dial refused: 503", { $0.refused(503) }),
        ("dial failed", { $0.refused(.other) }),
        ("ready", { $0.ready() }),
        ("closed", { $0.closed(nil) }),
        ("closed 1008", { $0.closed(1008) }),
        ("message", { $0.message() }),
        ("summary", { $0.summary() }),
        ("pong", { $0.perform($0.machine.pongReceived(now: $0.now)) }),
        ("standby created", { $0.standbyCreated() }),
        ("standby opened", { $0.standbyOpened() }),
        ("standby ready", { $0.standbyReady() }),
        ("standby failed", { $0.standbyFailed() }),
        ("handed over", { $0.perform($0.machine.handedOver(now: $0.now, hearing: $0.heard)) }),
        ("audio", { $0.audio(10) }),
        ("audio ends", { $0.audio(10, hasEnded: true) }),
        ("unwritable", { $0.writable(false) }),
        ("writable", { $0.writable(true) }),
        ("pump", { $0.pump() }),
        ("stop", { $0.stop() }),
        ("stop and discard", { $0.stop(discardingUnsent: true) }),
        ("stop at once", { $0.stopAtOnce() }),
        ("time passes", { $0.advance(by: .seconds(100)) }),
    ]

    /// The states an event may lead to; where there is no entry, the state stays.
    private static let moves: [String: Set<String>] = [
        "idle/start": ["creatingSession"], "idle/stop": ["closed"], "idle/stop and discard": ["closed"],
        "creatingSession/created": ["dialling"], "creatingSession/not created: refused": ["closed"],
        "creatingSession/not created: wrong request": ["closed"],
        "creatingSession/not created: throttled": ["waiting"],
        "creatingSession/not created: transient": ["waiting"],
        "dialling/opened": ["awaitingReady"], "dialling/dial refused: 400": ["closed"],
        "dialling/dial refused: 401": ["creatingSession"], "dialling/dial refused: 503": ["waiting"],
        "dialling/dial failed": ["creatingSession"],
        "awaitingReady/ready": ["streaming"], "awaitingReady/closed": ["waiting"],
        "awaitingReady/closed 1008": ["waiting"],
        "streaming/closed": ["waiting"], "streaming/closed 1008": ["waiting"],
        "streaming/stop": ["closed"], "streaming/stop and discard": ["closed"],
        "draining/closed": ["waiting"], "draining/closed 1008": ["waiting"],
        "summarising/closed": ["closed"], "summarising/closed 1008": ["closed"], "summarising/summary": ["closed"],
    ]

    @Test("An event moves the machine where the table says, and otherwise nowhere", arguments: SessionRig.everyState)
    func moves(name: String, make: @Sendable () -> SessionRig) {
        for event in Self.events where event.name != "time passes" {
            var rig = make()
            event.happen(&rig)
            let expected =
                event.name == "stop at once" ? ["closed"] : Self.moves["\(name)/\(event.name)"] ?? [name]
            #expect(expected.contains(rig.machine.state.name), "\(name), \(event.name): \(rig.machine.state)")
        }
    }

    @Test("No two events after one another trap, and nothing is done after the end", arguments: SessionRig.everyState)
    func pairs(name: String, make: @Sendable () -> SessionRig) {
        for first in Self.events {
            for second in Self.events {
                var rig = make()
                first.happen(&rig)
                let wasClosed = rig.machine.isClosed
                let sent = rig.sent
                _ = rig.take()
                second.happen(&rig)
                guard wasClosed else { continue }
                #expect(rig.take() == [] && rig.sent == sent, "\(name), \(first.name), \(second.name)")
                #expect(rig.machine.isClosed, "\(name), \(first.name), \(second.name)")
            }
        }
    }

    @Test("Left alone with a dead service, every state comes to an end", arguments: SessionRig.everyState)
    func endsByItself(name: String, make: @Sendable () -> SessionRig) {
        guard name != "idle" else { return }
        var rig = make()
        rig.answersPings = false
        rig.audio(1, hasEnded: true)
        rig.advance(by: .seconds(200))
        for _ in 0..<200 where !rig.machine.isClosed {
            rig.notCreated(.transient)
            rig.refused(.other)
            rig.advance(by: .seconds(30))
        }
        #expect(rig.machine.isClosed, "\(name): \(rig.machine.state)")
    }
}

extension SessionStateMachine.State {
    fileprivate var name: String {
        switch self {
        case .idle: "idle"
        case .creatingSession: "creatingSession"
        case .dialling: "dialling"
        case .awaitingReady: "awaitingReady"
        case .streaming: "streaming"
        case .draining: "draining"
        case .summarising: "summarising"
        case .waiting: "waiting"
        case .closed: "closed"
        }
    }
}
