/// Turns what happened on the wire into a ``ServiceError``, in the same words for every service.
package struct ServiceErrors: Sendable {
    /// The service as people call it.
    package let service: String
    /// The setting that holds the address, as in `JUVOLY_REST_URL`.
    package let addressSetting: String
    /// The settings that hold the keys, as in `JUVOLY_API_KEY and JUVOLY_CLIENT_ID`.
    package let keySettings: String

    package init(service: String, addressSetting: String, keySettings: String) {
        self.service = service
        self.addressSetting = addressSetting
        self.keySettings = keySettings
    }

    /// From when on a request may have been carried out although no answer came.
    package enum PointOfNoReturn: Sendable {
        /// Repeating it is harmless.
        case never
        /// Nothing is certain once a byte of the body has left.
        case firstByte
        /// The service can only act on a whole request.
        case wholeBody

        func isPassed(_ progress: BodyProgress) -> Bool {
            switch self {
            case .never: false
            case .firstByte: progress != .notStarted
            case .wholeBody: progress == .whole
            }
        }
    }

    package func failure(_ failure: HTTPFailure, at url: ServiceURL, mayActFrom point: PointOfNoReturn) -> ServiceError
    {
        if point.isPassed(failure.progress), failure.cause != .bodyUnreadable {
            return self.unknownOutcome(status: nil)
        }
        let place = "\(self.service) (\(url.origin))"
        let answer: (ServiceError.Reason, String) =
            switch failure.cause {
            case .noConnection:
                (.unreachable, "\(place) cannot be reached. Check the network, and \(self.addressSetting).")
            case .connectionLost:
                (.unreachable, "\(place) closed the connection without an answer. Try again later.")
            case .timeLimit:
                (.unreachable, "\(place) did not answer in time. Try again later.")
            case .untrusted:
                (
                    .unreachable,
                    "No secure connection to \(place). Check this machine's clock and, for an authority of your own, "
                        + "tls.ca-file."
                )
            case .notHTTP:
                (.unavailable, "What answers at \(place) is not a web service. Check \(self.addressSetting).")
            case .badHeader:
                (.misconfigured, "A key has a line break or another forbidden character. Check \(self.keySettings).")
            case .bodyUnreadable:
                (.misconfigured, "The file for \(self.service) could not be read to its end. Check the file and disk.")
            case .badTrustFile(let error):
                (.misconfigured, error.description)
            case .cancelled:
                (.cancelled, "The request to \(self.service) was cancelled.")
            }
        return ServiceError(answer.0, service: self.service, message: answer.1)
    }

    /// For every status that is not a success.
    package func status(_ answer: HTTPAnswer, at url: ServiceURL, retryAfter: Duration?, explanation: ServerText? = nil)
        -> ServiceError
    {
        let place = "\(self.service) (\(url.origin))"
        let verdict: (ServiceError.Reason, String) =
            switch answer.status {
            case 401, 403:
                (.refused, "\(self.service) refused the credentials (\(answer.status)). Check \(self.keySettings).")
            case 404, 405:
                (.misconfigured, "\(place) does not know this call (\(answer.status)). Check \(self.addressSetting).")
            case 429:
                (.throttled, "\(self.service) asks to wait (429). Try again later.")
            case 408, 425, 500...599:
                (.unavailable, "\(self.service) is out of order (\(answer.status)). Try again later.")
            case 300...399:
                (
                    .misconfigured,
                    "\(place) points elsewhere (\(answer.status)), which is not followed. Check \(self.addressSetting)."
                )
            default:
                (.rejected, "\(self.service) did not accept the request (\(answer.status)).")
            }
        return ServiceError(
            verdict.0,
            service: self.service,
            status: answer.status,
            retryAfter: retryAfter,
            message: verdict.1,
            explanation: explanation
        )
    }

    /// A success whose content cannot be used.
    package func unreadable(_ answer: HTTPAnswer, at url: ServiceURL) -> ServiceError {
        ServiceError(
            .unavailable,
            service: self.service,
            status: answer.status,
            message: "\(self.service) (\(url.origin)) gave an answer that cannot be read. Try again later, and check "
                + "\(self.addressSetting)."
        )
    }

    package func unknownOutcome(status: Int?, explanation: ServerText? = nil) -> ServiceError {
        let what =
            switch status {
            case .none: "gave no answer"
            case .some(let status) where (200...299).contains(status): "gave an answer that cannot be read (\(status))"
            case .some(let status): "answered with an error (\(status))"
            }
        return ServiceError(
            .unknownOutcome,
            service: self.service,
            status: status,
            message: "\(self.service) \(what) after the request was sent. Whether it was carried out is unknown, so it "
                + "is not repeated.",
            explanation: explanation
        )
    }
}
