import LoopbackServer
import NIOCore
import NIOPosix
import StenoCore
import StenoHTTP
import StenoHandoff
import StenoSandbox
import Testing

/// An Invox client against the stand-in; both live by the time in the test's hand.
struct InvoxSandbox {
    static let transcript = "One two. Three. Four. Five."

    let client: InvoxClient
    let server: SandboxServer
    let time: ManualTime

    /// - Parameter isStrict: no request may have broken the contract.
    static func run(
        _ faults: [String] = [],
        apiKey: String = SandboxCredentials.invoxAPIKey,
        timeLimit: Duration = .seconds(20),
        isStrict: Bool = true,
        body: (InvoxSandbox) async throws -> Void
    ) async throws {
        let time = ManualTime()
        var sandbox = SandboxConfiguration(
            recognition: .scripted([]),
            clock: { .uptimeNanoseconds(1_000_000_000 * UInt64(10_000 + time.now.components.seconds)) }
        )
        for fault in faults { try sandbox.faults.apply("invox.\(fault)") }
        let server = try await SandboxServer.start(sandbox, on: MultiThreadedEventLoopGroup.singleton)
        let transport = HTTPTransport()
        let client = InvoxClient(
            .init(
                base: try ServiceURL(server.invoxBase),
                tokenURL: try ServiceURL(server.invoxToken),
                appID: Secret(SandboxCredentials.invoxAppID),
                apiKey: Secret(apiKey),
                timeLimit: timeLimit
            ),
            transport: transport,
            time: time.timekeeper
        )
        do {
            try await body(InvoxSandbox(client: client, server: server, time: time))
        } catch {
            await transport.shutdown()
            await server.stop()
            throw error
        }
        await transport.shutdown()
        if isStrict { expectNoViolation(server, faults) }
        await server.stop()
    }

    func summarize(
        _ format: SummaryRequest.Format = .soap,
        language: String = "nl"
    ) async throws(ServiceError) -> InvoxClient.Summary {
        try await self.client.summarize(
            SummaryRequest(transcript: Self.transcript, format: format, language: language)
        )
    }

    var generations: Int { self.server.invoxGenerations(of: Self.transcript) }

    /// How often a token was asked for.
    var tokenRequests: Int {
        self.server.journal.requests(.invox).filter { $0.path == "/oauth/token" }.count
    }
}
