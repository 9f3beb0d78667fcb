import ChaosProxy
import Glibc
import NIOSSL
import StenoJuvoly
import StenoWire
import Testing

@Suite("WebSocket over TLS", .timeLimit(.minutes(1)))
struct WebSocketTLSTests {
    /// Writes the tests' own authority to a file for the time of `body`.
    private func withAuthority<Result>(_ body: (WebSocketOptions) async throws -> Result) async throws -> Result {
        var path = Array("/tmp/steno-authority-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        defer { close(descriptor) }
        let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(name) }
        let text = Array(TLSFixture.authority.utf8)
        #expect(write(descriptor, text, text.count) == text.count)
        return try await body(WebSocketOptions(extraCAFile: name))
    }

    private func outcome(
        _ tls: NIOSSLContext?,
        host: String = "localhost",
        options: WebSocketOptions
    ) async throws -> SocketClient.Event {
        let server = try await ScriptedServer(ServerScript(tls: tls), host: host)
        let client = try await SocketClient.connect(to: server.port, host: host, isTLS: true, options: options)
        let event = await client.next()
        guard case .failed(.tlsFailed(_, let reason)) = event else { return event }
        return .failed(.tlsFailed(host: "", reason: reason))
    }

    private func failed(_ reason: String) -> SocketClient.Event { .failed(.tlsFailed(host: "", reason: reason)) }

    @Test("A server whose certificate the extra file vouches for is trusted, by name and by address")
    func trusted() async throws {
        let tls = try TLSFixture.server(TLSFixture.good)
        try await self.withAuthority { (options) async throws -> Void in
            #expect(try await self.outcome(tls, options: options) == .opened(0))
            #expect(try await self.outcome(tls, host: "127.0.0.1", options: options) == .opened(0))
        }
    }

    @Test("Messages travel both ways, and a close is clean")
    func messages() async throws {
        let server = try await ScriptedServer(
            ServerScript(
                gluedBytes: WebSocketFrameWriter.frame(.text, payload: Array("ready".utf8), mask: nil),
                tls: try TLSFixture.server(TLSFixture.good)
            )
        )
        try await self.withAuthority { (options) async throws -> Void in
            let client = try await SocketClient.connect(to: server.port, isTLS: true, options: options)
            #expect(await client.next() == .opened(0))
            #expect(await client.next() == .text("ready"))
            _ = await server.inbox.next()
            let audio = [UInt8](repeating: 0x11, count: 100_000)
            #expect(try await client.run { connection in audio.withUnsafeBytes { connection.sendBinary($0) } })
            #expect(await server.inbox.next() == .binary(audio))
            try await client.run { $0.close() }
            #expect(await client.next() == .closed(WebSocketEnd(code: 1000, cause: .closedHere)))
        }
    }

    @Test("A message that TLS ends in the middle of, without saying so, is never told, and the connection is lost")
    func truncated() async throws {
        let message = [UInt8](repeating: 0x61, count: 100_000)
        let server = try await ScriptedServer(
            ServerScript(
                gluedBytes: WebSocketFrameWriter.frame(.text, payload: message, mask: nil),
                tls: try TLSFixture.server(TLSFixture.good)
            )
        )
        try await ChaosProxy.run(to: server.port, [.after(50_000, of: .server, .close)]) { proxy in
            try await self.withAuthority { (options) async throws -> Void in
                let client = try await SocketClient.connect(to: proxy.port, isTLS: true, options: options)
                #expect(await client.next() == .opened(0))
                #expect(await client.next() == .closed(WebSocketEnd(code: nil, cause: .lost)))
            }
        }
    }

    @Test("A certificate that nobody vouches for is refused")
    func untrusted() async throws {
        let tls = try TLSFixture.server(TLSFixture.good)
        let reason = "its certificate is not trusted"
        #expect(try await self.outcome(tls, options: WebSocketOptions()) == self.failed(reason))
    }

    @Test("An expired certificate, an early one, and one for another name, is refused")
    func unfit() async throws {
        try await self.withAuthority { (options) async throws -> Void in
            let expired = try TLSFixture.server(TLSFixture.expired)
            let reason = "its certificate has expired"
            #expect(try await self.outcome(expired, options: options) == self.failed(reason))
            let early = try TLSFixture.server(TLSFixture.early)
            let clock = "its certificate is not valid yet; check this machine's clock"
            #expect(try await self.outcome(early, options: options) == self.failed(clock))
            let other = try TLSFixture.server(TLSFixture.otherName)
            let name = "its certificate is for another name"
            #expect(try await self.outcome(other, options: options) == self.failed(name))
            #expect(try await self.outcome(other, host: "127.0.0.1", options: options) == self.failed(name))
        }
    }

    @Test("A server below TLS 1.2 is refused")
    func oldProtocol() async throws {
        let tls = try TLSFixture.server(TLSFixture.good, minimum: .tlsv1, maximum: .tlsv11)
        try await self.withAuthority { (options) async throws -> Void in
            #expect(try await self.outcome(tls, options: options) == self.failed("it offers no TLS 1.2 or later"))
        }
    }

    @Test("A server that does not speak TLS is named as such")
    func plainServer() async throws {
        let server = try await ScriptedServer(ServerScript(greeting: Array("HTTP/1.1 400 Bad\r\n\r\n".utf8)))
        let client = try await SocketClient.connect(to: server.port, isTLS: true)
        let event = await client.next()
        #expect(
            event
                == .failed(
                    .tlsFailed(host: "127.0.0.1:\(server.port)", reason: "it does not speak TLS on this port")
                )
        )
    }

    @Test("A certificate file that cannot be read is named before anything is sent")
    func badFile() async throws {
        let options = WebSocketOptions(extraCAFile: "/nowhere/ca.pem")
        await #expect(throws: WebSocketError.badCertificateFile("/nowhere/ca.pem")) {
            try await SocketClient.connect(to: 9, isTLS: true, options: options)
        }
    }
}
