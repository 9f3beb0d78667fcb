/// Whether an event is one that was here before.
public enum EventNovelty: Hashable, Sendable {
    case new
    /// The same delivery again: it is acknowledged, and nothing else happens.
    case known
    /// Another delivery that says what one of the last minute said. The service may have given one event two ids, or what
    /// it names may have changed twice; so it is looked at when the minute is over, and told if there is anything new.
    case echo(due: Int64)

    /// How long the id of a delivery is remembered: 7 days. The service signs no time stamp, so this is all that tells a
    /// replay.
    public static let memory: Duration = .seconds(604_800)
    public static let echoWindow: Duration = .seconds(60)

    /// - Parameters:
    ///   - sameDelivery: when a delivery of this id came last, in milliseconds since 1970.
    ///   - sameContent: when an event with the same type and ids came last.
    public init(sameDelivery: Int64?, sameContent: Int64?, at now: Int64) {
        if let sameDelivery, Self.isWithin(Self.memory, from: sameDelivery, to: now) {
            self = .known
        } else if let sameContent, Self.isWithin(Self.echoWindow, from: sameContent, to: now) {
            self = .echo(due: now.addingReportingOverflow(Self.milliseconds(Self.echoWindow)).partialValue)
        } else {
            self = .new
        }
    }

    /// What came later than now came before the clock was set back.
    private static func isWithin(_ window: Duration, from then: Int64, to now: Int64) -> Bool {
        let (age, overflow) = now.subtractingReportingOverflow(then)
        return overflow ? then > now : age < Self.milliseconds(window)
    }

    private static func milliseconds(_ duration: Duration) -> Int64 { duration.components.seconds * 1_000 }
}
