import StenoCore
import StenoHandoff
import StenoHTTP
package import StenoStore

extension Settings {
    /// What a delivery to the target belongs to; `nil` for a target that nothing is sent to. Nothing that was meant for
    /// one service, or for a trial, ever goes to another.
    package func deliveryRealm(of target: String, isSandboxed: Bool) -> String? {
        switch Self.deliveryBase(of: target) {
        case ConnectVetsDelivery.name: isSandboxed ? "sandbox" : self.connectVets.baseURL.value.origin
        case SummaryKind.invox.rawValue, SummaryKind.invoxSOAP.rawValue:
            isSandboxed ? "sandbox" : self.invox.baseURL?.value.origin
        default: nil
        }
    }

    /// A delivery that was never asked for before, with a mark of its own.
    ///
    /// - Parameter recording: the realm of its recording, for what is made by who recognises it.
    package func freshDelivery(
        _ target: String,
        _ order: DeliveryOrder,
        isSandboxed: Bool,
        recording: String
    ) -> StoredDelivery {
        let mark = DeliveryMark.fresh(externalID: order.visit?.externalID)
        return StoredDelivery(
            id: mark.delivery,
            target: target,
            realm: self.deliveryRealm(of: target, isSandboxed: isSandboxed) ?? recording,
            externalID: mark.externalID,
            order: order.bytes,
            begun: WallClock.now()
        )
    }

    /// Whether the service of the target can be asked for our own mark.
    static func canSearch(_ target: String) -> Bool { self.deliveryBase(of: target) == ConnectVetsDelivery.name }

    /// `connectvets/2` is a part of what goes to `connectvets`.
    package static func deliveryBase(of target: String) -> String {
        target.split(separator: "/").first.map(String.init) ?? target
    }
}

extension RecordingDelivery {
    /// Its service can be asked for our own mark. Where it cannot, only a person knows what an unknown outcome was.
    package var isSearchable: Bool { Settings.canSearch(self.target) }
}
