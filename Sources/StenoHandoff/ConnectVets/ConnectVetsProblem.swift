internal import StenoHTTP
internal import StenoWire

/// The error body of ConnectVets in its many shapes (§5, CC-10), brought to one.
struct ConnectVetsProblem {
    /// What an error means, whatever the status code says: the same code comes with several (CC-11, CA-15).
    enum Meaning: Hashable {
        case key, permission, payment, notFound, noSection, badID, badInput, tooLarge, format, duration, quality,
            throttled,
            transient
    }

    /// Upper case; `nil` if there was none.
    let code: String?
    let text: ServerText?
    private let body: JSONValue?

    init(_ answer: HTTPAnswer) {
        let json = answer.json
        let nested = json?["error"].flatMap { $0.members == nil ? nil : $0 }
        self.body = nested ?? json
        let code = (nested ?? json)?["code"]?.string ?? json?["code"]?.string
        self.code = code.map { $0.uppercased() } ?? json?["error"]?.string.map { $0.uppercased() }
        let message = (nested ?? json)?["message"]?.string ?? json?["message"]?.string
        self.text = message.flatMap { ServerText($0) } ?? (json == nil ? ServerText(bytes: answer.body) : nil)
    }

    var meaning: Meaning? {
        switch self.code {
        case "MISSING_API_KEY", "INVALID_API_KEY", "UNAUTHORIZED": .key
        case "INSUFFICIENT_PERMISSIONS", "NOTE_ACCESS_DENIED", "FORBIDDEN": .permission
        case "SUBSCRIPTION_INACTIVE", "SUBSCRIPTION_EXPIRED", "QUOTA_EXCEEDED", "PAYMENT_REQUIRED": .payment
        case "NOTE_NOT_FOUND": .notFound
        case "SECTION_NOT_FOUND": .noSection
        case "INVALID_NOTE_ID": .badID
        case "MISSING_AUDIO_FILE", "VALIDATION_ERROR", "BAD_REQUEST": .badInput
        case "FILE_TOO_LARGE", "AUDIO_TOO_LARGE", "PAYLOAD_TOO_LARGE": .tooLarge
        case "INVALID_AUDIO_FORMAT", "UNSUPPORTED_FORMAT": .format
        case "AUDIO_DURATION_INVALID": .duration
        case "AUDIO_QUALITY_POOR", "AUDIO_QUALITY_LOW": .quality
        case "RATE_LIMIT_EXCEEDED", "TOO_MANY_REQUESTS": .throttled
        case "SERVICE_UNAVAILABLE", "GATEWAY_TIMEOUT", "PROCESSING_TIMEOUT", "TEMPORARY_ERROR": .transient
        default: nil
        }
    }

    /// The delay of a 429 by the first of five places that names one, else 30 s (CC-15).
    func delay(_ answer: HTTPAnswer, secondsSince1970 now: Int64) -> Duration {
        if let delay = answer.retryAfter(secondsSince1970: now) { return delay }
        if let value = self.body?["retry_after"] {
            if let seconds = value.double { return RetryAfter.clamped(seconds) }
            if let text = value.string, let delay = RetryAfter.duration(text, secondsSince1970: now) { return delay }
        }
        let moment = self.body?["details"]?["reset_at"]
        let moments = [
            moment?.string ?? moment?.int.map(String.init), answer.header("x-ratelimit-reset-minute"),
            answer.header("x-ratelimit-reset"),
        ]
        for case .some(let text) in moments {
            if let delay = RetryAfter.until(text, secondsSince1970: now) { return delay }
        }
        return .seconds(30)
    }
}
