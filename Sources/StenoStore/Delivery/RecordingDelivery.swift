package import StenoCore

/// How far one hand-off of a recording has come: everything about it that is not sealed.
package struct RecordingDelivery: Hashable, Sendable {
    package var id: String
    /// Such as `soep`, `invox`, `connectvets`.
    package var target: String
    /// The origin of the service it belongs to.
    package var realm: String
    package var memory: DeliveryMemory
    package var closing: StoredDelivery.Closing?
    /// Why it stands where it stands, in words without patient data.
    package var reason: String?
    /// Milliseconds since 1970.
    package var begun: Int64
    package var changed: Int64

    package init(
        id: String,
        target: String,
        realm: String,
        memory: DeliveryMemory,
        closing: StoredDelivery.Closing? = nil,
        reason: String? = nil,
        begun: Int64,
        changed: Int64
    ) {
        self.id = id
        self.target = target
        self.realm = realm
        self.memory = memory
        self.closing = closing
        self.reason = reason
        self.begun = begun
        self.changed = changed
    }

    /// The far side's own id. A target that gives none has an empty one.
    package var note: String? { self.memory.note.flatMap { $0.isEmpty ? nil : $0 } }

    /// Something is left to do, if only by a person.
    package var isOpen: Bool { self.closing == nil && self.memory.stage != .done }

    /// One word for a person: `intended`, `sending`, `unknown`, `processing`, `done`, `parked`, `skipped`, `dropped`.
    package var state: String { self.closing?.rawValue ?? self.memory.stage.word }

    /// Why it is parked; `nil` when it is not.
    package var parking: DeliveryMemory.ParkingReason? {
        if self.closing == nil, case .parked(let reason) = self.memory.stage { reason } else { nil }
    }
}

extension DeliveryMemory.Stage {
    /// As it stands in a file. Interface.
    var word: String {
        switch self {
        case .intended: "intended"
        case .sending: "sending"
        case .unknown: "unknown"
        case .processing: "processing"
        case .done: "done"
        case .parked: "parked"
        }
    }

    /// Of what stands in a file.
    ///
    /// - Parameter parking: read only when it is parked. A reason that a later program named is one for a person, too.
    init?(word: String, parking: String?) {
        switch word {
        case "intended": self = .intended
        case "sending": self = .sending
        case "unknown": self = .unknown
        case "processing": self = .processing
        case "done": self = .done
        case "parked": self = .parked(parking.flatMap(DeliveryMemory.ParkingReason.init) ?? .unknown)
        default: return nil
        }
    }
}
