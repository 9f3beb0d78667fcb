/// Decides what happens with one hand-off to one target, so that the far side has it once: not never, and not twice.
///
/// | state | event | next | action |
/// | --- | --- | --- | --- |
/// | intended | start | sending | store, then send |
/// | sending | accepted | processing, or done | store |
/// | sending | not received | waiting | store; timer with back-off, `Retry-After` is honoured |
/// | sending | refused (key) | parked(refused) | store |
/// | sending | rejected | parked(rejected) | store |
/// | sending | outcome unknown, or a crash | unknown | store, then search; parked(unknown) where there is no search |
/// | waiting | timer | sending | store, then send |
/// | unknown | found one | processing, or done | store |
/// | unknown | found more | as for one, flagged | store; the first is kept, nothing is ever removed |
/// | unknown | found none | unknown | search again later |
/// | unknown | found none for the whole window | sending | store, then send the same again |
/// | unknown | search failed | unknown | search again later; the window does not go on |
/// | processing | finished | done | store |
/// | processing | failed | parked(failed) | store |
/// | parked, waiting, unknown | retry asked for | sending or unknown | at once; an unknown outcome is searched for first |
/// | parked(failed) | retry asked for | processing | store, then have the far side process its note again |
/// | intended, waiting, unknown, parked | hold asked for | parked(held) | store |
/// | parked(held) | release asked for | intended, or unknown | store; it takes its turn |
/// | done | any | done | ignored |
///
/// Sans-IO: `now` is a clock that never goes back; the window after an unknown outcome counts only the pauses between
/// searches that were really waited for, so a clock that jumps cannot shorten it. Source of the recipe: `faults.md` §3,
/// FHIR's conditional create.
public struct DeliveryStateMachine: Sendable {
    public enum State: Hashable, Sendable {
        case intended
        case sending
        case unknown
        case waiting(until: Duration)
        case processing
        case done
        case parked(DeliveryMemory.ParkingReason)
    }

    public enum Action: Hashable, Sendable {
        /// Bring `memory` to the disk before anything that follows.
        case store
        /// Send it, with the same mark and the same values as ever.
        case send
        /// Look for our own mark.
        case search
        /// Ask how far the far side is.
        case askForProgress
        /// Have the far side process the note it has once more, then ask how far it is. Making another would be a second.
        case reprocess
        /// Call `timerFired` then. A later one replaces it.
        case schedule(token: UInt64, at: Duration)
    }

    /// How a request ended.
    public enum Answer: Hashable, Sendable {
        case accepted(note: String)
        /// No connection, 5xx before anything was read, 429: surely not received.
        case notReceived(retryAfter: Duration?)
        /// 401, 403.
        case refused
        /// 400, 413, 422.
        case rejected
        /// The request left and no answer came that can be trusted.
        case unknown
    }

    public private(set) var state: State
    public private(set) var memory: DeliveryMemory
    private let policy: DeliveryPolicy
    private var random: SplitMix64
    private var token: UInt64 = 0
    /// The pause before the search that comes next.
    private var pause: Duration = .zero

    public init(_ memory: DeliveryMemory = DeliveryMemory(), policy: DeliveryPolicy, seed: UInt64) {
        self.memory = memory
        self.policy = policy
        self.random = SplitMix64(seed: seed)
        switch memory.stage {
        case .intended: self.state = .intended
        // Whoever died while sending does not know what came of it.
        case .sending, .unknown: self.state = .unknown
        case .processing: self.state = .processing
        case .done: self.state = .done
        case .parked(let reason): self.state = .parked(reason)
        }
    }

    /// Begins, or goes on after a restart.
    public mutating func start(now: Duration) -> [Action] {
        switch self.state {
        case .intended: self.send()
        case .unknown: self.outcomeUnknown(now: now)
        case .processing: [.askForProgress]
        case .sending, .waiting, .done, .parked: []
        }
    }

    public mutating func answered(_ answer: Answer, now: Duration) -> [Action] {
        guard self.state == .sending else { return [] }
        switch answer {
        case .accepted(let note): return self.accepted(note)
        case .notReceived(let retryAfter): return self.backOff(now: now, atLeast: retryAfter)
        case .refused: return self.park(.refused)
        case .rejected:
            self.memory.rejections += 1
            guard self.memory.rejections >= self.policy.rejectionLimit else { return self.backOff(now: now) }
            return self.park(.rejected)
        case .unknown: return self.outcomeUnknown(now: now)
        }
    }

    /// - Parameter notes: ids of what carries our mark, oldest first.
    public mutating func found(_ notes: [String], now: Duration) -> [Action] {
        guard self.state == .unknown else { return [] }
        if let first = notes.first {
            self.memory.duplicates = notes.count - 1
            return self.accepted(first)
        }
        self.memory.missed += self.pause
        self.memory.searches += 1
        guard self.memory.missed >= max(self.policy.missWindow, self.policy.indexingDelay * 2) else {
            return [.store] + self.searchLater(now: now)
        }
        guard self.memory.resends < self.policy.resendLimit else { return self.park(.unknown) }
        self.memory.resends += 1
        return self.send()
    }

    /// The search itself did not work, so it says nothing.
    public mutating func searchFailed(retryAfter: Duration?, now: Duration) -> [Action] {
        guard self.state == .unknown else { return [] }
        self.memory.searches += 1
        return self.searchLater(now: now, atLeast: retryAfter)
    }

    public mutating func processed(isDone: Bool) -> [Action] {
        guard self.state == .processing else { return [] }
        return isDone ? self.enter(.done, .done) : self.park(.failed)
    }

    public mutating func timerFired(_ token: UInt64, now: Duration) -> [Action] {
        guard token == self.token else { return [] }
        switch self.state {
        case .waiting: return self.send()
        case .unknown: return [.search]
        case .processing: return [.askForProgress]
        case .intended, .sending, .done, .parked: return []
        }
    }

    /// A person, or a queue that was told to, wants it now. What may have been received already is looked for first;
    /// where nobody can look, the person's word is the answer.
    public mutating func retryRequested(now: Duration) -> [Action] {
        switch self.state {
        case .intended, .waiting: return self.send()
        case .unknown: return self.retryUnknown()
        case .parked:
            self.memory.failures = 0
            self.memory.rejections = 0
            self.memory.resends = 0
            if self.memory.note != nil { return self.enter(.processing, .processing) + [.reprocess] }
            return self.memory.isUncertain && self.policy.canSearch ? self.retryUnknown() : self.send()
        case .sending, .processing, .done: return []
        }
    }

    /// Nothing more is sent until a release or a retry is asked for. A request on its way ends as it ends.
    public mutating func holdRequested() -> [Action] {
        switch self.state {
        case .intended, .waiting, .unknown, .parked: self.park(.held)
        case .sending, .processing, .done: []
        }
    }

    /// It takes its turn again, as if it had never been held. An unknown outcome is still one.
    public mutating func releaseRequested() -> [Action] {
        guard self.state == .parked(.held) else { return [] }
        if self.memory.note != nil { return self.park(.failed) }
        guard self.memory.isUncertain else { return self.enter(.intended, .intended) }
        return self.policy.canSearch ? self.enter(.unknown, .unknown) : self.park(.unknown)
    }
}

extension DeliveryStateMachine {
    private mutating func enter(_ state: State, _ stage: DeliveryMemory.Stage) -> [Action] {
        self.state = state
        self.memory.stage = stage
        // Whatever was scheduled before is stale.
        self.token += 1
        return [.store]
    }

    private mutating func send() -> [Action] {
        self.memory.attempts += 1
        self.memory.isUncertain = true
        self.memory.searches = 0
        self.memory.missed = .zero
        return self.enter(.sending, .sending) + [.send]
    }

    private mutating func accepted(_ note: String) -> [Action] {
        // A service that answers at once with all there is gives no id.
        self.memory.note = note.isEmpty ? nil : note
        self.memory.isUncertain = false
        self.memory.failures = 0
        guard self.policy.isProcessed else { return self.enter(.done, .done) }
        return self.enter(.processing, .processing) + [.askForProgress]
    }

    private mutating func park(_ reason: DeliveryMemory.ParkingReason) -> [Action] {
        if reason == .refused || reason == .rejected { self.memory.isUncertain = false }
        return self.enter(.parked(reason), .parked(reason))
    }

    private mutating func backOff(now: Duration, atLeast least: Duration? = nil) -> [Action] {
        self.memory.failures += 1
        self.memory.isUncertain = false
        guard self.memory.failures < self.policy.tryLimit else { return self.park(.exhausted) }
        let until = now + self.delay(self.memory.failures, atLeast: least)
        return self.enter(.waiting(until: until), .intended) + [.schedule(token: self.token, at: until)]
    }

    private mutating func outcomeUnknown(now: Duration) -> [Action] {
        guard self.policy.canSearch else { return self.park(.unknown) }
        self.pause = .zero
        return self.enter(.unknown, .unknown) + [.search]
    }

    /// The person says that the window need not be waited for, not that nobody should look.
    private mutating func retryUnknown() -> [Action] {
        self.pause = self.policy.missWindow + self.policy.indexingDelay * 2
        self.state = .unknown
        self.memory.stage = .unknown
        self.token += 1
        return [.store, .search]
    }

    private mutating func searchLater(now: Duration, atLeast least: Duration? = nil) -> [Action] {
        self.pause = self.delay(self.memory.searches + 1, atLeast: least)
        self.token += 1
        return [.schedule(token: self.token, at: now + self.pause)]
    }

    /// Doubling, with jitter: the n-th is between half and all of `firstDelay` × 2ⁿ⁻¹.
    private mutating func delay(_ number: Int, atLeast least: Duration?) -> Duration {
        let doubled = self.policy.firstDelay * (1 << min(max(number - 1, 0), 16))
        let jitter = Double.random(in: 0.5...1, using: &self.random)
        let asked = min(max(least ?? .zero, .zero), self.policy.longestRetryAfter)
        return max(min(doubled, self.policy.longestDelay) * jitter, asked)
    }
}
