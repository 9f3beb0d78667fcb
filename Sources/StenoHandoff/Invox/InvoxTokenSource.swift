internal import StenoCore
internal import StenoHTTP
internal import StenoWire
internal import Synchronization

/// Gives every call a token, with one renewal at a time: whoever comes while it runs waits for it.
final class InvoxTokenSource: Sendable {
    typealias Token = InvoxTokenMachine.Token

    private struct State {
        var machine = InvoxTokenMachine()
        var waiters: [Int: CheckedContinuation<Result<Token, ServiceError>, Never>] = [:]
        var cancelled: Set<Int> = []
        var nextWaiter = 0
    }

    private let configuration: InvoxClient.Configuration
    private let transport: HTTPTransport
    private let time: Timekeeper
    private let state = Mutex(State())

    init(_ configuration: InvoxClient.Configuration, transport: HTTPTransport, time: Timekeeper) {
        self.configuration = configuration
        self.transport = transport
        self.time = time
    }

    func rejected(_ token: Token) {
        self.state.withLock { $0.machine.tokenRejected(token) }
    }

    /// A token that is thought to be good. Ends at once when the caller is cancelled; the renewal goes on for the
    /// others.
    func token() async throws(ServiceError) -> Token {
        let waiter = self.state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { self.enter(waiter, $0) }
        } onCancel: {
            self.leave(waiter)
        }
        self.state.withLock { _ = $0.cancelled.remove(waiter) }
        return try result.get()
    }

    private func enter(_ waiter: Int, _ continuation: CheckedContinuation<Result<Token, ServiceError>, Never>) {
        enum Step {
            case answer(Result<Token, ServiceError>)
            case request
            case wait
        }
        let now = self.time.now()
        let step = self.state.withLock { state -> Step in
            if state.cancelled.contains(waiter) { return .answer(.failure(InvoxErrors.cancelled)) }
            switch state.machine.tokenNeeded(now: now) {
            case .use(let token): return .answer(.success(token))
            case .refuse(let error): return .answer(.failure(error))
            case .request:
                state.waiters[waiter] = continuation
                return .request
            case .wait:
                state.waiters[waiter] = continuation
                return .wait
            }
        }
        switch step {
        case .answer(let result):
            continuation.resume(returning: result)
        case .request:
            // Not the caller's own task: that may be cancelled while others wait for the same token.
            Task { await self.renew() }
        case .wait:
            break
        }
    }

    private func leave(_ waiter: Int) {
        let continuation = self.state.withLock { state in
            state.cancelled.insert(waiter)
            return state.waiters.removeValue(forKey: waiter)
        }
        continuation?.resume(returning: .failure(InvoxErrors.cancelled))
    }

    private func renew() async {
        let result: Result<Token, ServiceError>
        do throws(ServiceError) {
            let (value, lifetime, sentAt) = try await Self.backOff.run(self.time) { () throws(ServiceError) in
                try await self.request()
            }
            result = .success(
                self.state.withLock { $0.machine.tokenReceived(value, lifetime: lifetime, sentAt: sentAt) }
            )
        } catch {
            self.state.withLock { $0.machine.requestEnded(with: error) }
            result = .failure(error)
        }
        let waiters = self.state.withLock { state in
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume(returning: result) }
    }

    /// After trouble that may pass: 1, 2, 4 s, or what the service asks for.
    private static let backOff = RetrySchedule { error, attempt in
        guard error.isTransient, attempt <= 3 else { return nil }
        return error.retryAfter ?? RetrySchedule.doubling(.seconds(1), attempt: attempt)
    }

    private func request() async throws(ServiceError) -> (value: Secret, lifetime: Duration?, sentAt: Duration) {
        let url = self.configuration.tokenURL
        let credentials = self.configuration.appID.reveal {
            BasicCredentials(name: $0, password: self.configuration.apiKey).headerValue
        }
        let headers = [(name: "accept", value: "application/json"), (name: "authorization", value: credentials)]
        let sentAt = self.time.now()
        let answer: HTTPAnswer
        do {
            answer = try await self.transport.send(
                HTTPRequest(.post, url, headers: headers, body: .json("{}"), timeLimit: .seconds(15))
            )
        } catch {
            throw InvoxErrors.token.failure(error, at: url, mayActFrom: .never)
        }
        guard answer.isSuccess else {
            throw InvoxErrors.tokenRefusal(answer, at: url, secondsSince1970: self.time.secondsSince1970())
        }
        guard let json = answer.json, let value = json["accessToken"]?.string ?? json["access_token"]?.string,
            Self.isHeaderValue(value)
        else { throw InvoxErrors.token.unreadable(answer, at: url) }
        return (Secret(value), Self.lifetime(json), sentAt)
    }

    private static func isHeaderValue(_ text: String) -> Bool {
        (1...16_384).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// Seconds, as number or text, under one of the usual names; what makes no sense is ignored.
    private static func lifetime(_ json: JSONValue) -> Duration? {
        let named = json["expiresIn"] ?? json["expires_in"]
        guard let seconds = named?.double ?? named?.string.flatMap({ Double($0) }), (0...1e6).contains(seconds) else {
            return nil
        }
        return .milliseconds(Int64(seconds * 1_000))
    }
}
