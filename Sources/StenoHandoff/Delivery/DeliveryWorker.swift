import StenoCore
package import StenoHTTP
import StenoStore

/// Brings one delivery to its end: does what the machine of the delivery decides, and has everything on the disk before
/// what follows from it.
///
/// Whoever works on a delivery holds it; while a pause lasts nobody does, so that a person can hold, drop or retry it
/// meanwhile. After the pause the worker goes on only with what it left.
package struct DeliveryWorker: Sendable {
    package enum Wish: Hashable, Sendable {
        /// What waits is gone on with, what is parked stays.
        case goOn
        /// A person wants it now, parked or not.
        case retry
    }

    private let target: any DeliveryTarget
    private let keeper: any DeliveryKeeping
    private let gate: DeliveryGate
    private let time: Timekeeper
    private let wallClock: @Sendable () -> Int64
    private let tell: @Sendable (DeliveryNews) -> Void

    /// - Parameter wallClock: milliseconds since 1970, which tells how long ago a delivery was left.
    package init(
        _ target: any DeliveryTarget,
        _ keeper: any DeliveryKeeping,
        gate: DeliveryGate,
        time: Timekeeper = .system,
        wallClock: @escaping @Sendable () -> Int64 = WallClock.now,
        tell: @escaping @Sendable (DeliveryNews) -> Void = { _ in }
    ) {
        self.target = target
        self.keeper = keeper
        self.gate = gate
        self.time = time
        self.wallClock = wallClock
        self.tell = tell
    }

    /// To its end, or for as long as there is patience, or until the task is cancelled. A request on its way ends first.
    package func run(_ wish: Wish = .goOn, patience: DeliveryPatience = .once) async -> DeliveryOutcome {
        var hold: (any Sendable)?
        let delivery: StoredDelivery
        do throws(StoreError) {
            (delivery, hold) = try self.keeper.take()
        } catch {
            if case .inUse = error.reason { return DeliveryOutcome(.busy(error), nil) }
            return DeliveryOutcome(.notStored(error), nil)
        }
        guard delivery.isOpen else {
            return DeliveryOutcome(delivery.closing == nil ? .done : .closed, delivery)
        }
        var work = Work(delivery, self.target.policy(for: delivery), self.time.chance())
        work.deadline = self.time.now() + patience.tries
        work.patience = patience
        work.wish = wish
        while true {
            if let end = await self.step(&work) {
                withExtendedLifetime(hold) {}
                return DeliveryOutcome(end, work.delivery, failure: work.failure)
            }
            let pause = max(work.wake - self.time.now(), await self.gate.pause(at: self.time.now()))
            guard pause > .zero else { continue }
            guard self.time.now() + pause <= work.deadline, !Task.isCancelled else {
                return DeliveryOutcome(work.isProcessing ? .processing : .waiting, work.delivery, failure: work.failure)
            }
            if !work.isProcessing { self.tell(.waiting(pause, reason: work.delivery.reason)) }
            hold = nil
            guard (try? await self.time.sleep(pause)) != nil else {
                return DeliveryOutcome(work.isProcessing ? .processing : .waiting, work.delivery, failure: work.failure)
            }
            do throws(StoreError) {
                let (now, taken) = try self.keeper.take()
                hold = taken
                // The time of the last change is the keeper's, which counts in milliseconds.
                work.delivery.changed = now.changed
                work.delivery.memory.missed = now.memory.missed
                guard now == work.delivery else { throw StoreError(.inUse(process: nil), now.id) }
            } catch {
                if case .inUse = error.reason { return DeliveryOutcome(.busy(error), work.delivery) }
                return DeliveryOutcome(.notStored(error), work.delivery)
            }
        }
    }

    /// All that can be done without a pause.
    ///
    /// - Returns: `nil` when a pause comes next.
    private func step(_ work: inout Work) async -> DeliveryOutcome.End? {
        let now = self.time.now()
        guard await self.gate.pause(at: now) == .zero else { return work.hasEnded }
        if !work.hasBegun {
            work.begin(now: now, leftFor: .milliseconds(max(0, self.wallClock() - work.delivery.changed)))
        } else if now >= work.wake {
            work.timerFired(now: now)
        }
        while let action = work.actions.first {
            work.actions.removeFirst()
            switch action {
            case .store:
                work.delivery.memory = work.machine.memory
                if work.machine.state == .done { work.delivery.reason = nil }
                do throws(StoreError) {
                    try self.keeper.store(work.delivery)
                } catch {
                    return .notStored(error)
                }
            case .schedule(let token, let at): work.schedule(token, at: at)
            case .send, .search, .askForProgress, .reprocess:
                guard await self.gate.enter() else { return .waiting }
                await self.request(action, &work)
                await self.gate.leave()
            }
        }
        return work.hasEnded
    }

    private func request(_ action: DeliveryStateMachine.Action, _ work: inout Work) async {
        switch action {
        case .send:
            self.tell(.sending)
            let sent = await self.target.send(work.delivery)
            work.delivery.reason = sent.reason
            work.delivery.result = sent.result ?? work.delivery.result
            work.failure = sent.failure
            var retryAfter: Duration?
            if case .notReceived(let asked) = sent.answer { retryAfter = asked }
            await self.gate.learn(sent.failure, retryAfter: retryAfter, now: self.time.now())
            work.actions += work.machine.answered(sent.answer, now: self.time.now())
        case .search:
            self.tell(.searching)
            switch await self.target.search(for: work.delivery) {
            case .found(let notes):
                await self.gate.learn(nil, retryAfter: nil, now: self.time.now())
                work.actions += work.machine.found(notes, now: self.time.now())
            case .failed(let error):
                await self.learn(error, &work)
                work.actions += work.machine.searchFailed(retryAfter: error.retryAfter, now: self.time.now())
            }
        case .askForProgress, .reprocess: await self.ask(action, &work)
        case .store, .schedule: break
        }
    }

    private func ask(_ action: DeliveryStateMachine.Action, _ work: inout Work) async {
        if !work.isProcessing {
            work.isProcessing = true
            work.deadline = self.time.now() + work.patience.processing
            self.tell(.processing)
        }
        let note = work.delivery.memory.note ?? ""
        let progress =
            action == .reprocess
            ? await self.target.reprocess(note, work.delivery) : await self.target.progress(of: note, work.delivery)
        switch progress {
        case .done(let result, let warning):
            if let warning { self.tell(.warning(warning)) }
            work.delivery.result = result ?? work.delivery.result
            work.actions += work.machine.processed(isDone: true)
        case .failed(let reason):
            work.delivery.reason = reason
            work.actions += work.machine.processed(isDone: false)
        case .working(let askAgain): work.ask(at: self.time.now() + askAgain)
        case .unclear(let error):
            await self.learn(error, &work)
            work.ask(at: self.time.now() + max(error.retryAfter ?? .zero, Work.progressPause))
        }
    }

    private func learn(_ error: ServiceError, _ work: inout Work) async {
        work.delivery.reason = error.message
        work.failure = error.reason
        await self.gate.learn(error.reason, retryAfter: error.retryAfter, now: self.time.now())
    }
}

/// One run of a worker.
private struct Work {
    /// Before a question about progress is asked again that did not work.
    static let progressPause = Duration.seconds(5)

    var delivery: StoredDelivery
    var machine: DeliveryStateMachine
    let policy: DeliveryPolicy
    var wish = DeliveryWorker.Wish.goOn
    var patience = DeliveryPatience.once
    var deadline = Duration.zero
    /// When something is to be done again.
    var wake = Duration.zero
    var actions: [DeliveryStateMachine.Action] = []
    var failure: ServiceError.Reason?
    var hasBegun = false
    var isProcessing = false
    private var token: UInt64?

    init(_ delivery: StoredDelivery, _ policy: DeliveryPolicy, _ chance: Double) {
        self.delivery = delivery
        self.policy = policy
        self.machine = DeliveryStateMachine(
            delivery.memory,
            policy: policy,
            seed: UInt64(max(0, min(chance, 1)) * 0x1p52)
        )
    }

    /// - Parameter left: since it was touched last, by the wall clock.
    mutating func begin(now: Duration, leftFor left: Duration) {
        self.hasBegun = true
        self.wake = now
        switch (self.wish, self.machine.state) {
        case (.goOn, _), (.retry, .processing), (.retry, .intended): self.actions = self.machine.start(now: now)
        case (.retry, .unknown) where self.policy.canSearch && left < self.policy.indexingDelay * 2:
            // So soon a search that finds nothing says nothing: the person waits for the service, not for the window.
            var policy = self.policy
            policy.missWindow = .zero
            self.machine = DeliveryStateMachine(self.machine.memory, policy: policy, seed: 1)
            self.actions = self.machine.start(now: now)
        case (.retry, .unknown) where !self.policy.canSearch:
            // It was being sent when its program died. Nobody has decided yet that it is to be sent again.
            self.actions = self.machine.start(now: now)
        case (.retry, _): self.actions = self.machine.retryRequested(now: now)
        }
    }

    mutating func timerFired(now: Duration) {
        if self.isProcessing {
            self.actions = [.askForProgress]
        } else if let token = self.token {
            self.token = nil
            self.actions = self.machine.timerFired(token, now: now)
        }
    }

    mutating func schedule(_ token: UInt64, at time: Duration) {
        self.token = token
        self.wake = time
    }

    mutating func ask(at time: Duration) { self.wake = time }

    var hasEnded: DeliveryOutcome.End? {
        switch self.machine.state {
        case .done: .done
        case .parked(let reason): self.hasBegun ? .parked(reason) : nil
        case .intended, .sending, .unknown, .waiting, .processing: nil
        }
    }
}
