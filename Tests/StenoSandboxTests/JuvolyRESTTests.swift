import NIOCore
import StenoSandbox
import StenoWire
import Synchronization
import Testing

@Suite("Juvoly REST calls", .timeLimit(.minutes(1)))
struct JuvolyRESTTests {
    @Test("A session is the four documented fields, and each id is new")
    func session() async throws {
        try await withSandbox { server in
            let first = try JSONValue(parsing: try await request(server.port, sessionRequest()).body)
            let second = try JSONValue(parsing: try await request(server.port, sessionRequest(body: "")).body)
            #expect(first.members?.map(\.name) == ["clientId", "sessionId", "sessionCreateTime", "sessionClaimTime"])
            #expect(first["clientId"]?.string == SandboxCredentials.juvolyClientID)
            #expect(first["sessionClaimTime"] == .null)
            #expect(first["sessionId"] != second["sessionId"])
            #expect(server.violations == [])
        }
    }

    @Test("A wrong key or client is refused, and is no violation")
    func wrongKey() async throws {
        try await withSandbox { (server) async throws in
            #expect(try await request(server.port, sessionRequest(key: "other")).status == 401)
            #expect(try await request(server.port, sessionRequest(client: "other")).status == 403)
            #expect(server.violations == [])
        }
    }

    @Test("A user key makes sessions too")
    func userKeyMakesSessions() async throws {
        try await withSandbox { server in
            let reply = try await request(server.port, sessionRequest(key: SandboxCredentials.juvolyUserKey))
            #expect(reply.status == 200)
        }
    }

    @Test(
        "What the contract forbids is refused and recorded",
        arguments: [
            (sessionRequest(key: nil), 401),
            (sessionRequest(client: nil), 401),
            (sessionRequest(type: nil), 415),
            (sessionRequest(type: "text/plain"), 415),
            (sessionRequest(body: "{\"a\":1}"), 400),
            (sessionRequest(body: "[]"), 400),
            (sessionRequest(body: "", method: "GET"), 405),
            (httpRequest("POST", "/api/v2/rest/other"), 404),
            (httpRequest("GET", "/nowhere"), 404),
        ]
    )
    func violations(_ text: String, _ status: Int) async throws {
        try await withSandbox { (server) async throws in
            #expect(try await request(server.port, text).status == status)
            #expect(server.violations.count == 1)
        }
    }

    @Test("A user key is given for the master key with e-mail and password, and for nothing else")
    func userKey() async throws {
        func userKeyRequest(_ key: String, _ pair: String) -> String {
            httpRequest(
                "GET",
                "/api/v2/rest/auth/user-api-key",
                headers: [
                    "X-Juvoly-Api-Key: \(key)",
                    "X-Juvoly-Client-Id: \(SandboxCredentials.juvolyClientID)",
                    "Authorization: Basic \(Base64.encode(Array(pair.utf8)))",
                ]
            )
        }
        let pair = "\(SandboxCredentials.juvolyEmail):\(SandboxCredentials.juvolyPassword)"
        try await withSandbox { server in
            let right = try await request(server.port, userKeyRequest(SandboxCredentials.juvolyMasterKey, pair))
            #expect(right.status == 200)
            #expect(try JSONValue(parsing: right.body)["userApiKey"]?.string == SandboxCredentials.juvolyUserKey)
            let wrong = try await request(server.port, userKeyRequest(SandboxCredentials.juvolyMasterKey, "a:b"))
            #expect(wrong.status == 401)
            #expect(server.violations == [])
            let user = try await request(server.port, userKeyRequest(SandboxCredentials.juvolyUserKey, pair))
            #expect(user.status == 401)
            #expect(server.violations.count == 1)
        }
    }

    @Test(
        "Each value of sessionStatus is answered as it says",
        arguments: [("400", 400), ("401", 401), ("403", 403), ("429", 429), ("500", 500), ("503", 503), ("html", 200)]
    )
    func sessionStatus(_ value: String, _ status: Int) async throws {
        try await withSandbox(faults: ["sessionStatus=\(value)@1"]) { (server) async throws in
            #expect(try await request(server.port, sessionRequest()).status == status)
            #expect(try await request(server.port, sessionRequest()).body.contains("sessionId"))
        }
    }

    @Test("An id is good for ten minutes, and not a moment longer")
    func expiry() async throws {
        let time = Clock()
        try await withSandbox(configure: { $0.clock = { time.now } }) { server in
            let early = try await SpeechClient.makeSession(server)
            let late = try await SpeechClient.makeSession(server)
            time.advance(by: .seconds(599))
            #expect(try await SpeechClient.open(server, session: early).upgradeReply.status == 101)
            time.advance(by: .seconds(1))
            #expect(try await SpeechClient.open(server, session: late).upgradeReply.status == 410)
            #expect(server.violations.map(\.rule) == ["10.1"])
        }
    }

    @Test("The journal holds names and sizes and no value")
    func journal() async throws {
        try await withSandbox { server in
            _ = try await request(server.port, sessionRequest())
            let entry = try #require(server.journal.requests.first)
            #expect(entry.method == "POST")
            #expect(entry.path == "/api/v2/rest/session")
            #expect(entry.headerNames.contains("X-Juvoly-Api-Key"))
            #expect(entry.bodyBytes == 2)
            #expect(entry.status == 200)
            #expect(!"\(server.journal)".contains(SandboxCredentials.juvolyMasterKey))
        }
    }
}

/// A clock that a test sets.
final class Clock: Sendable {
    private let time = Mutex(NIODeadline.uptimeNanoseconds(1_000_000_000_000))

    var now: NIODeadline { self.time.withLock { $0 } }

    func advance(by amount: TimeAmount) {
        self.time.withLock { $0 = $0 + amount }
    }
}
