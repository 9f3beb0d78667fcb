package import StenoCore
package import StenoHTTP
internal import StenoWire
internal import Synchronization

/// Reads and shapes what clinic devices recorded with NxVET.
///
/// The API key goes to the configured host and nowhere else. Reads are repeated; what makes or starts something is sent
/// once, and a lost answer is said to be one (contract NxVET §8).
package final class NxVETClient: Sendable {
    package struct Configuration: Sendable {
        /// `…/api`, exactly once (NC-1).
        package var base: ServiceURL
        package var apiKey: Secret
        package var organisationID: String
        /// For one read.
        package var readTimeLimit: Duration
        /// For what makes or starts something.
        package var writeTimeLimit: Duration
        /// Whether requests keep to ``RequestPace``. Only a stand-in on this machine may be asked more often.
        package var isPaced: Bool
        /// No list is followed further than this many pages; what is left is said to be.
        package var maximumPages: Int

        package init(
            base: ServiceURL,
            apiKey: Secret,
            organisationID: String,
            readTimeLimit: Duration = .seconds(30),
            writeTimeLimit: Duration = .seconds(120),
            isPaced: Bool? = nil,
            maximumPages: Int = 1_000
        ) {
            self.base = NxVETClient.normalised(base)
            self.apiKey = apiKey
            self.organisationID = organisationID
            self.readTimeLimit = readTimeLimit
            self.writeTimeLimit = writeTimeLimit
            self.isPaced = isPaced ?? !base.isLoopback
            self.maximumPages = max(1, maximumPages)
        }
    }

    let configuration: Configuration
    let time: Timekeeper
    let errors = NxVETErrors()
    private let transport: HTTPTransport
    private let pace = Mutex(RequestPace())
    /// How several types are asked for, once an answer has shown which form is understood (NC-2).
    let typesForm = Mutex(LabelQuery.TypesForm.comma)

    package init(_ configuration: Configuration, transport: HTTPTransport, time: Timekeeper = .system) {
        self.configuration = configuration
        self.transport = transport
        self.time = time
    }

    /// The vendor's table of events writes the paths with `/api`, which the base has already (NC-1).
    static func normalised(_ base: ServiceURL) -> ServiceURL {
        var url = base
        while url.path.split(separator: "/").suffix(2) == ["api", "api"] { url = url.removingLastSegment() }
        if url.path.isEmpty || url.path == "/" { url = url.appending("api") }
        return url
    }

    /// A call that changes nothing, or nothing more when it is repeated.
    /// - Parameters:
    ///   - subject: what the address names, for the text of a 404.
    ///   - decode: `nil` for an answer that is not what was asked for, which is then asked for again.
    func read<Value>(
        _ url: ServiceURL,
        method: HTTPRequest.Method = .get,
        body: JSONValue? = nil,
        subject: String? = nil,
        _ decode: (HTTPAnswer) -> Value?
    ) async throws(ServiceError) -> Value {
        let request = self.request(method, url, body: body, limit: self.configuration.readTimeLimit)
        return try await self.patient.run(self.time) { () throws(ServiceError) in
            let answer: HTTPAnswer
            do throws(HTTPFailure) {
                answer = try await self.send(request)
            } catch {
                throw self.errors.general.failure(error, at: url, mayActFrom: .never)
            }
            guard answer.isSuccess else { throw self.error(answer, at: url, subject: subject) }
            guard let value = decode(answer) else { throw self.errors.general.unreadable(answer, at: url) }
            return value
        }
    }

    /// A call that makes or starts something. Repeated only while it is certain that nothing happened.
    /// - Throws: `unknownOutcome` when the request left and no status came back. Every status is returned but 429.
    func write(_ url: ServiceURL, body: JSONValue? = nil) async throws(ServiceError) -> HTTPAnswer {
        let request = self.request(.post, url, body: body, limit: self.configuration.writeTimeLimit)
        return try await self.patient.run(self.time) { () throws(ServiceError) in
            let answer: HTTPAnswer
            do throws(HTTPFailure) {
                answer = try await self.send(request)
            } catch {
                if Self.mayHaveArrived(error, hasBody: body != nil) {
                    throw self.errors.general.unknownOutcome(status: nil)
                }
                throw self.errors.general.failure(error, at: url, mayActFrom: .never)
            }
            guard answer.status != 429 else { throw self.error(answer, at: url, subject: nil) }
            return answer
        }
    }

    func error(_ answer: HTTPAnswer, at url: ServiceURL, subject: String?) -> ServiceError {
        self.errors.error(answer, at: url, subject: subject, secondsSince1970: self.time.secondsSince1970())
    }

    /// A request without a body leaves no trace of its progress, so only what went wrong tells.
    private static func mayHaveArrived(_ failure: HTTPFailure, hasBody: Bool) -> Bool {
        if hasBody { return failure.progress == .whole }
        switch failure.cause {
        case .noConnection, .untrusted, .badHeader, .bodyUnreadable, .badTrustFile: return false
        case .timeLimit, .connectionLost, .notHTTP, .cancelled: return true
        }
    }

    /// Five tries in all after 1, 2, 4 … seconds or as asked; three when there is no way to the service, because a
    /// person is waiting.
    private var patient: RetrySchedule {
        let chance = self.time.chance
        return RetrySchedule { error, attempt in
            guard error.isTransient, attempt < (error.reason == .unreachable ? 3 : 5) else { return nil }
            let delay = error.retryAfter ?? RetrySchedule.doubling(.seconds(1), attempt: attempt)
            return delay * (1 + chance() / 10)
        }
    }

    private func request(
        _ method: HTTPRequest.Method,
        _ url: ServiceURL,
        body: JSONValue?,
        limit: Duration
    ) -> HTTPRequest {
        HTTPRequest(
            method,
            url,
            headers: [
                (name: "accept", value: "application/json"),
                (name: "authorization", value: self.configuration.apiKey.reveal { "Bearer \($0)" }),
            ],
            body: body.map { .json($0.serialized()) },
            timeLimit: limit
        )
    }

    private func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer {
        if self.configuration.isPaced {
            let wait = self.pace.withLock { $0.reserve(at: self.time.now()) }
            if wait > .zero {
                do {
                    try await self.time.sleep(wait)
                } catch {
                    throw HTTPFailure(.cancelled)
                }
            }
        }
        return try await self.transport.send(request)
    }
}
