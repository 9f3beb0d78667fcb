import StenoCore
import StenoTesting
import Testing

@Suite("A hand-off")
struct DeliveryStateMachineTests {
    private static func machine(_ change: (inout DeliveryPolicy) -> Void = { _ in }) -> DeliveryStateMachine {
        var policy = DeliveryPolicy()
        change(&policy)
        return DeliveryStateMachine(policy: policy, seed: 1)
    }

    private static func token(_ actions: [DeliveryStateMachine.Action]) -> (UInt64, Duration) {
        for case .schedule(let token, let time) in actions { return (token, time) }
        return (0, .zero)
    }

    @Test("What is intended is on the disk before the first byte leaves")
    func intent() {
        var machine = Self.machine()
        #expect(machine.start(now: .zero) == [.store, .send])
        #expect(machine.memory.stage == .sending)
        #expect(machine.answered(.accepted(note: "7"), now: .zero) == [.store])
        #expect(machine.state == .done)
        #expect(machine.memory.note == "7")
    }

    @Test("What was surely not received is sent again after a pause that grows and that the service may lengthen")
    func backOff() {
        var machine = Self.machine()
        _ = machine.start(now: .zero)
        var last = Duration.zero
        for _ in 0..<4 {
            let (token, time) = Self.token(machine.answered(.notReceived(retryAfter: nil), now: .zero))
            #expect(time > last)
            last = time
            #expect(machine.timerFired(token, now: time) == [.store, .send])
        }
        let (_, time) = Self.token(machine.answered(.notReceived(retryAfter: .seconds(600)), now: .zero))
        #expect(time == .seconds(600))
    }

    @Test("An item that never gets through is parked in the end, and holds up nothing")
    func poison() {
        var machine = Self.machine { $0.tryLimit = 3 }
        _ = machine.start(now: .zero)
        for _ in 0..<2 {
            let (token, time) = Self.token(machine.answered(.notReceived(retryAfter: nil), now: .zero))
            _ = machine.timerFired(token, now: time)
        }
        #expect(machine.answered(.notReceived(retryAfter: nil), now: .zero) == [.store])
        #expect(machine.state == .parked(.exhausted))
        #expect(machine.retryRequested(now: .zero) == [.store, .send])
    }

    @Test("A refused key and a rejected request are parked, each with its reason", arguments: [true, false])
    func parked(isKey: Bool) {
        var machine = Self.machine()
        _ = machine.start(now: .zero)
        #expect(machine.answered(isKey ? .refused : .rejected, now: .zero) == [.store])
        #expect(machine.state == .parked(isKey ? .refused : .rejected))
    }

    @Test("An unknown outcome is searched for, and what is found is ours: nothing is sent again")
    func foundAgain() {
        var machine = Self.machine { $0.isProcessed = true }
        _ = machine.start(now: .zero)
        #expect(machine.answered(.unknown, now: .zero) == [.store, .search])
        #expect(machine.found(["4", "5"], now: .zero) == [.store, .askForProgress])
        #expect(machine.memory.duplicates == 1)
        #expect(machine.memory.note == "4")
        #expect(machine.processed(isDone: true) == [.store])
        #expect(machine.state == .done)
    }

    @Test("Only after searches found nothing for the whole window is the same thing sent again")
    func window() {
        var machine = Self.machine()
        _ = machine.start(now: .zero)
        _ = machine.answered(.unknown, now: .zero)
        var now = Duration.zero
        var actions = machine.found([], now: now)
        while !actions.contains(.send) {
            let (token, time) = Self.token(actions)
            now = time
            #expect(machine.timerFired(token, now: now) == [.search])
            actions = machine.found([], now: now)
        }
        #expect(now >= .seconds(300))
    }

    @Test("A search that fails says nothing: the window does not go on")
    func failedSearch() {
        var machine = Self.machine()
        _ = machine.start(now: .zero)
        _ = machine.answered(.unknown, now: .zero)
        for _ in 0..<500 {
            let (token, time) = Self.token(machine.searchFailed(retryAfter: nil, now: .zero))
            #expect(machine.timerFired(token, now: time) == [.search])
        }
        #expect(machine.state == .unknown)
        #expect(machine.memory.missed == .zero)
    }

    @Test("Where a service cannot be searched, an unknown outcome waits for a person, also after a crash")
    func noSearch() {
        var machine = Self.machine { $0.canSearch = false }
        _ = machine.start(now: .zero)
        #expect(machine.answered(.unknown, now: .zero) == [.store])
        #expect(machine.state == .parked(.unknown))
        var memory = DeliveryMemory()
        memory.stage = .sending
        var policy = DeliveryPolicy()
        policy.canSearch = false
        var restarted = DeliveryStateMachine(memory, policy: policy, seed: 1)
        #expect(restarted.start(now: .zero) == [.store])
        #expect(restarted.state == .parked(.unknown))
        #expect(restarted.retryRequested(now: .zero) == [.store, .send])
    }

    @Test("A person who wants it now spares the window, not the look")
    func personRetries() {
        var machine = Self.machine()
        _ = machine.start(now: .zero)
        _ = machine.answered(.unknown, now: .zero)
        _ = machine.found([], now: .zero)
        #expect(machine.retryRequested(now: .zero) == [.store, .search])
        #expect(machine.found([], now: .zero) == [.store, .send])
    }

    @Test("What is held stays until it is asked for, and an unknown outcome is looked for first then")
    func held() {
        var machine = Self.machine()
        _ = machine.start(now: .zero)
        _ = machine.answered(.unknown, now: .zero)
        #expect(machine.holdRequested() == [.store])
        #expect(machine.start(now: .zero).isEmpty)
        #expect(machine.retryRequested(now: .zero) == [.store, .search])
    }

    @Test("What is released takes its turn, and what nobody knows about it stays unknown")
    func released() {
        var machine = Self.machine()
        #expect(machine.releaseRequested().isEmpty)
        #expect(machine.holdRequested() == [.store])
        #expect(machine.releaseRequested() == [.store])
        #expect(machine.start(now: .zero) == [.store, .send])
        _ = machine.answered(.unknown, now: .zero)
        _ = machine.holdRequested()
        #expect(machine.releaseRequested() == [.store])
        #expect(machine.state == .unknown)
        var blind = Self.machine { $0.canSearch = false }
        _ = blind.start(now: .zero)
        _ = blind.answered(.unknown, now: .zero)
        #expect(blind.holdRequested() == [.store])
        #expect(blind.releaseRequested() == [.store])
        #expect(blind.state == .parked(.unknown))
    }

    @Test("A note that could not be processed is processed again, not made again")
    func reprocessed() {
        var machine = Self.machine { $0.isProcessed = true }
        _ = machine.start(now: .zero)
        #expect(machine.answered(.accepted(note: "7"), now: .zero) == [.store, .askForProgress])
        #expect(machine.processed(isDone: false) == [.store])
        #expect(machine.state == .parked(.failed))
        #expect(machine.holdRequested() == [.store])
        #expect(machine.releaseRequested() == [.store])
        #expect(machine.state == .parked(.failed))
        #expect(machine.retryRequested(now: .zero) == [.store, .reprocess])
        #expect(machine.processed(isDone: true) == [.store])
        #expect(machine.state == .done)
        #expect(machine.memory.attempts == 1)
    }

    @Test("A timer of an earlier time is stale, and what is done stays done")
    func stale() {
        var machine = Self.machine()
        _ = machine.start(now: .zero)
        let (token, time) = Self.token(machine.answered(.notReceived(retryAfter: nil), now: .zero))
        _ = machine.retryRequested(now: .zero)
        #expect(machine.timerFired(token, now: time).isEmpty)
        _ = machine.answered(.accepted(note: "1"), now: .zero)
        #expect(machine.retryRequested(now: .zero).isEmpty)
        #expect(machine.holdRequested().isEmpty)
        #expect(machine.answered(.unknown, now: .zero).isEmpty)
        #expect(machine.found(["2"], now: .zero).isEmpty)
        #expect(machine.state == .done)
    }

    @Test("In a world that drops, delays, doubles and crashes, nothing is lost and nothing is made twice by us")
    func adversary() {
        var late = 0
        for seed in UInt64(0)..<20_000 {
            var world = DeliveryWorld(seed: seed, policy: DeliveryPolicy())
            let result = world.run()
            switch result.state {
            case .done:
                #expect(result.stored >= 1, "seed \(seed): done, and the service has nothing")
                if result.wasTooLate { late += 1 } else { #expect(result.stored == 1, "seed \(seed): made twice") }
            case .parked(let reason):
                #expect(reason == .unknown || reason == .exhausted, "seed \(seed)")
                #expect(result.stored <= 1 || result.wasTooLate, "seed \(seed): made twice")
            default: Issue.record("seed \(seed): \(result.state) is no end")
            }
        }
        #expect(late > 0, "nothing came too late, so that was not tried")
    }
}
