import LoopbackServer
import NIOCore
import NIOPosix
import StenoCore
import StenoHTTP
import StenoHandoff
import StenoSandbox
import Testing

/// An NxVET client with time in the test's hand, against a scripted server or the stand-in.
struct NxVETFixture {
    /// Fewer than the program takes, so that a list without end ends soon.
    static let maximumPages = 20

    let client: NxVETClient
    let time: ManualTime

    /// Against a server whose every byte the script decides.
    static func run(
        _ script: @escaping LoopbackServer.Script,
        writeTimeLimit: Duration = .seconds(60),
        body: (NxVETFixture, LoopbackServer) async throws -> Void
    ) async throws {
        try await LoopbackServer.run(script) { server in
            let configuration = NxVETClient.Configuration(
                base: try ServiceURL(server.url + "/api"),
                apiKey: Secret("nxvet_sk_canary"),
                organisationID: "org/1",
                writeTimeLimit: writeTimeLimit,
                maximumPages: Self.maximumPages
            )
            try await Self.run(configuration) { try await body($0, server) }
        }
    }

    /// Against the stand-in, which must not have seen a contract broken unless `isStrict` is false.
    static func sandbox(
        _ faults: [String] = [],
        isStrict: Bool = true,
        body: (NxVETFixture, SandboxServer) async throws -> Void
    ) async throws {
        var sandbox = SandboxConfiguration(
            recognition: .scripted([]),
            summaryDelay: .milliseconds(1),
            pendingTime: .zero,
            processingTime: .zero
        )
        for fault in faults { try sandbox.faults.apply(fault) }
        let server = try await SandboxServer.start(sandbox, on: MultiThreadedEventLoopGroup.singleton)
        let configuration = NxVETClient.Configuration(
            base: try ServiceURL(server.nxVET),
            apiKey: Secret(SandboxCredentials.nxVETKey),
            organisationID: SandboxCredentials.nxVETOrganisation
        )
        do {
            try await Self.run(configuration) { try await body($0, server) }
        } catch {
            await server.stop()
            throw error
        }
        if isStrict { expectNoViolation(server, faults) }
        await server.stop()
    }

    private static func run(
        _ configuration: NxVETClient.Configuration,
        body: (NxVETFixture) async throws -> Void
    ) async throws {
        let transport = HTTPTransport()
        let time = ManualTime()
        let client = NxVETClient(configuration, transport: transport, time: time.timekeeper)
        do {
            try await body(NxVETFixture(client: client, time: time))
            await transport.shutdown()
        } catch {
            await transport.shutdown()
            throw error
        }
    }
}

/// Ids that the stand-in knows from the start.
enum Known {
    static let device = "device-id-here"
    static let conversation = "conversation-id-here"
    static let label = "019e1234-5678-7000-abcd-123456789abc"
    static let labels = ["019e1111-1111-7000-aaaa-111111111111", "019e2222-2222-7000-bbbb-222222222222"]
    static let patient = "019e5678-abcd-7000-1234-abcdef012345"
    static let template = "template-id-here"
}

extension NxVETRange {
    /// From 2026-05-10T08:00Z on.
    static func minutes(_ minutes: Int64, more milliseconds: Int64 = 0) throws -> NxVETRange {
        let start: Int64 = 1_778_400_000_000
        return NxVETRange(
            from: try #require(NxVETTime(milliseconds: start)),
            to: try #require(NxVETTime(milliseconds: start + minutes * 60_000 + milliseconds))
        )
    }
}

func expectNoViolation(_ server: SandboxServer, _ faults: [String]) {
    #expect(server.violations == [], "\(faults)")
}
