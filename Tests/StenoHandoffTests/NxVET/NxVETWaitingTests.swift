import LoopbackServer
import StenoCore
import StenoHTTP
import StenoHandoff
import Testing

@Suite("NxVET: waiting for what is being made")
struct NxVETWaitingTests {
    /// A service that is looked at as a real one, though nothing is sent to it.
    private static func run(_ body: (NxVETClient, ManualTime) async throws -> Void) async throws {
        let time = ManualTime()
        let transport = HTTPTransport(trust: TrustAnchors(certificateAuthorityFile: nil))
        let configuration = NxVETClient.Configuration(
            base: try ServiceURL("https://service.invalid/api"),
            apiKey: Secret("nxvet_sk_x"),
            organisationID: "o"
        )
        do {
            try await body(NxVETClient(configuration, transport: transport, time: time.timekeeper), time)
        } catch {
            await transport.shutdown()
            throw error
        }
        await transport.shutdown()
    }

    @Test("It is looked at after 10, 20, 40 … 120 s until it is done")
    func intervals() async throws {
        try await Self.run { client, time in
            var (looks, told) = (0, 0)
            let (value, isDone) = try await client.wait {
                () async throws(ServiceError) in
                looks += 1
                return looks
            } isDone: { look in
                look == 7
            } onLook: { _ in
                told += 1
            }
            #expect(value == 7 && isDone && told == 6)
            #expect(time.sleeps == [10, 20, 40, 80, 120, 120, 120].map { .seconds($0) })
        }
    }

    @Test("After half an hour the last look is what there is")
    func patience() async throws {
        try await Self.run { client, time in
            let (_, isDone) = try await client.wait {
                () async throws(ServiceError) in
                0
            } isDone: { _ in
                false
            } onLook: { _ in
            }
            #expect(!isDone)
            #expect((.seconds(1_800)..<(.seconds(1_920))).contains(time.now))
        }
    }

    @Test("An error while looking ends the waiting")
    func failure() async throws {
        try await Self.run { client, time in
            await #expect(throws: ServiceError.self) {
                _ = try await client.wait {
                    () async throws(ServiceError) -> Int in
                    throw ServiceError(.refused, service: "NxVET", message: "no")
                } isDone: { _ in
                    true
                } onLook: { _ in
                }
            }
            #expect(time.sleeps == [.seconds(10)])
        }
    }

    @Test("A stand-in on this machine is looked at more often")
    func standIn() async throws {
        try await NxVETFixture.sandbox { fixture, _ in
            _ = try await fixture.client.wait {
                () async throws(ServiceError) in
                0
            } isDone: { _ in
                true
            } onLook: { _ in
            }
            #expect(fixture.time.sleeps == [.milliseconds(250)])
        }
    }
}
