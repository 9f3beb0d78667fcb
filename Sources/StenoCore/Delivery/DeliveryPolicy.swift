/// The bounds a hand-off keeps to.
public struct DeliveryPolicy: Hashable, Sendable {
    /// The service can be searched for what we sent. Where it cannot, only a person knows what an unknown outcome was.
    public var canSearch = true
    /// The far side works on what it was given, and says later that it is done.
    public var isProcessed = false
    /// Between two tries: doubled each time, with jitter, at most `longestDelay`.
    public var firstDelay: Duration = .seconds(2)
    public var longestDelay: Duration = .seconds(300)
    /// A service that asks for a longer pause than this is asked again all the same.
    public var longestRetryAfter: Duration = .seconds(3_600)
    /// Refusals of the request itself after which it is parked: it will not get better by itself.
    public var rejectionLimit = 1
    /// Tries that surely were not received, one after the other, after which a hand-off is parked: it must not hold up
    /// a queue for ever, and a person should hear of it.
    public var tryLimit = 100
    /// After an unknown outcome: how long searches must find nothing before the same thing is sent again.
    public var missWindow: Duration = .seconds(300)
    /// The longest time a service is known to need before a search finds what it stored.
    public var indexingDelay: Duration = .seconds(60)
    /// How often one hand-off is sent again after an unknown outcome; then a person decides.
    public var resendLimit = 3

    public init() {}
}
