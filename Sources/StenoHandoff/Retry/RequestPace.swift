/// Keeps a client from asking a service more often than is polite, for services that name no limit of their own.
struct RequestPace: Hashable, Sendable {
    /// Between two requests, and how many in a minute (contract NxVET §8).
    static let gap = Duration.milliseconds(500)
    static let perMinute = 60

    /// When the requests of the last minute leave, the latest last; at most ``perMinute``.
    private var departures: [Duration] = []

    /// Notes one more request and says how long it must wait for its turn.
    mutating func reserve(at now: Duration) -> Duration {
        var departure = now
        if let last = self.departures.last { departure = max(departure, last + Self.gap) }
        if self.departures.count == Self.perMinute {
            departure = max(departure, self.departures.removeFirst() + .seconds(60))
        }
        self.departures.append(departure)
        return departure - now
    }
}
