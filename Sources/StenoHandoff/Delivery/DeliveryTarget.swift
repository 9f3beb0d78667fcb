package import StenoCore
package import StenoHTTP
package import StenoStore

/// Where one recording is handed over: a service, with what it is to be given. It asks once; when and how often is
/// decided by whoever uses it.
package protocol DeliveryTarget: Sendable {
    /// What shares its limits: all deliveries of one name wait for one another where the service asks for it.
    var name: String { get }

    func policy(for delivery: StoredDelivery) -> DeliveryPolicy

    /// One request, with the same mark and the same values each time.
    func send(_ delivery: StoredDelivery) async -> DeliveryTry

    /// Looks for our own mark. Never called where the policy says that there is no search.
    func search(for delivery: StoredDelivery) async -> DeliverySearch

    /// Asks how far the far side is. Never called where the policy says that nothing is processed.
    func progress(of note: String, _ delivery: StoredDelivery) async -> DeliveryProgress

    /// Has the far side process a note again that it could not process. Called under the same condition.
    func reprocess(_ note: String, _ delivery: StoredDelivery) async -> DeliveryProgress
}

/// What one request came to.
package struct DeliveryTry: Sendable {
    package var answer: DeliveryStateMachine.Answer
    /// Why it is no success, in words without patient data.
    package var reason: String?
    /// The kind of error, for exit codes and for the others who wait for the same service.
    package var failure: ServiceError.Reason?
    /// What came back, to be kept.
    package var result: [UInt8]?

    package init(
        _ answer: DeliveryStateMachine.Answer,
        reason: String? = nil,
        failure: ServiceError.Reason? = nil,
        result: [UInt8]? = nil
    ) {
        self.answer = answer
        self.reason = reason
        self.failure = failure
        self.result = result
    }

    /// What an error means for the delivery. Whoever throws it knows whether anything may have been received.
    package init(_ error: ServiceError) {
        let answer: DeliveryStateMachine.Answer =
            switch error.reason {
            case .unreachable, .unavailable, .throttled, .cancelled: .notReceived(retryAfter: error.retryAfter)
            case .refused: .refused
            case .misconfigured, .rejected: .rejected
            case .unknownOutcome: .unknown
            }
        self.init(answer, reason: error.message, failure: error.reason)
    }
}

package enum DeliverySearch: Sendable {
    /// Ids of what carries our mark, the oldest first.
    case found([String])
    /// It says nothing.
    case failed(ServiceError)
}

package enum DeliveryProgress: Sendable {
    case done(result: [UInt8]?, warning: String? = nil)
    case failed(reason: String)
    /// Worth asking again after this.
    case working(askAgain: Duration)
    /// The question itself did not work.
    case unclear(ServiceError)
}
