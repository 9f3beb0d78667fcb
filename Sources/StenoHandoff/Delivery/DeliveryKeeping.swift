package import StenoStore

/// Where one delivery is written down.
package protocol DeliveryKeeping: Sendable {
    /// Takes the delivery, so that nobody else works on it while the result is held, and says where it stands.
    ///
    /// - Throws: `inUse` when somebody else has it.
    func take() throws(StoreError) -> (delivery: StoredDelivery, hold: any Sendable)

    /// Survives a power cut when it returns.
    func store(_ delivery: StoredDelivery) throws(StoreError)
}

/// A delivery in the book of its recording.
package struct BookedDelivery: DeliveryKeeping {
    package let book: DeliveryBook
    package let id: String
    package let target: String

    package init(_ book: DeliveryBook, id: String, target: String) {
        self.book = book
        self.id = id
        self.target = target
    }

    package func take() throws(StoreError) -> (delivery: StoredDelivery, hold: any Sendable) {
        let lock = try DeliveryLock(self.book.place, target: self.target)
        guard let delivery = try self.book.delivery(self.id) else { throw StoreError(.gone, self.book.place.id) }
        return (delivery, lock)
    }

    package func store(_ delivery: StoredDelivery) throws(StoreError) { try self.book.store(delivery) }
}
