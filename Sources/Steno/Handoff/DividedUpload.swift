package import StenoAudio
package import StenoCore
import StenoHandoff
package import StenoStore

/// One upload of a recording that is longer than ConnectVets takes: as many deliveries as it has parts, each with a mark
/// and a state of its own.
package enum DividedUpload {
    /// Brings to the disk what is to become of each part, before the first of them is sent.
    ///
    /// - Parameters:
    ///   - book: of the recording.
    ///   - source: complete.
    /// - Returns: the targets there are then, the first part's first; only the one there was when it goes as a whole.
    /// - Throws: `UploadRefusal`, `AudioError`, or why the disk refuses.
    package static func divide(
        in book: DeliveryBook,
        _ source: any SampleSource,
        _ settings: Settings.ConnectVets
    ) throws -> [String] {
        let name = ConnectVetsDelivery.name
        let open = try book.all().filter { $0.isOpen && Settings.deliveryBase(of: $0.target) == name }
        // What was sent is a part already, or the whole.
        guard var first = open.last(where: { $0.target == name }), first.memory.attempts == 0,
            var order = DeliveryOrder(first.order), order.part == nil
        else { return open.map(\.target) }
        let parts = try settings.uploadPlan(for: source).parts
        guard parts.count > 1 else { return open.map(\.target) }
        var deliveries: [StoredDelivery] = []
        for part in parts {
            order.part = part
            if part.number == 1 {
                first.order = order.bytes
                deliveries.append(first)
            } else {
                let mark = DeliveryMark.fresh(externalID: order.visit?.externalID)
                deliveries.append(
                    StoredDelivery(
                        id: mark.delivery,
                        target: "\(name)/\(part.number)",
                        realm: first.realm,
                        externalID: mark.externalID,
                        order: order.bytes,
                        begun: first.begun
                    )
                )
            }
        }
        try book.store(deliveries)
        return deliveries.map(\.target)
    }
}
