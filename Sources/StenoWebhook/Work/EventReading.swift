package import StenoWire

/// What reading the thing that an event names came to.
package enum EventReading: Hashable, Sendable {
    /// - Parameter isFinished: false while the service is still making it.
    case found(JSONValue, isFinished: Bool)
    /// The service does not have it any more.
    case gone
    /// Later it may be there.
    case failed(reason: String, retryAfter: Duration?)
}
