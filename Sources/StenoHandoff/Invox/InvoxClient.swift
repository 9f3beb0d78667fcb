package import StenoCore
package import StenoHTTP
internal import StenoWire

/// Has Invox write a summary or a SOAP note from a transcript.
///
/// The app id and the API key go to the token address only, the access token to the base address only. A summary may be
/// billed and has no idempotency key, so one whose outcome is unknown is not asked for again unless the settings allow
/// it (contract Invox §4.2).
package struct InvoxClient: Sendable {
    package struct Configuration: Sendable {
        /// `https://HOST`; the path of the call is appended.
        package var base: ServiceURL
        /// Whole.
        package var tokenURL: ServiceURL
        package var appID: Secret
        package var apiKey: Secret
        package var apiVersion: String
        /// For one summary.
        package var timeLimit: Duration
        /// How often a service that cannot be reached is tried, 1, 2, 4 … 60 s apart; `nil` without end, for work that
        /// waits in a queue.
        package var connectionTries: Int?
        /// Whether a summary of unknown outcome is asked for once more.
        package var repeatsUnknown: Bool

        package init(
            base: ServiceURL,
            tokenURL: ServiceURL,
            appID: Secret,
            apiKey: Secret,
            apiVersion: String = "2026-03-01",
            timeLimit: Duration = .seconds(120),
            connectionTries: Int? = 5,
            repeatsUnknown: Bool = false
        ) {
            self.base = base
            self.tokenURL = tokenURL
            self.appID = appID
            self.apiKey = apiKey
            self.apiVersion = apiVersion
            self.timeLimit = timeLimit
            self.connectionTries = connectionTries
            self.repeatsUnknown = repeatsUnknown
        }
    }

    /// A note, and how long the service says it took, in seconds as far as known (IA-7).
    package struct Summary: Sendable {
        package let note: ClinicalNote
        package let generationTime: Double?
    }

    private let configuration: Configuration
    private let transport: HTTPTransport
    private let time: Timekeeper
    private let tokens: InvoxTokenSource

    package init(_ configuration: Configuration, transport: HTTPTransport, time: Timekeeper = .system) {
        self.configuration = configuration
        self.transport = transport
        self.time = time
        self.tokens = InvoxTokenSource(configuration, transport: transport, time: time)
    }

    /// Asks for one summary, patiently. An empty transcript is refused without asking.
    /// - Throws: `unknownOutcome` if the request left whole and no usable answer came: a summary may have been made.
    package func summarize(_ request: SummaryRequest) async throws(ServiceError) -> Summary {
        guard request.hasSpeech else { throw InvoxErrors.noSpeech }
        guard request.hasLanguage else {
            throw ServiceError(
                .misconfigured,
                service: "Invox",
                message:
                    "'\(String(request.language.prefix(24)))' is not a language code of ISO 639, such as nl or en. "
                    + "Set --language."
            )
        }
        let call = Call(
            path: "generate-consultation-summary",
            body: [
                "transcript": .string(request.transcript),
                "outputFormat": .string(request.format.rawValue),
                "outputLanguage": .string(request.language),
            ],
            language: request.language,
            read: { json -> Summary? in
                guard let note = ClinicalNote(json["clinicalNote"]) else { return nil }
                let time = json["generationTime"]
                return Summary(note: note, generationTime: time?.double ?? time?.string.flatMap { Double($0) })
            }
        )
        return try await self.run(call)
    }

    /// One thing that may be billed.
    struct Call<Result: Sendable>: Sendable {
        /// Behind `/api/v1/`.
        var path: String
        var body: JSONValue
        /// For the words about a refusal.
        var language: String
        /// `nil` when it cannot be made out.
        var read: @Sendable (JSONValue) -> Result?
    }

    func run<Result>(_ call: Call<Result>) async throws(ServiceError) -> Result {
        do {
            return try await self.attempts(call)
        } catch {
            guard error.reason == .unknownOutcome, self.configuration.repeatsUnknown else { throw error }
            return try await self.attempts(call)
        }
    }

    private func attempts<Result>(_ call: Call<Result>) async throws(ServiceError) -> Result {
        let connectionTries = self.configuration.connectionTries
        let schedule = RetrySchedule { error, attempt in
            // The token service had its own tries already; only a queue begins again.
            if error.service == InvoxErrors.token.service, connectionTries != nil { return nil }
            switch error.reason {
            case .unreachable:
                if let connectionTries, attempt >= connectionTries { return nil }
                return RetrySchedule.doubling(.seconds(1), attempt: attempt)
            case .throttled, .unavailable:
                // 429 and 503: the service read nothing of it. Three more tries, but by who has a patience of his own.
                guard attempt <= 3, connectionTries != 1 else { return nil }
                return error.retryAfter ?? RetrySchedule.doubling(.seconds(2), attempt: attempt)
            case .refused, .misconfigured, .rejected, .unknownOutcome, .cancelled:
                return nil
            }
        }
        return try await schedule.run(self.time) { () throws(ServiceError) in try await self.attempt(call) }
    }

    /// One request; a 401 renews the token once and repeats once, a second one is final.
    private func attempt<Result>(_ call: Call<Result>) async throws(ServiceError) -> Result {
        let first = try await self.tokens.token()
        do {
            return try await self.send(call, token: first)
        } catch {
            guard error.status == 401 else { throw error }
            self.tokens.rejected(first)
            return try await self.send(call, token: try await self.tokens.token())
        }
    }

    private func send<Result>(
        _ call: Call<Result>,
        token: InvoxTokenMachine.Token
    ) async throws(ServiceError) -> Result {
        let request = self.request(call, token: token)
        let answer: HTTPAnswer
        do {
            answer = try await self.transport.send(request)
        } catch {
            throw InvoxErrors.summary.failure(error, at: request.url, mayActFrom: .wholeBody)
        }
        guard answer.isSuccess else {
            throw InvoxErrors.refusal(
                answer,
                at: request.url,
                language: call.language,
                secondsSince1970: self.time.secondsSince1970()
            )
        }
        // A note was made and cannot be read: asking again would make, and perhaps bill, another.
        guard let result = answer.json.flatMap(call.read) else {
            throw InvoxErrors.summary.unknownOutcome(status: answer.status)
        }
        return result
    }

    private func request<Result>(_ call: Call<Result>, token: InvoxTokenMachine.Token) -> HTTPRequest {
        HTTPRequest(
            .post,
            self.configuration.base.appending("api", "v1", call.path),
            headers: [
                (name: "accept", value: "application/json"),
                (name: "authorization", value: token.value.reveal { "Bearer \($0)" }),
                (name: "x-invox-medical-api-version", value: self.configuration.apiVersion),
            ],
            body: .json(call.body.serialized()),
            timeLimit: self.configuration.timeLimit
        )
    }
}
