/// The bounds that the work on an announced event keeps to.
public struct EventPolicy: Hashable, Sendable {
    /// Between two tries: doubled each time, with a tenth of chance, at most `longestDelay`.
    public var firstDelay: Duration = .seconds(5)
    public var longestDelay: Duration = .seconds(600)
    /// Failures one after the other, after which an event is parked: it must not be tried for ever, and a person should
    /// hear of it. With the delays above, two hours.
    public var tryLimit = 16
    /// What is still being made on the far side is looked at again after 10, 20, 40 … 120 s (contract NxVET §7.3) …
    public var firstLook: Duration = .seconds(10)
    public var longestLook: Duration = .seconds(120)
    /// … until it is this old; then it is taken as it is (contract NxVET §6.1).
    public var patience: Duration = .seconds(1_800)

    public init() {}

    /// - Parameters:
    ///   - tries: how many there were, at least 1.
    ///   - chance: from 0 up to 1.
    func delay(afterTries tries: Int, chance: Double) -> Duration {
        Self.doubled(self.firstDelay, tries, atMost: self.longestDelay) * (1 + min(max(chance, 0), 1) / 10)
    }

    /// From one look at what is still being made to the next.
    public func look(afterTries tries: Int) -> Duration {
        Self.doubled(self.firstLook, tries, atMost: self.longestLook)
    }

    private static func doubled(_ first: Duration, _ tries: Int, atMost longest: Duration) -> Duration {
        var delay = first
        for _ in 1..<max(tries, 1) {
            guard delay < longest else { break }
            delay = delay * 2
        }
        return min(delay, longest)
    }
}
