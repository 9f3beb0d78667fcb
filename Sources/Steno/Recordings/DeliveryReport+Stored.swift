package import StenoStore
import StenoCore

extension DeliveryReport {
    /// How a stored delivery stands, in the words of a run.
    package init(_ delivery: RecordingDelivery) {
        self.init(
            target: delivery.target,
            state: State(delivery),
            noteID: delivery.note,
            reason: delivery.reason
        )
    }
}

extension DeliveryReport.State {
    package init(_ delivery: RecordingDelivery) {
        switch delivery.closing {
        case .skipped: self = .skipped
        case .dropped: self = .dropped
        case nil: self.init(delivery.memory)
        }
    }

    private init(_ memory: DeliveryMemory) {
        switch memory.stage {
        case .intended: self = memory.attempts > 0 ? .waiting : .intended
        case .sending, .unknown: self = .unknown
        case .processing: self = .processing
        case .done: self = .done
        case .parked(.refused): self = .refused
        case .parked(.rejected), .parked(.exhausted), .parked(.failed): self = .failed
        case .parked(.unknown): self = .unknown
        case .parked(.held): self = .held
        }
    }
}
