import StenoCore
import StenoHTTP

extension SessionStateMachine.CreationFailure {
    init(_ error: ServiceError) {
        switch error.reason {
        case .refused: self = .refused
        case .misconfigured, .rejected: self = .wrongRequest
        case .throttled: self = .throttled(retryAfter: error.retryAfter)
        // One session more is harmless, so an answer that was lost is like none at all.
        case .unreachable, .unavailable, .unknownOutcome, .cancelled: self = .transient
        }
    }
}
