internal import StenoHTTP
internal import Synchronization

/// What all calls of one client know together: what is left of the rate limit, and which retry route there is.
final class ConnectVetsMemory: Sendable {
    private struct State {
        var budget = RateBudget()
        var retryRoute: ConnectVetsClient.RetryRoute?
    }

    /// Held for a few instructions at a time.
    private let state = Mutex(State())

    init() {}

    /// The route that worked (CC-33).
    var retryRoute: ConnectVetsClient.RetryRoute? {
        get { self.state.withLock { $0.retryRoute } }
        set { self.state.withLock { $0.retryRoute = newValue } }
    }

    /// Waits until the service will take one more request.
    func turn(_ time: Timekeeper) async throws(ServiceError) {
        while let delay = self.state.withLock({ $0.budget.reserve(at: time.now()) }) {
            do {
                try await time.sleep(delay)
            } catch {
                throw ServiceError(
                    .cancelled,
                    service: "ConnectVets",
                    message: "The request to ConnectVets was cancelled while it waited for its turn."
                )
            }
        }
    }

    /// Reads the headers of an answer, before a 429 as after it.
    func heard(_ answer: HTTPAnswer, _ time: Timekeeper) {
        guard let left = answer.header("x-ratelimit-remaining-minute").flatMap({ Int($0) }),
            let end = answer.header("x-ratelimit-reset-minute"),
            let delay = RetryAfter.until(end, secondsSince1970: time.secondsSince1970())
        else { return }
        self.state.withLock { $0.budget.told(remaining: left, end: time.now() + delay) }
    }

    /// A 429 is for every call of this key, not only for the one that got it.
    func throttled(for delay: Duration, _ time: Timekeeper) {
        self.state.withLock { $0.budget.told(remaining: 0, end: time.now() + delay) }
    }
}
