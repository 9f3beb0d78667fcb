package import StenoCore

/// One hand-off as it stands in a recording, with all that is needed to go on with it years later.
package struct StoredDelivery: Hashable, Sendable {
    /// Why nothing more will be done, although the far side has nothing. Raw values are interface: they stand in files.
    package enum Closing: String, Hashable, Sendable {
        /// There was nothing to hand over.
        case skipped
        /// A person gave it up.
        case dropped
    }

    /// A UUID of our own: the mark that a note of it carries.
    package let id: String
    /// Such as `invox` or `connectvets`; further parts of one recording are `connectvets/2` and so on.
    package let target: String
    /// The origin of the service it belongs to: nothing of it ever goes anywhere else.
    package let realm: String
    /// By what the far side finds it: the person's own reference, or the id. Sealed.
    package var externalID: String
    /// What is asked for, as JSON of whoever made it. Sealed, and not read here.
    package var order: [UInt8]
    package var memory: DeliveryMemory
    package var closing: Closing?
    /// Why it stands where it stands, in words without patient data.
    package var reason: String?
    /// What came back, as JSON of whoever made it. Sealed, and not read here.
    package var result: [UInt8]?
    /// Milliseconds since 1970.
    package var begun: Int64
    package var changed: Int64

    package init(
        id: String,
        target: String,
        realm: String,
        externalID: String? = nil,
        order: [UInt8],
        memory: DeliveryMemory = DeliveryMemory(),
        begun: Int64
    ) {
        self.id = id
        self.target = target
        self.realm = realm
        self.externalID = externalID ?? id
        self.order = order
        self.memory = memory
        self.begun = begun
        self.changed = begun
    }

    /// Something is left to do, if only by a person.
    package var isOpen: Bool { self.closing == nil && self.memory.stage != .done }

    /// What can be told of it without its key.
    package var summary: RecordingDelivery {
        RecordingDelivery(
            id: self.id,
            target: self.target,
            realm: self.realm,
            memory: self.memory,
            closing: self.closing,
            reason: self.reason,
            begun: self.begun,
            changed: self.changed
        )
    }
}
