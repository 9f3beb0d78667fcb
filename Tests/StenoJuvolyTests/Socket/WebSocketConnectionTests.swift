import StenoJuvoly
import StenoWire
import Testing

@Suite("WebSocket connection", .timeLimit(.minutes(1)))
struct WebSocketConnectionTests {
    private func open(
        _ script: ServerScript = ServerScript(),
        options: WebSocketOptions = WebSocketOptions(),
        reaction: SocketClient.Reaction? = nil
    ) async throws -> (ScriptedServer, SocketClient) {
        let server = try await ScriptedServer(script)
        let client = try await SocketClient.connect(to: server.port, options: options, reaction: reaction)
        _ = await server.inbox.next()
        #expect(await client.next() == .opened(0))
        return (server, client)
    }

    private static func frame(_ opcode: WebSocketOpcode, _ text: String, isFinal: Bool = true) -> [UInt8] {
        WebSocketFrameWriter.frame(opcode, payload: Array(text.utf8), mask: nil, isFinal: isFinal)
    }

    @Test("Binary, text and pings arrive at the server whole, masked and in order")
    func sending() async throws {
        let (server, client) = try await self.open()
        let audio = (0..<70_000).map { UInt8(truncatingIfNeeded: $0) }
        try await client.run { connection in
            #expect(connection.isOpen && connection.isWritable)
            #expect(audio[..<3_200].withUnsafeBytes { connection.sendBinary($0) })
            #expect(connection.sendText(JuvolyClientMessage.summarizeSoep.bytes))
            #expect(audio.withUnsafeBytes { connection.sendBinary($0) })
            #expect(connection.sendPing([7]))
        }
        #expect(await server.inbox.next() == .binary(Array(audio[..<3_200])))
        #expect(await server.inbox.next() == .text(JuvolyClientMessage.summarizeSoep.bytes))
        #expect(await server.inbox.next() == .binary(audio))
        #expect(await server.inbox.next() == .ping([7]))
    }

    @Test("Messages and pongs are told as they come, fragments as one")
    func receiving() async throws {
        let (server, client) = try await self.open()
        server.send(Self.frame(.text, "frag", isFinal: false) + Self.frame(.pong, "p"))
        server.send(Self.frame(.continuation, "ments") + Self.frame(.binary, "b"))
        #expect(await client.next() == .pong(Array("p".utf8)))
        #expect(await client.next() == .text("fragments"))
        #expect(await client.next() == .binary(Array("b".utf8)))
    }

    @Test("A ping is answered with its payload")
    func pong() async throws {
        let (server, client) = try await self.open()
        server.send(Self.frame(.ping, "are you there"))
        #expect(await client.next() == .ping)
        #expect(await server.inbox.next() == .pong(Array("are you there".utf8)))
    }

    @Test(
        "A server that breaks a rule is told the code, and the connection fails",
        arguments: [
            ([0xC1, 0x01, 0x61], 1002), ([0x83, 0x00], 1002), ([0x8B, 0x00], 1002),
            ([0x81, 0x81, 0, 0, 0, 0, 0], 1002),
            ([0x09, 0x00], 1002), ([0x80, 0x00], 1002), ([0x88, 0x02, 0x03, 0xEC], 1002), ([0x88, 0x01, 0x03], 1002),
            ([0x82, 0x7E, 0x00, 0x01, 0x00], 1002), ([0x81, 0x01, 0xFF], 1007), ([0x81, 0x05, 0xED, 0xA0], 1007),
            ([0x88, 0x03, 0x03, 0xE8, 0xFF], 1007), ([0x82, 0x7E, 0x10, 0x00], 1009),
        ] as [([UInt8], UInt16)]
    )
    func faults(bytes: [UInt8], code: UInt16) async throws {
        let (server, client) = try await self.open(options: WebSocketOptions(maximumMessageBytes: 4_095))
        server.send(bytes + Self.frame(.text, "late"))
        #expect(await server.inbox.next() == .close(code))
        let event = await client.next()
        guard case .closed(let end) = event, case .fault(let fault) = end.cause else {
            Issue.record("\(event)")
            return
        }
        #expect(fault.closeCode == code)
        #expect(end.code == nil && !end.wasClean)
        try await client.run { connection in
            #expect(!connection.isOpen && !connection.isWritable && !connection.sendText([0x61]))
        }
    }

    @Test("A close from here is answered, and what comes before the answer is still told")
    func closingHere() async throws {
        let (server, client) = try await self.open(ServerScript(answersClose: false, endsAfterClose: false))
        try await client.run { connection in
            connection.close()
            connection.close()
            #expect(!connection.isOpen && !connection.sendText([0x61]) && !connection.sendPing())
        }
        #expect(await server.inbox.next() == .close(1000))
        server.send(Self.frame(.text, "the last word") + Self.frame(.ping, "") + [0x88, 0x02, 0x03, 0xE8])
        server.hangUp()
        #expect(await client.next() == .text("the last word"))
        #expect(await client.next() == .ping)
        #expect(await client.next() == .closed(WebSocketEnd(code: 1000, cause: .closedHere)))
        #expect(await server.inbox.next() == .ended)
    }

    @Test("A close from there is answered with its code, and the server may end the connection first")
    func closingThere() async throws {
        let (server, client) = try await self.open(ServerScript(answersClose: false))
        server.send(WebSocketFrameWriter.frame(.close, payload: [0x0F, 0xA1, 0x78], mask: nil))
        #expect(await server.inbox.next() == .close(4001))
        #expect(await client.next() == .closed(WebSocketEnd(code: 4001, cause: .closedThere)))
    }

    @Test("A server that does not answer a close, or does not end the connection, is not waited for without end")
    func unanswered() async throws {
        let options = WebSocketOptions(closeTimeout: .milliseconds(30))
        let (silent, client) = try await self.open(
            ServerScript(answersClose: false, endsAfterClose: false),
            options: options
        )
        try await client.run { $0.close(code: 1001) }
        #expect(await client.next() == .closed(WebSocketEnd(code: nil, cause: .unanswered)))
        #expect(await silent.inbox.next() == .close(1001))
        #expect(await silent.inbox.next() == .ended)

        let script = ServerScript(answersClose: false, endsAfterClose: false)
        let (lingering, other) = try await self.open(script, options: options)
        lingering.send([0x88, 0x02, 0x03, 0xE8])
        #expect(await other.next() == .closed(WebSocketEnd(code: 1000, cause: .closedThere)))
        #expect(await lingering.inbox.next() == .close(1000))
        #expect(await lingering.inbox.next() == .ended)
    }

    @Test("A connection that breaks without a close frame is lost, not clean")
    func lost() async throws {
        let (server, client) = try await self.open()
        server.send([0x81, 0x05, 0x61])
        server.hangUp()
        #expect(await client.next() == .closed(WebSocketEnd(code: nil, cause: .lost)))
    }

    @Test("What the delegate's own calls set off is told after they return, once")
    func callsInsideCalls() async throws {
        let (server, client) = try await self.open(reaction: { connection, event in
            guard event == .text("a") else { return }
            connection.abort()
            connection.abort()
            connection.close()
        })
        server.send(Self.frame(.text, "a") + Self.frame(.text, "b"))
        #expect(await client.next() == .text("a"))
        #expect(await client.next() == .closed(WebSocketEnd(code: nil, cause: .aborted)))
        #expect(await server.inbox.next() == .ended)
        try await client.run { $0.abort() }
        #expect(client.inbox.isEmpty)
    }
}
