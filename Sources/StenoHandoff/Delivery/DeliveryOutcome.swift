package import StenoCore
package import StenoHTTP
package import StenoStore

/// How far a worker brought a delivery.
package struct DeliveryOutcome: Sendable {
    package enum End: Sendable {
        case done
        case parked(DeliveryMemory.ParkingReason)
        /// It goes on later: a pause is due that is longer than there was patience for.
        case waiting
        /// The far side works on it still.
        case processing
        /// Skipped, dropped or held before this.
        case closed
        /// Another worker, as a rule of another process, is at it or was.
        case busy(StoreError)
        /// The disk refused, and so nothing more was done.
        case notStored(StoreError)
    }

    package var end: End
    /// As it stands on the disk; `nil` when it could not be read.
    package var delivery: StoredDelivery?
    /// The kind of the last error of the service.
    package var failure: ServiceError.Reason?

    package init(_ end: End, _ delivery: StoredDelivery?, failure: ServiceError.Reason? = nil) {
        self.end = end
        self.delivery = delivery
        self.failure = failure
    }
}

/// What a worker tells on its way.
package enum DeliveryNews: Sendable {
    case sending
    /// Nobody knows whether it was received, so our own mark is looked for.
    case searching
    case waiting(Duration, reason: String?)
    case processing
    case warning(String)
}

/// How long a worker stays with one delivery.
package struct DeliveryPatience: Hashable, Sendable {
    /// From its beginning, over all pauses between tries and searches.
    package var tries: Duration
    /// From when on the far side works on it.
    package var processing: Duration

    package init(tries: Duration, processing: Duration) {
        self.tries = tries
        self.processing = processing
    }

    /// Each delivery is tried once.
    package static let once = DeliveryPatience(tries: .zero, processing: .zero)
    /// Until it is done or parked.
    package static let endless = DeliveryPatience(tries: .seconds(1 << 40), processing: .seconds(1 << 40))
}
