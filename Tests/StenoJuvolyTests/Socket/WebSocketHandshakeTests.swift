import LoopbackServer
import StenoJuvoly
import StenoWire
import Testing

@Suite("WebSocket handshake over a real connection", .timeLimit(.minutes(1)))
struct WebSocketHandshakeTests {
    /// What a client with default options is told first, and the connection's address in messages.
    private func outcome(
        _ script: ServerScript,
        options: WebSocketOptions = WebSocketOptions()
    ) async throws -> SocketClient.Event {
        let server = try await ScriptedServer(script)
        let client = try await SocketClient.connect(to: server.port, options: options)
        return await client.next()
    }

    @Test("The request asks for the path with the subprotocols in order, and nothing else")
    func request() async throws {
        let server = try await ScriptedServer()
        let client = try await SocketClient.connect(to: server.port)
        guard case .request(let text) = await server.inbox.next() else {
            Issue.record("no request")
            return
        }
        #expect(await client.next() == .opened(0))
        let lines = text.split(separator: "\r\n").map(String.init)
        #expect(
            lines.map { $0.hasPrefix("Sec-WebSocket-Key: ") ? "Key" : $0 } == [
                "GET /socket/generic?encoding=PCM HTTP/1.1", "Host: 127.0.0.1:\(server.port)", "Upgrade: websocket",
                "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Key",
                "Sec-WebSocket-Protocol: v2.juvoly, canary-client, canary-session",
            ]
        )
        let key = lines.first { $0.hasPrefix("Sec-WebSocket-Key: ") }?.dropFirst(19)
        #expect(Base64.decode(String(key ?? ""))?.count == 16)
    }

    @Test("Frames glued to the reply are delivered")
    func gluedFrames() async throws {
        let frames =
            WebSocketFrameWriter.frame(.text, payload: Array(#"{"type":"ready"}"#.utf8), mask: nil)
            + WebSocketFrameWriter.frame(.binary, payload: [1, 2], mask: nil)
        let server = try await ScriptedServer(ServerScript(gluedBytes: frames))
        let client = try await SocketClient.connect(to: server.port)
        #expect(await client.next() == .opened(0))
        #expect(await client.next() == .text(#"{"type":"ready"}"#))
        #expect(await client.next() == .binary([1, 2]))
    }

    @Test("A reply that comes byte by byte is the same reply")
    func dribbledReply() async throws {
        #expect(try await self.outcome(ServerScript(isDribbling: true)) == .opened(0))
    }

    @Test("A subprotocol that was not offered is refused, also where any offered one is accepted")
    func foreignProtocol() async throws {
        let script = ServerScript(reply: { ServerScript.reply(key: $0, protocol: "evil") })
        let refused = SocketClient.Event.failed(.badReply("the reply names a subprotocol that was not offered"))
        #expect(try await self.outcome(script) == refused)
        #expect(try await self.outcome(script, options: WebSocketOptions(acceptsAnySubprotocol: true)) == refused)
    }

    @Test("No subprotocol, or an echo of ours, is accepted only where the setting says so")
    func otherProtocols() async throws {
        let none = ServerScript(reply: { ServerScript.reply(key: $0, protocol: nil) })
        let echo = ServerScript(reply: { ServerScript.reply(key: $0, protocol: "canary-session") })
        let wide = WebSocketOptions(acceptsAnySubprotocol: true)
        #expect(try await self.outcome(none) == .failed(.badReply("the reply names no subprotocol")))
        #expect(try await self.outcome(none, options: wide) == .opened(nil))
        #expect(
            try await self.outcome(echo)
                == .failed(.badReply("the reply names another subprotocol than the first that was offered"))
        )
        #expect(try await self.outcome(echo, options: wide) == .opened(2))
    }

    @Test("An extension that nobody asked for is refused")
    func extensions() async throws {
        let script = ServerScript(reply: {
            ServerScript.reply(key: $0, more: ["Sec-WebSocket-Extensions: permessage-deflate"])
        })
        #expect(
            try await self.outcome(script) == .failed(.badReply("the reply names an extension; none was offered"))
        )
    }

    @Test("A wrong answer to the key is refused")
    func wrongAccept() async throws {
        let script = ServerScript(reply: { _ in ServerScript.reply(key: "of another connection") })
        #expect(
            try await self.outcome(script) == .failed(.badReply("the reply does not answer the key of the request"))
        )
    }

    @Test(
        "Another status is a refusal with its number and the wait it asks for; a redirect is not followed",
        arguments: [
            ("401 Unauthorized", [], 401, nil), ("302 Found", ["Location: ws://127.0.0.1:1/"], 302, nil),
            ("200 OK", [], 200, nil), ("503 Busy", ["Retry-After: 7"], 503, 7),
            ("429 Slow", ["Retry-After: x"], 429, nil),
        ] as [(String, [String], Int, Int?)]
    )
    func refusals(status: String, more: [String], code: Int, retryAfter: Int?) async throws {
        let script = ServerScript(reply: { ServerScript.reply(key: $0, status: status, more: more) })
        #expect(try await self.outcome(script) == .failed(.refused(status: code, retryAfter: retryAfter)))
    }

    @Test("A header of 64 KiB is refused at 16")
    func longHeader() async throws {
        let script = ServerScript(reply: { key in
            ServerScript.reply(key: key, more: ["X: " + String(repeating: "a", count: 64 << 10)])
        })
        #expect(
            try await self.outcome(script) == .failed(.badReply("the reply's header is longer than 16384 bytes"))
        )
    }

    @Test("A silent server is given up at the deadline, and so is one that sends a byte now and then")
    func deadline() async throws {
        let options = WebSocketOptions(handshakeTimeout: .milliseconds(50))
        let long = ServerScript(
            reply: { ServerScript.reply(key: $0, more: ["X: " + String(repeating: "a", count: 9_000)]) },
            isDribbling: true
        )
        for script in [ServerScript(reply: { _ in nil }), long] {
            let outcome = try await self.outcome(script, options: options)
            guard case .failed(.timedOut(_, .milliseconds(50))) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
        }
    }

    @Test("A server that ends the connection before its reply is whole is told apart from a bad one")
    func dropped() async throws {
        for reply in [[], Array("HTTP/1.1 101 Swi".utf8)] as [[UInt8]] {
            let outcome = try await self.outcome(ServerScript(reply: { _ in reply }, endsAfterReply: true))
            guard case .failed(.dropped) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
        }
    }

    @Test("A port where nobody answers is named")
    func nobodyThere() async throws {
        let closed = ClosedPort()
        let client = try await SocketClient.connect(to: closed.port)
        let expected = WebSocketError.connectFailed(host: "127.0.0.1:\(closed.port)", reason: "nothing answers there")
        #expect(await client.next() == .failed(expected))
    }

    @Test("An unencrypted connection to another machine is refused before anything is sent")
    func insecure() async throws {
        for host in ["example.org", "10.0.0.1", "127.0.0.1.example.org", "::2", "localhost.example.org", "0.0.0.0"] {
            await #expect(throws: WebSocketError.insecure(host: host)) {
                try await SocketClient.connect(to: 9, host: host)
            }
        }
        let server = try await ScriptedServer(host: "localhost")
        let client = try await SocketClient.connect(to: server.port, host: "LocalHost")
        #expect(await client.next() == .opened(0))
    }

    @Test("A subprotocol that is no token is refused before anything is sent, and not named")
    func badToken() async throws {
        let error = await #expect(throws: WebSocketError.self) {
            try await SocketClient.connect(to: 9, protocols: ["v2.juvoly", "id", "canary session"])
        }
        #expect(error?.description.contains("canary") == false)
    }

    @Test("A connection that is given up while it is made is told as such")
    func givenUp() async throws {
        let server = try await ScriptedServer(ServerScript(reply: { _ in nil }))
        let early = try await SocketClient.connect(to: server.port)
        try await early.run { $0.abort() }
        #expect(await early.next() == .failed(.cancelled))
        let late = try await SocketClient.connect(to: server.port)
        _ = await server.inbox.next { if case .request = $0 { true } else { false } }
        try await late.run { $0.close() }
        #expect(await late.next() == .failed(.cancelled))
        _ = await server.inbox.next { $0 == .ended }
    }
}
