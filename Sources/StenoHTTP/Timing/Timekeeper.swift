internal import Glibc

/// Time and chance as the clients see them, so that a test decides both.
package struct Timekeeper: Sendable {
    /// Monotonic, from an arbitrary origin.
    package var now: @Sendable () -> Duration
    /// The wall clock, for answers that name a date.
    package var secondsSince1970: @Sendable () -> Int64
    /// Returns after the given time, or throws `CancellationError` when the task is cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// A number from 0 up to, but not including, 1; spreads the retries of many machines.
    package var chance: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> Duration,
        secondsSince1970: @escaping @Sendable () -> Int64,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        chance: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.secondsSince1970 = secondsSince1970
        self.sleep = sleep
        self.chance = chance
    }

    /// The clocks of this machine.
    package static let system: Timekeeper = {
        let start = ContinuousClock.now
        return Timekeeper(
            now: { ContinuousClock.now - start },
            secondsSince1970: { Int64(time(nil)) },
            sleep: { try await Task.sleep(for: $0) },
            chance: { Double.random(in: 0..<1) }
        )
    }()
}
