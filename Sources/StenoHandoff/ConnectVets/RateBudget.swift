/// Keeps a client from asking for what a service will refuse: counts down what the service said is left, and holds the
/// rest back until its window begins anew (contract ConnectVets §8).
struct RateBudget: Hashable, Sendable {
    private struct Window: Hashable {
        var remaining: Int
        var end: Duration
    }

    /// Windows whose ends differ by less are one: the service tells whole seconds.
    private static let sameWindow = Duration.seconds(2)

    private var window: Window?

    /// Takes one request out of the window.
    ///
    /// - Returns: how long it has to wait; after that it asks again.
    mutating func reserve(at now: Duration) -> Duration? {
        guard let window = self.window, now < window.end else {
            self.window = nil
            return nil
        }
        guard window.remaining > 0 else { return window.end - now }
        self.window?.remaining -= 1
        return nil
    }

    /// The service told what is left, and when the window ends. Of two answers about one window the lower counts, since
    /// answers may overtake one another.
    mutating func told(remaining: Int, end: Duration) {
        let remaining = max(0, remaining)
        guard let window = self.window, window.end - end < Self.sameWindow, end - window.end < Self.sameWindow else {
            self.window = Window(remaining: remaining, end: end)
            return
        }
        self.window = Window(remaining: min(window.remaining, remaining), end: max(window.end, end))
    }
}
