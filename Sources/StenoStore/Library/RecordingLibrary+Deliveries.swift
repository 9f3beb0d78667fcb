import StenoCore

/// A hand-off that is not done.
package struct WaitingDelivery: Hashable, Sendable {
    package var place: RecordingPlace
    package var delivery: RecordingDelivery
    /// A process records, or finishes, the recording now, and hands it over itself.
    package var isRunning: Bool
}

extension RecordingLibrary {
    /// What is left to be delivered, in the order in which it was asked for. Cheap enough for every start: a recording of
    /// which all is done costs one look for its mark. What cannot be read is left out; `verify` finds it.
    package func waitingDeliveries() -> [WaitingDelivery] {
        PrivateFiles.names(in: self.recordings).flatMap { name -> [WaitingDelivery] in
            guard let place = try? RecordingPlace(id: name, in: self.recordings, vault: self.vault),
                place.isMarkedWaiting, place.exists, let info = try? RecordingInfo(place)
            else { return [] }
            let open = info.deliveries.filter(\.isOpen)
            // A crash left the mark.
            if open.isEmpty { try? DeliveryBook(place).settle() }
            let isRunning = if case .running = info.state { true } else { false }
            return open.map { WaitingDelivery(place: place, delivery: $0, isRunning: isRunning) }
        }.sorted { $0.delivery.begun < $1.delivery.begun }
    }

    /// The newest delivery that made a note of this content, as far as this machine knows.
    ///
    /// - Parameters:
    ///   - target: such as `connectvets`, with its parts.
    ///   - realm: of the delivery.
    package func delivered(content: String, target: String, realm: String) -> RecordingDelivery? {
        var found: RecordingDelivery?
        for place in self.places() {
            guard let info = try? RecordingInfo(place), info.description.content == content else { continue }
            for delivery in info.deliveries where delivery.target.split(separator: "/").first.map(String.init) == target
            {
                if delivery.realm == realm, delivery.memory.stage == .done, delivery.note != nil { found = delivery }
            }
        }
        return found
    }
}
