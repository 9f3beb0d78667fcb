internal import StenoHTTP
internal import StenoWire

/// Says what an answer of Invox means for the person (contract Invox §3.3).
enum InvoxErrors {
    static let token = ServiceErrors(
        service: "The Invox token service",
        addressSetting: "INVOX_TOKEN_URL",
        keySettings: "INVOX_APP_ID and INVOX_API_KEY"
    )
    static let summary = ServiceErrors(
        service: "Invox",
        addressSetting: "INVOX_BASE_URL",
        keySettings: "INVOX_APP_ID and INVOX_API_KEY"
    )
    static let cancelled = ServiceError(.cancelled, service: "Invox", message: "The request to Invox was cancelled.")
    static let noSpeech = ServiceError(
        .rejected,
        service: "Invox",
        message: "There is no speech in the transcript, so Invox was not asked for a summary."
    )

    /// A refused pair of credentials comes as 400 as well (§2.1).
    static func tokenRefusal(_ answer: HTTPAnswer, at url: ServiceURL, secondsSince1970: Int64) -> ServiceError {
        let delay = answer.retryAfter(secondsSince1970: secondsSince1970)
        let explanation = Self.explanation(answer)
        guard [400, 401, 403].contains(answer.status) else {
            return Self.token.status(answer, at: url, retryAfter: delay, explanation: explanation)
        }
        return ServiceError(
            .refused,
            service: Self.token.service,
            status: answer.status,
            message: "Invox refused the credentials (\(answer.status)). Check INVOX_APP_ID and INVOX_API_KEY.",
            explanation: explanation
        )
    }

    /// For every status of the summary call that is not a success.
    static func refusal(
        _ answer: HTTPAnswer,
        at url: ServiceURL,
        language: String,
        secondsSince1970: Int64
    ) -> ServiceError {
        let explanation = Self.explanation(answer)
        let isUndecided = (500...599).contains(answer.status) && answer.status != 503
        guard !isUndecided else {
            return Self.summary.unknownOutcome(status: answer.status, explanation: explanation)
        }
        guard let message = Self.message(answer, language: language) else {
            let delay = answer.retryAfter(secondsSince1970: secondsSince1970)
            return Self.summary.status(answer, at: url, retryAfter: delay, explanation: explanation)
        }
        return ServiceError(
            answer.status == 403 ? .refused : .rejected,
            service: Self.summary.service,
            status: answer.status,
            message: message,
            explanation: explanation
        )
    }

    private static func message(_ answer: HTTPAnswer, language: String) -> String? {
        switch (answer.status, answer.json?["errorType"]?.string) {
        case (403, _):
            "The Invox API key may not do this (403). Have CONSULTATION-SUMMARY enabled for INVOX_API_KEY."
        case (400, "invalidLanguage"):
            "Invox does not write in the language '\(language)' (400). Choose another with --language."
        case (400, "invalidOutputFormat"), (400, "missingOutputLanguage"):
            "Invox found the request itself wrong (400). This is a defect of steno: report it."
        case (413, _):
            "Invox finds the transcript too long (413). Summarise it in parts."
        default:
            nil
        }
    }

    /// `messsage` with three s is what the document prints; else `message`, else the beginning of the body (IC-1).
    private static func explanation(_ answer: HTTPAnswer) -> ServerText? {
        guard let json = answer.json else { return ServerText(bytes: answer.body) }
        return (json["messsage"]?.string ?? json["message"]?.string).flatMap { ServerText($0) }
    }
}
