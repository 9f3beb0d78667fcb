internal import StenoHTTP
internal import StenoWire

/// Says what an answer of NxVET means for the person (contract NxVET §8).
struct NxVETErrors {
    let general = ServiceErrors(
        service: "NxVET",
        addressSetting: "NXVET_BASE_URL",
        keySettings: "NXVET_API_KEY and NXVET_ORG_ID"
    )

    /// For every status that is not a success.
    /// - Parameter subject: what the address names, such as `label`; `nil` for a call that names nothing of its own.
    func error(
        _ answer: HTTPAnswer,
        at url: ServiceURL,
        subject: String?,
        secondsSince1970: Int64
    ) -> ServiceError {
        let explanation = Self.explanation(answer)
        let verdict: (reason: ServiceError.Reason, message: String)?
        switch (answer.status, subject) {
        case (401, _):
            // The vendor's pages name two places where keys are made (NC-17).
            verdict = (
                .refused,
                "NxVET refused the API key (401): it is wrong, revoked or expired. Make one at "
                    + "https://app.nx.vet/integrations (API Keys), or in Organization > Developer, and set NXVET_API_KEY."
            )
        case (403, _):
            verdict = (
                .refused,
                "The NxVET API key does not permit this (403). A key is for one organisation: check NXVET_ORG_ID."
            )
        case (404, let subject?):
            verdict = (
                .rejected,
                "NxVET has no such \(subject) (404), or not for this key. Check the id, and NXVET_BASE_URL."
            )
        default: verdict = nil
        }
        guard let verdict else {
            let delay = answer.retryAfter(secondsSince1970: secondsSince1970)
            return self.general.status(answer, at: url, retryAfter: delay, explanation: explanation)
        }
        return ServiceError(
            verdict.reason,
            service: self.general.service,
            status: answer.status,
            message: verdict.message,
            explanation: explanation
        )
    }

    /// The service says no in an answer that may even be a success.
    func rejection(_ message: String, _ answer: HTTPAnswer) -> ServiceError {
        ServiceError(
            .rejected,
            service: self.general.service,
            status: answer.status,
            message: message,
            explanation: Self.explanation(answer)
        )
    }

    /// What we refuse to send at all.
    static func refusal(_ message: String) -> ServiceError {
        ServiceError(.rejected, service: "NxVET", message: message)
    }

    /// Not documented; `error` at the root was seen, `message` is documented for two calls.
    static func explanation(_ answer: HTTPAnswer) -> ServerText? {
        guard let json = answer.json else { return ServerText(bytes: answer.body) }
        return (json["message"]?.string ?? json["error"]?.string ?? json["error"]?["message"]?.string)
            .flatMap { ServerText($0) }
    }
}
