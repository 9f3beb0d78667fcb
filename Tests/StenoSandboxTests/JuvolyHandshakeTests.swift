import StenoSandbox
import StenoWire
import Testing

@Suite("Juvoly handshake", .timeLimit(.minutes(1)))
struct JuvolyHandshakeTests {
    /// A right handshake, as text that a test may spoil.
    private func handshake(_ server: SandboxServer, session: String? = nil) async throws -> String {
        let id = if let session { session } else { try await SpeechClient.makeSession(server) }
        let upgrade = try WebSocketUpgrade(
            host: "127.0.0.1:\(server.port)",
            target: "/api/v2/socket/generic?encoding=PCM",
            protocols: ["v2.juvoly", SandboxCredentials.juvolyClientID, id],
            nonce: Array(1...16)
        )
        return String(decoding: upgrade.request, as: UTF8.self)
    }

    private func status(_ server: SandboxServer, _ request: String) async throws -> Int {
        let client = try await RawClient.connect(to: server.port)
        try await client.send(request)
        let status = try await client.response().status
        try? await client.close()
        return status
    }

    @Test("All four models are served", arguments: ["generic", "multilingual", "kolibri", "radiology"])
    func models(_ model: String) async throws {
        try await withSandbox { server in
            let client = try await SpeechClient.open(server, target: "/api/v2/socket/\(model)?encoding=PCM")
            #expect(client.upgradeReply.status == 101)
            #expect(server.journal.connections.first?.model == model)
            #expect(server.violations == [])
        }
    }

    @Test(
        "A handshake that breaks the contract is refused and recorded",
        arguments: [
            ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 426),
            ("Sec-WebSocket-Key: AQ", "Sec-WebSocket-Key: ", 400),
            ("Upgrade: websocket\r\n", "", 400),
            ("Connection: Upgrade\r\n", "Connection: Upgrade\r\nOrigin: http://a\r\n", 400),
            ("Connection: Upgrade\r\n", "Connection: Upgrade\r\nX-Juvoly-Api-Key: k\r\n", 400),
            ("Connection: Upgrade\r\n", "Connection: Upgrade\r\nSec-WebSocket-Extensions: permessage-deflate\r\n", 400),
            ("v2.juvoly, sandbox-client", "sandbox-client, v2.juvoly", 400),
            ("v2.juvoly, sandbox-client", "v2.juvoly,sandbox-client", 400),
            ("v2.juvoly, sandbox-client", "v2.juvoly, v2.juvoly, sandbox-client", 400),
            ("v2.juvoly, ", "v1.juvoly, ", 400),
            ("?encoding=PCM", "?encoding=pcm", 400),
            ("?encoding=PCM", "?encoding=PCM&language=nl", 400),
            ("/generic", "/unknown", 404),
        ]
    )
    func violations(_ right: String, _ wrong: String, _ status: Int) async throws {
        try await withSandbox { server in
            let text = try await self.handshake(server)
            #expect(text.contains(right))
            #expect(try await self.status(server, text.replacing(right, with: wrong)) == status)
            #expect(server.violations.count == 1)
            #expect(server.journal.connections.isEmpty)
        }
    }

    @Test("A wrong client id or an unknown session is refused, and is no violation")
    func wrongValues() async throws {
        try await withSandbox { (server) async throws in
            #expect(try await self.status(server, self.handshake(server, session: "sandbox-session-99")) == 401)
            #expect(server.violations == [])
        }
    }

    @Test("A session opens one socket only, and a refused handshake spends it too")
    func singleUse() async throws {
        try await withSandbox(faults: ["handshake=503@2"]) { server in
            let text = try await self.handshake(server)
            #expect(try await self.status(server, text) == 101)
            let other = try await self.handshake(server)
            #expect(try await self.status(server, other) == 503)
            #expect(server.violations == [])
            #expect(try await self.status(server, other) == 401)
            #expect(try await self.status(server, text) == 401)
            #expect(server.violations.map(\.rule) == ["10.1", "10.1"])
        }
    }

    @Test("A stream that is not PCM is refused for lack of a decoder")
    func noDecoder() async throws {
        try await withSandbox { server in
            let text = try await self.handshake(server).replacing("?encoding=PCM", with: "")
            #expect(try await self.status(server, text) == 501)
            #expect(server.violations == [])
        }
    }

    @Test(
        "Each value of handshake is answered as it says",
        arguments: [("400", 400), ("401", 401), ("403", 403), ("404", 404), ("429", 429), ("503", 503)]
    )
    func refusals(_ value: String, _ status: Int) async throws {
        try await withSandbox(faults: ["handshake=\(value)"]) { (server) async throws in
            #expect(try await self.status(server, self.handshake(server)) == status)
            #expect(server.violations == [])
        }
    }

    @Test("An accepted handshake can be closed at once", arguments: [("accept-1008", 1008), ("accept-4001", 4001)])
    func closes(_ value: String, _ code: UInt16) async throws {
        try await withSandbox(faults: ["handshake=\(value)"]) { server in
            let client = try await SpeechClient.open(server)
            #expect(try await client.next() == .closed(code))
        }
    }

    @Test("A handshake can be reset")
    func reset() async throws {
        try await withSandbox(faults: ["handshake=reset"]) { server in
            let client = try await RawClient.connect(to: server.port)
            try await client.send(self.handshake(server))
            await #expect(throws: (any Error).self) { try await client.read() }
        }
    }

    @Test(
        "The answer names the subprotocol it is told to",
        arguments: [
            ("v2", "v2.juvoly"), ("none", nil), ("clientId", "sandbox-client"),
            ("sessionId", "sandbox-session-1"), ("foreign", "v9.sandbox"),
        ]
    )
    func subprotocolAnswer(_ value: String, _ expected: String?) async throws {
        try await withSandbox(faults: ["subprotocolAnswer=\(value)"]) { server in
            let client = try await SpeechClient.open(server)
            #expect(client.upgradeReply.headers["sec-websocket-protocol"] == expected)
        }
    }

    @Test("Frames glued to the handshake are not lost")
    func gluedFrames() async throws {
        try await withSandbox { server in
            let ping = WebSocketFrameWriter.frame(.ping, payload: [9], mask: WebSocketMask(key: 7))
            let raw = try await RawClient.connect(to: server.port)
            try await raw.send(Array(try await self.handshake(server).utf8) + ping)
            #expect(try await raw.response().status == 101)
            let answer = try #require(try await raw.read())
            #expect(answer.starts(with: WebSocketFrameWriter.frame(.pong, payload: [9], mask: nil)))
        }
    }
}
