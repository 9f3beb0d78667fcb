/// Why a service did not do what it was asked, in terms a caller can act on.
///
/// The message names the service, what happened and what to do. It never holds a header value, a body, an identifier
/// or a text of the far side; the latter is kept in ``explanation``, which cannot be printed by accident.
package struct ServiceError: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// No connection, a connection without TLS we can trust, or no answer in time, before the far side could act.
        case unreachable
        /// 5xx, or an answer that is not the service's (a gateway's page, a cut body): it may work later.
        case unavailable
        /// 429: later, see ``ServiceError/retryAfter``.
        case throttled
        /// 401, 403: the key, its permission, or the subscription.
        case refused
        /// The address, a setting, or a file of ours is wrong; repeating changes nothing.
        case misconfigured
        /// The service read the request and says no: 400, 413, 422 and their like.
        case rejected
        /// The request left and no answer came that can be trusted: the far side may have acted.
        case unknownOutcome
        /// The caller gave up before the far side could act.
        case cancelled
    }

    /// What a run ends with if this error is the last word.
    package enum Outcome: Hashable, Sendable {
        /// Exit 69, or 75 when the work is queued.
        case unreachable
        /// Exit 77.
        case refused
        /// Exit 78.
        case misconfigured
        /// Exit 75: a person or a search decides.
        case unknownOutcome
        /// Exit 75: parked, with its reason.
        case rejected
        case cancelled
    }

    package let reason: Reason
    /// The service as people call it: `Juvoly`, `Invox`, `ConnectVets`.
    package let service: String
    /// The HTTP status, if one came.
    package let status: Int?
    /// The delay the service asks for.
    package let retryAfter: Duration?
    /// What happened and what to do.
    package let message: String
    /// What the service itself said, if anything.
    package let explanation: ServerText?

    package init(
        _ reason: Reason,
        service: String,
        status: Int? = nil,
        retryAfter: Duration? = nil,
        message: String,
        explanation: ServerText? = nil
    ) {
        self.reason = reason
        self.service = service
        self.status = status
        self.retryAfter = retryAfter
        self.message = message
        self.explanation = explanation
    }

    /// Whether the same request may succeed later without anybody changing anything, and repeating it is harmless.
    package var isTransient: Bool {
        switch self.reason {
        case .unreachable, .unavailable, .throttled: true
        case .refused, .misconfigured, .rejected, .unknownOutcome, .cancelled: false
        }
    }

    package var outcome: Outcome {
        switch self.reason {
        case .unreachable, .unavailable, .throttled: .unreachable
        case .refused: .refused
        case .misconfigured: .misconfigured
        case .rejected: .rejected
        case .unknownOutcome: .unknownOutcome
        case .cancelled: .cancelled
        }
    }
}

extension ServiceError: CustomStringConvertible {
    package var description: String { self.message }
}
