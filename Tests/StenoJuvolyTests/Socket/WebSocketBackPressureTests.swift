import StenoJuvoly
import StenoWire
import Testing

@Suite("WebSocket back-pressure", .timeLimit(.minutes(1)))
struct WebSocketBackPressureTests {
    private func open() async throws -> (ScriptedServer, SocketClient) {
        let server = try await ScriptedServer(ServerScript(readsAfterReply: false), receiveBuffer: 4_096)
        let client = try await SocketClient.connect(to: server.port)
        _ = await server.inbox.next()
        #expect(await client.next() == .opened(0))
        return (server, client)
    }

    @Test("A server that does not read stops the sender at a bounded number of unsent bytes, and nothing is lost")
    func slowServer() async throws {
        let (server, client) = try await self.open()
        let piece = [UInt8](repeating: 0x55, count: 32_000)
        let (sent, unsent) = try await client.run { connection in
            var sent = 0
            while piece.withUnsafeBytes({ connection.sendBinary($0) }) { sent += 1 }
            return (sent, connection.bytesUnsent)
        }
        #expect(unsent > 256 << 10)
        #expect(unsent <= (256 << 10) + 32_000 + WebSocketFrameWriter.longestHeader)
        #expect(await client.next() == .writable(false))
        try await client.run { connection in
            #expect(!connection.isWritable && connection.isOpen)
            #expect(connection.sendText(Array("still taken".utf8)))
        }
        server.resumeReading()
        #expect(await client.next() == .writable(true))
        for _ in 0..<sent { #expect(await server.inbox.next() == .binary(piece)) }
        #expect(await server.inbox.next() == .text(Array("still taken".utf8)))
    }

    @Test("A flood of pings that are not read does not fill the memory, and the last one is answered")
    func pingFlood() async throws {
        let (server, client) = try await self.open()
        let count = 40_000
        var flood: [UInt8] = []
        for index in 0..<count {
            let payload =
                [UInt8](repeating: 0x2E, count: 122) + (0..<3).map { UInt8(truncatingIfNeeded: index >> (8 * $0)) }
            flood += WebSocketFrameWriter.frame(.ping, payload: payload, mask: nil)
        }
        server.send(flood)
        for _ in 0..<count { _ = await client.inbox.next { $0 == .ping } }
        let unsent = try await client.run { $0.bytesUnsent }
        #expect(unsent <= (256 << 10) + 131)

        server.resumeReading()
        let last = (0..<3).map { UInt8(truncatingIfNeeded: (count - 1) >> (8 * $0)) }
        _ = await server.inbox.next { event in
            if case .pong(let payload) = event { Array(payload.suffix(3)) == last } else { false }
        }
    }
}
