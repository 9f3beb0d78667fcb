internal import AsyncHTTPClient
package import NIOCore
internal import NIOHTTP1
internal import Synchronization

/// Sends requests to the services: HTTP/1.1, certificates always checked, redirects never followed, every answer
/// bounded in size and time, nothing logged.
///
/// Each request has a connection of its own. A kept one may be closed by the far side at the moment it is used again,
/// and then nobody can say whether a note was made; one TLS handshake per request is the price of not having to ask.
///
/// Nothing is set up before the first request, so creating a transport costs nothing.
package final class HTTPTransport: Sendable {
    private enum State {
        case idle
        case ready(HTTPClient)
        case closed
    }

    /// For the connection itself; the request's own limit holds as well.
    package static let connectLimit = Duration.seconds(10)
    /// How long a shutdown waits for what is open to be closed. What is not by then, such as a connection whose name is
    /// still being looked up, goes with the process.
    static let closeLimit = Duration.seconds(1)

    private let trust: TrustAnchors
    private let eventLoopGroup: (any EventLoopGroup)?
    private let state = Mutex(State.idle)

    /// - Parameter eventLoopGroup: where connections live; `nil` for the process-wide one.
    package init(trust: TrustAnchors = TrustAnchors(), eventLoopGroup: (any EventLoopGroup)? = nil) {
        self.trust = trust
        self.eventLoopGroup = eventLoopGroup
    }

    deinit {
        // The library insists on being shut down. Who forgot it gets it done without waiting.
        if case .ready(let client) = self.state.withLock({ $0 }) {
            client.shutdown { _ in }
        }
    }

    /// Closes what is open; requests on their way end as cancelled. Later requests fail.
    package func shutdown() async {
        let before = self.state.withLock { state in
            defer { state = .closed }
            return state
        }
        guard case .ready(let client) = before else { return }
        // The library waits for connections that are being made, and nothing breaks off the lookup of a name.
        let closed: EventLoopFuture<Void> = client.shutdown()
        let waited = closed.eventLoop.makePromise(of: Void.self)
        let limit = closed.eventLoop.scheduleTask(in: TimeAmount(Self.closeLimit)) { waited.succeed() }
        closed.whenComplete { _ in
            limit.cancel()
            waited.succeed()
        }
        try? await waited.futureResult.get()
    }

    /// Sends `request` once and collects the answer.
    /// - Throws: ``HTTPFailure`` only if no status came back. A body that was cut or too long is in the answer.
    package func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer {
        let ledger = BodyLedger(length: request.body?.length ?? 0)
        let deadline = ContinuousClock.now + request.timeLimit
        let response: HTTPClientResponse
        do {
            let client = try self.client()
            response = try await client.execute(
                try self.prepared(request, ledger: ledger),
                deadline: .now() + TimeAmount(request.timeLimit)
            )
        } catch {
            throw HTTPFailure(error, progress: ledger.progress)
        }
        let collected = await Self.collect(response.body, limit: request.answerLimit, deadline: deadline)
        return HTTPAnswer(
            status: Int(response.status.code),
            headers: response.headers.map { (name: $0.name.lowercased(), value: $0.value) },
            body: collected.body,
            completeness: collected.completeness
        )
    }

    private func client() throws -> HTTPClient {
        try self.state.withLock { state in
            switch state {
            case .ready(let client):
                return client
            case .closed:
                throw CancellationError()
            case .idle:
                let client = try self.makeClient()
                state = .ready(client)
                return client
            }
        }
    }

    private func makeClient() throws -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            // The system's authorities are read by the library when TLS is used, not here.
            tlsConfiguration: try self.trust.tlsConfiguration(),
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(Self.connectLimit)),
            decompression: .disabled
        )
        configuration.httpVersion = .http1Only
        configuration.maximumUsesPerConnection = 1
        // One call is one attempt: who calls decides about the next.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(
            eventLoopGroup: self.eventLoopGroup ?? HTTPClient.defaultEventLoopGroup,
            configuration: configuration
        )
    }

    private func prepared(_ request: HTTPRequest, ledger: BodyLedger) throws -> HTTPClientRequest {
        var prepared = HTTPClientRequest(url: request.url.absolute)
        prepared.method = HTTPMethod(rawValue: request.method.rawValue)
        for header in request.headers {
            prepared.headers.add(name: header.name, value: header.value)
        }
        prepared.headers.add(name: "user-agent", value: "steno")
        if let body = request.body {
            prepared.headers.replaceOrAdd(name: "content-type", value: body.contentType)
            prepared.body = .stream(BodyStream(body: body, ledger: ledger), length: .known(body.length))
        }
        return prepared
    }

    /// Reads the body up to `limit` bytes and until `deadline`. Whatever goes wrong, what was read is returned.
    private static func collect(
        _ body: HTTPClientResponse.Body,
        limit: Int,
        deadline: ContinuousClock.Instant
    ) async -> (body: [UInt8], completeness: HTTPAnswer.Completeness) {
        await withTaskGroup(of: (body: [UInt8], completeness: HTTPAnswer.Completeness)?.self) { group in
            group.addTask {
                var collected: [UInt8] = []
                do {
                    for try await part in body {
                        guard part.readableBytes <= limit - collected.count else { return (collected, .oversized) }
                        collected.append(contentsOf: part.readableBytesView)
                    }
                } catch {
                    return (collected, .truncated)
                }
                return (collected, .complete)
            }
            group.addTask {
                try? await Task.sleep(until: deadline, clock: .continuous)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            // When the limit passed first, the reader ends with what it has.
            if let first { return first }
            return await group.next().flatMap { $0 } ?? ([], .truncated)
        }
    }
}
