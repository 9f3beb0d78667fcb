package import StenoCore

/// One event as it is kept.
package struct StoredEvent: Hashable, Sendable {
    package let id: Int64
    /// As the service named the delivery, if it did.
    package let delivery: String?
    /// Type and ids: equal for events that say the same.
    package let content: String
    /// As it came.
    package let body: [UInt8]
    package var work: EventWork
    /// What is to be told of it.
    package var result: [UInt8]?
    /// Of what was read for it: equal when nothing has changed.
    package var digest: [UInt8]?
}

/// What became of an event that was to be kept.
package enum EventAddition: Hashable, Sendable {
    case added(id: Int64)
    /// Its delivery was here before.
    case known
}
