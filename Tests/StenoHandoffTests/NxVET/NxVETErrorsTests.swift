import LoopbackServer
import StenoCore
import StenoHTTP
import StenoHandoff
import Testing

@Suite("NxVET: errors")
struct NxVETErrorsTests {
    @Test("Reads are repeated after 1, 2, 4 and 8 seconds, and no longer", arguments: [429, 500, 502, 503, 504])
    func retries(status: Int) async throws {
        try await NxVETFixture.run({ _ in .reply(status: status) }) { fixture, server in
            await expectError(status == 429 ? .throttled : .unavailable) { _ = try await fixture.client.devices() }
            #expect(fixture.time.sleeps == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)])
            #expect(server.requests.count == 5)
        }
    }

    @Test("An answer that is none is asked for again")
    func unreadable() async throws {
        let broken: [LoopbackAnswer] = [
            .reply(status: 200, body: "<html>"), .json("{}"), .json("null"), .reply(status: 200),
            .bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n["),
        ]
        for answer in broken {
            try await NxVETFixture.run({ $0.number < 3 ? answer : .json("[]") }) { fixture, _ in
                let devices = try await fixture.client.devices()
                #expect(devices.isEmpty)
                #expect(fixture.time.sleeps.count == 2)
            }
        }
    }

    @Test(
        "The delay that is asked for is kept",
        arguments: [("5", 5), ("Sun, 06 Nov 1994 08:50:00 GMT", 23), ("0", 1)]
    )
    func retryAfter(header: String, seconds: Int64) async throws {
        try await NxVETFixture.run({ request in
            request.number == 1 ? .reply(status: 429, headers: [("Retry-After", header)]) : .json("[]")
        }) { fixture, _ in
            _ = try await fixture.client.devices()
            #expect(fixture.time.sleeps == [.seconds(seconds)])
        }
    }

    @Test("Permanent refusals are not repeated, and say what to do")
    func permanent() async throws {
        let expected: [(Int, ServiceError.Reason, String)] = [
            (400, .rejected, "NxVET did not accept the request (400)."),
            (
                401, .refused,
                "NxVET refused the API key (401): it is wrong, revoked or expired. Make one at "
                    + "https://app.nx.vet/integrations (API Keys), or in Organization > Developer, and set NXVET_API_KEY."
            ),
            (
                403, .refused,
                "The NxVET API key does not permit this (403). A key is for one organisation: check NXVET_ORG_ID."
            ),
            (
                404, .rejected,
                "NxVET has no such label (404), or not for this key. Check the id, and NXVET_BASE_URL."
            ),
        ]
        for (status, reason, message) in expected {
            try await NxVETFixture.run({ _ in .json(#"{"error":"canary"}"#, status: status) }) { fixture, server in
                let error = await expectError(reason) { _ = try await fixture.client.label("l") }
                #expect(error?.message == message)
                #expect(error?.explanation?.reveal { $0 } == "canary")
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test("A redirect is not followed, so that no key goes elsewhere", arguments: [301, 302, 307, 308])
    func redirect(status: Int) async throws {
        try await LoopbackServer.run({ _ in .json("[]") }) { other in
            let target = other.url
            try await NxVETFixture.run({ _ in
                .reply(status: status, headers: [("Location", "\(target)/api/devices")])
            }) { fixture, _ in
                await expectError(.misconfigured) { _ = try await fixture.client.devices() }
                #expect(other.requests.isEmpty)
            }
        }
    }

    @Test("Where nobody answers, three tries are enough: a person is waiting")
    func unreachable() async throws {
        let port = ClosedPort()
        let transport = HTTPTransport()
        let time = ManualTime()
        let client = NxVETClient(
            .init(base: try ServiceURL(port.url), apiKey: Secret("nxvet_sk_canary"), organisationID: "o"),
            transport: transport,
            time: time.timekeeper
        )
        let errors = [
            await expectError(.unreachable) { _ = try await client.devices() },
            await expectError(.unreachable) { _ = try await client.create(on: "d", try .minutes(30)) },
            await expectError(.unreachable) { try await client.regenerate("l", template: "t") },
        ]
        await transport.shutdown()
        #expect(time.sleeps == [.seconds(1), .seconds(2), .seconds(1), .seconds(2), .seconds(1), .seconds(2)])
        #expect(errors.allSatisfy { $0?.message.contains("NXVET_BASE_URL") == true })
    }

    @Test("A client keeps to two requests a second and sixty a minute (§8)")
    func pace() async throws {
        try await LoopbackServer.run({ _ in .json("[]") }) { server in
            let transport = HTTPTransport()
            let time = ManualTime()
            let client = NxVETClient(
                .init(
                    base: try ServiceURL(server.url),
                    apiKey: Secret("k"),
                    organisationID: "o",
                    isPaced: true
                ),
                transport: transport,
                time: time.timekeeper
            )
            for _ in 0..<3 { _ = try await client.devices() }
            #expect(time.sleeps == [.milliseconds(500), .milliseconds(500)])
            for _ in 0..<58 { _ = try await client.devices() }
            #expect(time.now >= .seconds(60))
            await transport.shutdown()
        }
    }
}
