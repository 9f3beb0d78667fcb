import LoopbackServer
import StenoHTTP
import StenoHandoff
import Testing

@Suite("Invox token")
struct InvoxTokenTests {
    private static let note = #"{"clinicalNote":"fine","generationTime":6.52}"#

    @Test("The pair goes to the token address only, the token to the other only")
    func whoSeesWhat() async throws {
        try await InvoxFixture.run(summary: { _, _ in .json(Self.note) }) { fixture in
            _ = try await fixture.summarize()
            let token = try #require(fixture.tokenRequests.first)
            #expect(token.method == "POST")
            #expect(token.text == "{}")
            #expect(token.values("authorization") == ["Basic Y2FuYXJ5LWFwcDpjYW5hcnkta2V5"])
            let summary = try #require(fixture.summaryRequests.first)
            #expect(summary.values("authorization") == ["Bearer token-1"])
        }
    }

    @Test("Fifty calls at once need one token")
    func fiftyCalls() async throws {
        try await InvoxFixture.run(summary: { _, _ in .json(Self.note) }) { fixture in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 { group.addTask { _ = try await fixture.summarize() } }
                try await group.waitForAll()
            }
            #expect(fixture.tokenRequests.count == 1)
            #expect(fixture.summaryRequests.count == 50)
        }
    }

    @Test("A token is used again until its renewal time")
    func reuse() async throws {
        try await InvoxFixture.run(summary: { _, _ in .json(Self.note) }) { fixture in
            _ = try await fixture.summarize()
            fixture.time.advance(by: .seconds(6_500))
            _ = try await fixture.summarize()
            #expect(fixture.tokenRequests.count == 1)
            fixture.time.advance(by: .seconds(200))
            _ = try await fixture.summarize()
            #expect(fixture.tokenRequests.count == 2)
            #expect(fixture.summaryRequests.last?.values("authorization") == ["Bearer token-2"])
        }
    }

    @Test(
        "Either field name and any form of the lifetime will do",
        arguments: [
            #"{"accessToken":"t","expiresIn":7200}"#, #"{"access_token":"t","expires_in":"7200","token_type":"x"}"#,
            #"{"accessToken":"t","expiresIn":0}"#, #"{"accessToken":"t","expiresIn":-1}"#,
            #"{"accessToken":"t","expiresIn":1e300}"#, #"{"accessToken":"t","expiresIn":"soon"}"#,
        ]
    )
    func shapes(body: String) async throws {
        try await InvoxFixture.run(summary: { _, _ in .json(Self.note) }, token: { _, _ in .json(body) }) { fixture in
            _ = try await fixture.summarize()
            #expect(fixture.summaryRequests.first?.values("authorization") == ["Bearer t"])
        }
    }

    @Test("Refused credentials are final: no second request, now or later", arguments: [400, 401, 403])
    func refused(status: Int) async throws {
        try await InvoxFixture.run(
            summary: { _, _ in .json(Self.note) },
            token: { _, _ in .json(#"{"messsage":"canary-key is wrong"}"#, status: status) }
        ) { fixture in
            for _ in 0..<2 {
                let error = await expectError(.refused) { _ = try await fixture.summarize() }
                #expect(error?.status == status)
                #expect(error?.explanation?.reveal { $0 } == "canary-key is wrong")
            }
            #expect(fixture.tokenRequests.count == 1)
            #expect(fixture.summaryRequests.isEmpty)
        }
    }

    @Test(
        "Trouble is waited out: 1, 2 and 4 s, or what is asked for",
        arguments: [LoopbackAnswer.close, .reply(status: 500), .reply(status: 503), .reply(status: 429), .json("{}")]
    )
    func trouble(answer: LoopbackAnswer) async throws {
        try await InvoxFixture.run(summary: { _, _ in .json(Self.note) }, token: { _, _ in answer }) { fixture in
            await #expect(throws: ServiceError.self) { try await fixture.summarize() }
            #expect(fixture.time.sleeps == [.seconds(1), .seconds(2), .seconds(4)])
            #expect(fixture.tokenRequests.count == 4)
        }
        try await InvoxFixture.run(
            summary: { _, _ in .json(Self.note) },
            token: { $1 == 1 ? .reply(status: 429, headers: [("Retry-After", "9")]) : .json(#"{"accessToken":"t"}"#) }
        ) { fixture in
            _ = try await fixture.summarize()
            #expect(fixture.time.sleeps == [.seconds(9)])
        }
    }

    @Test(
        "An answer without a usable token is no token",
        arguments: [
            #"{"accessToken":"a b"}"#, #"{"accessToken":""}"#, #"{"accessToken":7}"#, "<html>",
            #"{"accessToken":"t\r\nX: y"}"#,
        ]
    )
    func unusable(body: String) async throws {
        try await InvoxFixture.run(summary: { _, _ in .json(Self.note) }, token: { _, _ in .json(body) }) { fixture in
            await expectError(.unavailable) { _ = try await fixture.summarize() }
            #expect(fixture.summaryRequests.isEmpty)
        }
    }

    @Test("A wrong address is named and not tried again")
    func wrongAddress() async throws {
        try await InvoxFixture.run(summary: { _, _ in .json(Self.note) }, token: { _, _ in .reply(status: 404) }) {
            let fixture = $0
            let error = await expectError(.misconfigured) { _ = try await fixture.summarize() }
            #expect(error?.message.contains("INVOX_TOKEN_URL") == true)
            #expect(fixture.tokenRequests.count == 1)
        }
    }

    @Test("A caller that gives up does not take the token from the others")
    func cancelledCaller() async throws {
        try await InvoxFixture.run(summary: { _, _ in .json(Self.note) }) { fixture in
            let first = Task { try await fixture.summarize() }
            first.cancel()
            _ = try await fixture.summarize()
            await #expect(throws: (any Error).self) { try await first.value }
        }
    }
}
