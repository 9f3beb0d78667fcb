import StenoAudio
package import StenoCore
import StenoHandoff
package import StenoStore

extension DeliveryBook {
    /// Of what is too long for ConnectVets, each part becomes a delivery of its own, with a mark of its own, before any
    /// of them is sent. What a part is stands in its order from then on, whatever becomes of the settings.
    ///
    /// - Parameters:
    ///   - end: of the recording, which is whole.
    ///   - speech: where somebody speaks.
    /// - Returns: what is to be worked on: it alone, or its parts.
    /// - Throws: `UploadRefusal` when it cannot go there at all; then it is parked with that reason.
    package func divide(
        _ summary: RecordingDelivery,
        _ settings: Settings.ConnectVets,
        end: SamplePosition,
        speech: [AudioSpan]
    ) throws -> [RecordingDelivery] {
        guard summary.target == ConnectVetsDelivery.name, summary.memory.attempts == 0 else { return [summary] }
        let plan: UploadPlan
        do {
            plan = try settings.uploadPlan(end: end, speech: speech)
        } catch let refusal as UploadRefusal {
            guard var delivery = try self.delivery(summary.id) else { throw refusal }
            delivery.memory.stage = .parked(.rejected)
            delivery.reason = refusal.description
            try self.store(delivery)
            throw refusal
        }
        guard plan.parts.count > 1, var first = try self.delivery(summary.id),
            var order = DeliveryOrder(first.order), order.part == nil
        else { return [summary] }
        order.part = plan.parts[0]
        first.order = order.bytes
        let others = plan.parts.dropFirst().map { part in
            order.part = part
            let mark = DeliveryMark.fresh(externalID: order.visit?.externalID)
            return StoredDelivery(
                id: mark.delivery,
                target: "\(ConnectVetsDelivery.name)/\(part.number)",
                realm: first.realm,
                externalID: mark.externalID,
                order: order.bytes,
                begun: first.begun
            )
        }
        try self.store([first] + others)
        return [first.summary] + others.map(\.summary)
    }
}
