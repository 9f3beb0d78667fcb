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
        do {
            return try await self.attempts(request)
        } catch {
            guard error.reason == .unknownOutcome, self.configuration.repeatsUnknown else { throw error }
            return try await self.attempts(request)
        }
    }

    private func attempts(_ request: SummaryRequest) async throws(ServiceError) -> Summary {
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
        return try await schedule.run(self.time) { () throws(ServiceError) in try await self.attempt(request) }
    }

    /// One request; a 401 renews the token once and repeats once, a second one is final.
    private func attempt(_ request: SummaryRequest) async throws(ServiceError) -> Summary {
        let first = try await self.tokens.token()
        do {
            return try await self.send(request, token: first)
        } catch {
            guard error.status == 401 else { throw error }
            self.tokens.rejected(first)
            return try await self.send(request, token: try await self.tokens.token())
        }
    }

    private func send(_ request: SummaryRequest, token: InvoxTokenMachine.Token) async throws(ServiceError) -> Summary {
        let call = self.call(request, token: token)
        let answer: HTTPAnswer
        do {
            answer = try await self.transport.send(call)
        } catch {
            throw InvoxErrors.summary.failure(error, at: call.url, mayActFrom: .wholeBody)
        }
        guard answer.isSuccess else {
            throw InvoxErrors.refusal(
                answer,
                at: call.url,
                language: request.language,
                secondsSince1970: self.time.secondsSince1970()
            )
        }
        // A note was made and cannot be read: asking again would make, and perhaps bill, another.
        guard let json = answer.json, let note = ClinicalNote(json["clinicalNote"]) else {
            throw InvoxErrors.summary.unknownOutcome(status: answer.status)
        }
        let generationTime = json["generationTime"]
        return Summary(
            note: note,
            generationTime: generationTime?.double ?? generationTime?.string.flatMap { Double($0) }
        )
    }

    private func call(_ request: SummaryRequest, token: InvoxTokenMachine.Token) -> HTTPRequest {
        let body: JSONValue = [
            "transcript": .string(request.transcript),
            "outputFormat": .string(request.format.rawValue),
            "outputLanguage": .string(request.language),
        ]
        return HTTPRequest(
            .post,
            self.configuration.base.appending("api", "v1", "generate-consultation-summary"),
            headers: [
                (name: "accept", value: "application/json"),
                (name: "authorization", value: token.value.reveal { "Bearer \($0)" }),
                (name: "x-invox-medical-api-version", value: self.configuration.apiVersion),
            ],
            body: .json(body.serialized()),
            timeLimit: self.configuration.timeLimit
        )
    }
}
