package import StenoCore

extension RecognitionState {
    /// `nil` for a state that nobody needs to see.
    package init?(_ state: SessionStateMachine.State) {
        switch state {
        case .idle: return nil
        case .creatingSession, .dialling: self = .connecting
        case .awaitingReady: self = .waitingForReady
        case .streaming: self = .streaming
        case .draining: self = .draining
        case .summarising: self = .summarising
        case .waiting: self = .waiting
        case .closed: self = .closed
        }
    }
}
