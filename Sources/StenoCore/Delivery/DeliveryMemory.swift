/// What is stored of one hand-off. It is on the disk before any action that follows from it.
public struct DeliveryMemory: Hashable, Sendable {
    public enum Stage: Hashable, Sendable {
        /// Nothing was sent.
        case intended
        /// A request is on its way, or was when the program died.
        case sending
        /// A request was sent, and nobody knows what came of it.
        case unknown
        /// The far side has it and works on it.
        case processing
        case done
        case parked(ParkingReason)
    }

    /// Why nothing happens any more until a person says so. Raw values are interface: they stand in files.
    public enum ParkingReason: String, Hashable, Sendable, CaseIterable {
        /// The key, its permission or the subscription.
        case refused
        /// The service read it and says no.
        case rejected
        /// Nobody can find out whether the service has it.
        case unknown
        /// It was tried as often as it may be.
        case exhausted
        /// The far side could not process it.
        case failed
        /// A person asked for that.
        case held
    }

    public var stage: Stage = .intended
    /// Requests that were sent.
    public var attempts = 0
    /// Tries since the last that anything was known to be received of.
    public var failures = 0
    public var rejections = 0
    public var resends = 0
    /// Searches since the last request, and for how long they have found nothing.
    public var searches = 0
    public var missed: Duration = .zero
    /// An outcome is unknown still: parked or held, it is searched for before anything is sent.
    public var isUncertain = false
    /// The far side's own id.
    public var note: String?
    /// The service has more than one of it: the first is ours, a person may remove the others.
    public var duplicates = 0

    public init() {}
}
