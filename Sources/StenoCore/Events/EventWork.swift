/// What becomes of one event that a service announced: what it names is read, kept, and handed on.
///
/// ```
/// reading ──read──▶ handing ──handed on──▶ done
///    └────failed too often────▶ parked ◀────┘      a start takes parked ones up again
/// ```
///
/// Times are milliseconds since 1970, because an event outlives the process that took it.
public struct EventWork: Hashable, Sendable {
    /// The numbers are stored.
    public enum Stage: Int, Hashable, Sendable, CaseIterable {
        /// What it names is still to be read.
        case reading = 0
        /// It was read and kept, and is still to be handed on.
        case handing = 1
        case done = 2
        /// It failed too often; a person, or the next start, takes it up again.
        case parked = 3
    }

    /// How reading ended.
    public enum Reading: Hashable, Sendable {
        /// It is there, or there is nothing to read.
        case whole
        /// The far side is still making it.
        case unfinished
        case failed(retryAfter: Duration?)
    }

    /// Why a step was not the last.
    public enum Step: Hashable, Sendable {
        /// What was read is to be kept and handed on now.
        case keep
        case again
        case park
        case end
    }

    public private(set) var stage: Stage
    /// Of the present stage, one after the other.
    public private(set) var tries: Int
    /// Not before this.
    public private(set) var due: Int64
    public let received: Int64
    /// It says what an earlier one said: it is told only if what it names has changed.
    public let isEcho: Bool

    /// - Parameter due: for an echo, when it is looked at.
    public init(received: Int64, due: Int64? = nil, isEcho: Bool = false) {
        self.init(stage: .reading, tries: 0, due: due ?? received, received: received, isEcho: isEcho)
    }

    /// As it was stored.
    public init(stage: Stage, tries: Int, due: Int64, received: Int64, isEcho: Bool) {
        self.stage = stage
        self.tries = max(0, tries)
        self.due = due
        self.received = received
        self.isEcho = isEcho
    }

    /// A program begins, after whatever ended the one before.
    public mutating func restarted(at now: Int64) {
        guard self.stage == .parked else { return }
        // What was read is read again: it may be days old.
        self.stage = .reading
        self.tries = 0
        self.due = now
    }

    public mutating func read(_ reading: Reading, at now: Int64, _ policy: EventPolicy, chance: Double) -> Step {
        guard self.stage == .reading else { return .end }
        switch reading {
        case .unfinished where self.age(at: now) < policy.patience.wholeMilliseconds:
            self.tries = min(self.tries, 60) + 1
            self.wait(policy.look(afterTries: self.tries), from: now)
            return .again
        case .whole, .unfinished:
            (self.stage, self.tries, self.due) = (.handing, 0, now)
            return .keep
        case .failed(let retryAfter):
            return self.failed(at: now, policy, chance: chance, retryAfter: retryAfter)
        }
    }

    /// What was read is what was told before.
    public mutating func isOldNews() {
        if self.stage == .handing { self.stage = .done }
    }

    public mutating func handed(_ isTaken: Bool, at now: Int64, _ policy: EventPolicy, chance: Double) -> Step {
        guard self.stage == .handing else { return .end }
        guard !isTaken else {
            self.stage = .done
            return .end
        }
        return self.failed(at: now, policy, chance: chance, retryAfter: nil)
    }

    /// The clock may have been set back since `due` was written: nothing waits longer than the longest delay.
    public func isDue(at now: Int64, _ policy: EventPolicy) -> Bool {
        guard self.stage == .reading || self.stage == .handing else { return false }
        let longest = max(policy.longestDelay, policy.longestLook, EventNovelty.echoWindow).wholeMilliseconds
        let (wait, overflow) = self.due.subtractingReportingOverflow(now)
        return self.due <= now || overflow || wait > longest + longest / 4
    }

    private mutating func failed(at now: Int64, _ policy: EventPolicy, chance: Double, retryAfter: Duration?) -> Step {
        self.tries += 1
        guard self.tries < policy.tryLimit else {
            self.stage = .parked
            return .park
        }
        let delay = policy.delay(afterTries: self.tries, chance: chance)
        self.wait(max(delay, min(retryAfter ?? .zero, policy.longestDelay)), from: now)
        return .again
    }

    private mutating func wait(_ delay: Duration, from now: Int64) {
        self.due = now.addingReportingOverflow(delay.wholeMilliseconds).partialValue
    }

    private func age(at now: Int64) -> Int64 {
        let (age, overflow) = now.subtractingReportingOverflow(self.received)
        return overflow ? .max : max(0, age)
    }
}

extension Duration {
    /// Rounded down, and bounded to what a century needs.
    fileprivate var wholeMilliseconds: Int64 {
        let seconds = min(max(self.components.seconds, 0), 4_000_000_000)
        return seconds * 1_000 + max(0, self.components.attoseconds) / 1_000_000_000_000_000
    }
}
