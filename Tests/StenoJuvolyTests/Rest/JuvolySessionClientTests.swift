import LoopbackServer
import StenoCore
import StenoHTTP
import StenoJuvoly
import Testing

@Suite("Juvoly session")
struct JuvolySessionClientTests {
    @Test("A key buys a ticket, with the headers and the body of the contract")
    func createsWithKey() async throws {
        let good =
            #"{"clientId":"c1","sessionId":"s-1","sessionCreateTime":"2026-01-01T00:00:00","sessionClaimTime":null}"#
        try await withClient({ _ in .json(good) }) { client, server in
            let ticket = try await client.createSession(from: try .key(server))
            #expect(ticket.clientID == "c1")
            #expect(ticket.sessionID.reveal { $0 } == "s-1")
            #expect(!"\(ticket)".contains("s-1"))
            let request = try #require(server.requests.first)
            #expect(request.method == "POST")
            #expect(request.target == "/api/v2/rest/session")
            #expect(request.text == "{}")
            #expect(request.values("x-juvoly-api-key") == ["canary-key"])
            #expect(request.values("x-juvoly-client-id") == ["c1"])
            #expect(request.values("content-type") == ["application/json"])
            #expect(request.values("accept") == ["application/json"])
            #expect(request.values("authorization") == [])
        }
    }

    @Test("Only the session id is required of the answer")
    func toleratesSmallAnswer() async throws {
        try await withClient({ _ in .json(#"{"sessionId":"s1","later":{"x":[1]}}"#, status: 201) }) { client, server in
            let ticket = try await client.createSession(from: try .key(server))
            #expect(ticket.clientID == "c1")
        }
    }

    @Test("A broker is asked without any key, and names the client id")
    func createsWithBroker() async throws {
        try await withClient({ _ in .json(#"{"clientId":"from-broker","sessionId":"s1"}"#) }) { client, server in
            let broker = try ServiceURL(server.url + "/tickets?station=3")
            let ticket = try await client.createSession(from: .broker(broker, clientID: nil))
            #expect(ticket.clientID == "from-broker")
            let request = try #require(server.requests.first)
            #expect(request.method == "POST")
            #expect(request.target == "/tickets?station=3")
            #expect(request.text == "{}")
            #expect(!request.headers.contains { $0.name.lowercased().hasPrefix("x-juvoly") })
        }
    }

    @Test("A broker that names no client id needs the setting")
    func brokerWithoutClientID() async throws {
        try await withClient({ _ in .json(#"{"sessionId":"s1"}"#) }) { client, server in
            let broker = try ServiceURL(server.url)
            #expect(try await client.createSession(from: .broker(broker, clientID: "c9")).clientID == "c9")
            await expectError(.unavailable) { _ = try await client.createSession(from: .broker(broker, clientID: nil)) }
        }
    }

    @Test(
        "Each status has its class, whatever its body",
        arguments: [
            (400, ServiceError.Reason.rejected), (401, .refused), (403, .refused), (404, .misconfigured),
            (415, .rejected), (413, .rejected), (418, .rejected), (302, .misconfigured), (429, .throttled),
            (500, .unavailable), (502, .unavailable), (503, .unavailable), (504, .unavailable), (599, .unavailable),
        ],
        ["", #"{"message":"canary-key is bad"}"#, "<html>canary-key</html>", "{\"a\":"]
    )
    func classifies(row: (status: Int, reason: ServiceError.Reason), body: String) async throws {
        try await withClient({ _ in .reply(status: row.status, body: body) }) { client, server in
            let error = await expectError(row.reason) { _ = try await client.createSession(from: try .key(server)) }
            #expect(error?.status == row.status)
            #expect(error.map { !"\($0)\(String(reflecting: $0))".contains("canary") } == true)
            #expect(server.requests.count == 1)
        }
    }

    @Test("The asked delay is passed on")
    func passesDelay() async throws {
        try await withClient({ _ in .reply(status: 429, headers: [("Retry-After", "7")]) }) { client, server in
            let error = await expectError(.throttled) { _ = try await client.createSession(from: try .key(server)) }
            #expect(error?.retryAfter == .seconds(7))
            #expect(error?.isTransient == true)
        }
    }

    @Test(
        "A success that says nothing useful is transient",
        arguments: ["", "<html>", "[]", "{}", #"{"sessionId":1}"#, #"{"sessionId":null}"#, "{\"sessionId\":\"s"]
    )
    func unreadableSuccess(body: String) async throws {
        try await withClient({ _ in .json(body) }) { client, server in
            let error = await expectError(.unavailable) { _ = try await client.createSession(from: try .key(server)) }
            #expect(error?.isTransient == true)
        }
    }

    @Test(
        "A ticket that cannot stand in the handshake is a configuration error",
        arguments: ["", "a b", "a,b", "é", "a\\nb"]
    )
    func unusableTicket(sessionID: String) async throws {
        try await withClient({ _ in .json(#"{"sessionId":"\#(sessionID)"}"#) }) { client, server in
            let error = await expectError(.misconfigured) { _ = try await client.createSession(from: try .key(server)) }
            #expect(error?.outcome == .misconfigured)
        }
    }

    @Test("A client id that cannot stand in the handshake is not sent anywhere")
    func unusableClientID() async throws {
        try await withClient({ _ in .json("{}") }) { client, server in
            await expectError(.misconfigured) {
                _ = try await client.createSession(from: try .key(server, clientID: "my client"))
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test("A lost connection is transient, and a ticket may be asked for again")
    func lostConnection() async throws {
        try await withClient({ _ in .close }) { client, server in
            let error = await expectError(.unreachable) { _ = try await client.createSession(from: try .key(server)) }
            #expect(error?.isTransient == true)
        }
    }

    @Test("The user key is fetched with the master key and the user's own credentials")
    func fetchesUserKey() async throws {
        try await withClient({ _ in .json(#"{"userApiKey":"user-key-1"}"#) }) { client, server in
            let key = try await client.fetchUserAPIKey(server)
            #expect(key.reveal { $0 } == "user-key-1")
            let request = try #require(server.requests.first)
            #expect(request.method == "GET")
            #expect(request.target == "/api/v2/rest/auth/user-api-key")
            #expect(request.body.isEmpty)
            #expect(request.values("x-juvoly-api-key") == ["canary-master"])
            #expect(request.values("x-juvoly-client-id") == ["c1"])
            #expect(request.values("authorization") == ["Basic YUBiLm5sOnDDpHNz"])
        }
    }

    @Test("A refused user hears both possible causes")
    func refusedUser() async throws {
        try await withClient({ _ in .reply(status: 401, body: "canary-master") }) { client, server in
            let error = await expectError(.refused) { _ = try await client.fetchUserAPIKey(server) }
            #expect(error?.message.contains("subscription") == true)
            #expect(error.map { !String(reflecting: $0).contains("canary") } == true)
        }
    }

    @Test("A key that no header can hold is no key", arguments: ["", "a b", "a\\r\\nb", "é"])
    func unusableUserKey(key: String) async throws {
        try await withClient({ _ in .json(#"{"userApiKey":"\#(key)"}"#) }) { client, server in
            await expectError(.unavailable) { _ = try await client.fetchUserAPIKey(server) }
        }
    }
}

extension SessionSource {
    fileprivate static func key(_ server: LoopbackServer, clientID: String = "c1") throws -> SessionSource {
        .service(rest: try ServiceURL(server.url + "/api/v2/rest/"), apiKey: Secret("canary-key"), clientID: clientID)
    }
}

extension JuvolySessionClient {
    fileprivate func fetchUserAPIKey(_ server: LoopbackServer) async throws -> Secret {
        try await self.fetchUserAPIKey(
            rest: try ServiceURL(server.url + "/api/v2/rest"),
            masterKey: Secret("canary-master"),
            clientID: "c1",
            email: "a@b.nl",
            password: Secret("päss")
        )
    }
}

private func withClient(
    _ script: @escaping LoopbackServer.Script,
    body: (JuvolySessionClient, LoopbackServer) async throws -> Void
) async throws {
    try await LoopbackServer.run(script) { server in
        let transport = HTTPTransport()
        try await body(JuvolySessionClient(transport: transport), server)
        await transport.shutdown()
    }
}

@discardableResult
private func expectError(
    _ reason: ServiceError.Reason,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async -> ServiceError? {
    let error = await #expect(throws: ServiceError.self, sourceLocation: sourceLocation) { try await body() }
    #expect(error?.reason == reason, sourceLocation: sourceLocation)
    return error
}
