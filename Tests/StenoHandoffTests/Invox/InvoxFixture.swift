import LoopbackServer
import StenoCore
import StenoHTTP
import StenoHandoff
import Synchronization

/// An Invox client against a scripted server. Unless the script says otherwise, `token-1`, `token-2` … are given out.
struct InvoxFixture {
    let client: InvoxClient
    let server: LoopbackServer
    let time: ManualTime

    /// - Parameters:
    ///   - summary: answers summary calls; counts from 1 in the second parameter.
    ///   - token: answers token calls likewise.
    static func run(
        summary: @escaping @Sendable (LoopbackRequest, Int) -> LoopbackAnswer,
        token: @escaping @Sendable (LoopbackRequest, Int) -> LoopbackAnswer = {
            .json(#"{"accessToken":"token-\#($1)"}"#)
        },
        repeatsUnknown: Bool = false,
        timeLimit: Duration = .seconds(10),
        body: (InvoxFixture) async throws -> Void
    ) async throws {
        let counts = Counts()
        try await LoopbackServer.run({ request in
            request.target == "/oauth/token"
                ? token(request, counts.next(isToken: true)) : summary(request, counts.next(isToken: false))
        }) { server in
            let transport = HTTPTransport()
            let time = ManualTime()
            let client = InvoxClient(
                .init(
                    base: try ServiceURL(server.url + "/"),
                    tokenURL: try ServiceURL(server.url + "/oauth/token"),
                    appID: Secret("canary-app"),
                    apiKey: Secret("canary-key"),
                    timeLimit: timeLimit,
                    repeatsUnknown: repeatsUnknown
                ),
                transport: transport,
                time: time.timekeeper
            )
            do {
                try await body(InvoxFixture(client: client, server: server, time: time))
                await transport.shutdown()
            } catch {
                await transport.shutdown()
                throw error
            }
        }
    }

    var tokenRequests: [LoopbackRequest] { self.server.requests.filter { $0.target == "/oauth/token" } }
    var summaryRequests: [LoopbackRequest] { self.server.requests.filter { $0.target != "/oauth/token" } }

    func summarize(_ transcript: String = "canary transcript", language: String = "nl") async throws(ServiceError)
        -> InvoxClient.Summary
    {
        try await self.client.summarize(SummaryRequest(transcript: transcript, format: .summary, language: language))
    }
}

private final class Counts: Sendable {
    private let counts = Mutex((token: 0, summary: 0))

    func next(isToken: Bool) -> Int {
        self.counts.withLock { counts in
            if isToken {
                counts.token += 1
                return counts.token
            }
            counts.summary += 1
            return counts.summary
        }
    }
}
