import Glibc
import StenoCore
import StenoStore
import StenoTesting
import StenoWebhook
import Testing

/// Real sockets of this machine, and a server that is impatient.
@Suite("Webhook server", .serialized)
struct WebhookServerTests {
    private static let label = #"{"type":"new_label","data":{"labelId":"label-1"}}"#

    /// What a request gets, or `nil` when the connection just ends.
    private static func send(_ request: [[UInt8]], to port: Int) async -> String? {
        await RawSocket.run { RawSocket(port: port)?.exchange(request) }
    }

    private static func post(_ body: String, _ headers: String = "", path: String = "/webhooks/nxvet") -> [UInt8] {
        let bytes = Array(body.utf8)
        let head = "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(bytes.count)\r\nConnection: close\r\n"
        return Array((head + headers + "\r\n").utf8) + bytes
    }

    private static func signed(_ body: String, delivery: String = "d-1") -> [UInt8] {
        let signature = Signed.header(Array(body.utf8))
        return Self.post(body, "x-NERVEX-signature: \(signature)\r\nX-NerveX-Delivery: \(delivery)\r\n")
    }

    private static func run(
        _ limits: WebhookLimits = WebhookLimits(),
        body: (Int, EventStore, StillClock) async throws -> Void
    ) async throws {
        // A server that writes to somebody who is gone must not end the tests.
        signal(SIGPIPE, SIG_IGN)
        let place = Place()
        let store = try place.store()
        let server = WebhookServer(
            try #require(ListenAddress("127.0.0.1:0")),
            intake: try await place.intake(store),
            limits: limits
        )
        let (stopped, stop) = AsyncStream<Void>.makeStream()
        let (ports, port) = AsyncStream<Int>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { port.finish() }
                try await server.run(until: stopped) { port.yield($0.port) }
            }
            for await number in ports {
                do {
                    try await body(number, store, place.clock)
                } catch {
                    stop.finish()
                    throw error
                }
                break
            }
            stop.finish()
            try await tasks.waitForAll()
        }
    }

    private static func kept(_ store: EventStore, _ clock: StillClock) async throws -> Int {
        try await store.due(at: clock.now + 120_000, EventPolicy(), limit: 1_000, except: []).count
    }

    @Test("A signed event is taken once; a forged, a replayed and a malformed one leave nothing")
    func answers() async throws {
        try await Self.run { port, store, clock in
            #expect(await Self.send([Self.signed(Self.label)], to: port)?.hasPrefix("HTTP/1.1 200 ") == true)
            #expect(await Self.send([Self.signed(Self.label)], to: port)?.hasPrefix("HTTP/1.1 200 ") == true)
            let forged = Self.post(Self.label, "X-NerveX-Signature: sha256=\(String(repeating: "0", count: 64))\r\n")
            #expect(await Self.send([forged], to: port)?.hasPrefix("HTTP/1.1 401 ") == true)
            #expect(await Self.send([Self.post(Self.label)], to: port)?.hasPrefix("HTTP/1.1 401 ") == true)
            #expect(await Self.send([Self.signed("{")], to: port)?.hasPrefix("HTTP/1.1 400 ") == true)
            let kept = try await Self.kept(store, clock)
            #expect(kept == 1)
        }
    }

    @Test("A GET on the path helps, another path is not there, another method is not taken")
    func routes() async throws {
        try await Self.run { port, _, _ in
            func get(_ line: String) async -> String? {
                await Self.send([Array("\(line) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)], to: port)
            }
            let help = await get("GET /webhooks/nxvet")
            #expect(help?.hasPrefix("HTTP/1.1 200 ") == true && help?.contains("NXVET_WEBHOOK_SECRET") == true)
            #expect(await get("GET /")?.hasPrefix("HTTP/1.1 404 ") == true)
            #expect(await get("GET /webhooks/nxvet/x")?.hasPrefix("HTTP/1.1 404 ") == true)
            #expect(await get("DELETE /webhooks/nxvet")?.hasPrefix("HTTP/1.1 405 ") == true)
            #expect(await Self.send([Self.post("{}", path: "/other")], to: port)?.hasPrefix("HTTP/1.1 404 ") == true)
        }
    }

    @Test("Bytes that are no HTTP, and heads without end, cost nothing")
    func malformed() async throws {
        try await Self.run { port, store, clock in
            let long = String(repeating: "a", count: 100_000)
            let many = (0..<100).map { "X-\($0): 1\r\n" }.joined()
            for text in [
                "\r\n\r\n\u{0}\u{1}", "GET", "\(long) / HTTP/1.1\r\n\r\n", "GET /\(long) HTTP/1.1\r\n\r\n",
                "POST /webhooks/nxvet HTTP/1.1\r\nHost: x\r\nX: \(long)\r\n\r\n",
                "POST /webhooks/nxvet HTTP/1.1\r\nHost: x\r\n\(many)\r\n",
                "POST /webhooks/nxvet HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /webhooks/nxvet HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST /webhooks/nxvet HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            ] {
                let answer = await Self.send([Array(text.utf8)], to: port)
                #expect(answer?.hasPrefix("HTTP/1.1 200") != true, "\(text.prefix(40))")
            }
            #expect(await Self.send([Self.signed(Self.label)], to: port)?.hasPrefix("HTTP/1.1 200 ") == true)
            let kept = try await Self.kept(store, clock)
            #expect(kept == 1)
        }
    }

    @Test("A body of 1 GB is cut at the limit, announced or in chunks, and memory stays as it is")
    func large() async throws {
        try await Self.run { port, _, _ in
            let head = "POST /webhooks/nxvet HTTP/1.1\r\nHost: x\r\n"
            let length = Array("\(head)Content-Length: 1000000000\r\n\r\n".utf8)
            let chunked = Array("\(head)Transfer-Encoding: chunked\r\n\r\n".utf8)
            let piece = [UInt8](repeating: 0x61, count: 1 << 20)
            let chunk = Array("100000\r\n".utf8) + piece + Array("\r\n".utf8)
            let before = Memory.resident()
            let first = await RawSocket.run { RawSocket(port: port)?.flood(length, piece, times: 1_000) }
            let second = await RawSocket.run { RawSocket(port: port)?.flood(chunked, chunk, times: 1_000) }
            for result in [first, second] {
                #expect(result?.answer.hasPrefix("HTTP/1.1 413 ") == true)
                #expect((result?.sent ?? .max) < 64 << 20)
            }
            #expect(Memory.resident() - before < 64 << 20)
        }
    }

    @Test("Whoever dribbles a head or a body is cut off; the rest goes on meanwhile")
    func slow() async throws {
        var limits = WebhookLimits()
        limits.headTime = .milliseconds(300)
        limits.bodyTime = .milliseconds(300)
        try await Self.run(limits) { port, _, _ in
            let head = Array("POST /webhooks/nxvet HTTP/1.1\r\nHost: x\r\nX-Slow: ".utf8)
            let body = Array("POST /webhooks/nxvet HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n".utf8)
            for start in [[], head, body] {
                async let dribbling = RawSocket.run { RawSocket(port: port)?.dribble(start) }
                #expect(await Self.send([Self.signed(Self.label)], to: port)?.hasPrefix("HTTP/1.1 200 ") == true)
                #expect(await dribbling == true)
            }
        }
    }

    @Test("10,000 silent connections keep memory flat and keep no honest sender out")
    func crowd() async throws {
        var limits = WebhookLimits()
        limits.headTime = .milliseconds(200)
        limits.connections = 256
        try await Self.run(limits) { port, store, clock in
            let before = Memory.resident()
            // The server's own are in this process too.
            let crowd = await RawSocket.run { RawSocket.crowd(of: RawSocket.affordable(10_000), port: port) }
            #expect(crowd.count == RawSocket.affordable(10_000))
            #expect(await Self.send([Self.signed(Self.label)], to: port)?.hasPrefix("HTTP/1.1 200 ") == true)
            #expect(Memory.resident() - before < 64 << 20)
            let kept = try await Self.kept(store, clock)
            #expect(kept == 1)
            withExtendedLifetime(crowd) {}
        }
    }

    @Test("An address is HOST:PORT, and only loopback is believed to be private")
    func addresses() {
        #expect(ListenAddress("127.0.0.1:80")?.isLoopback == true)
        #expect(ListenAddress("localhost:80")?.isLoopback == true)
        #expect(ListenAddress("[::1]:80")?.isLoopback == true)
        #expect(ListenAddress("[::1]:80")?.description == "[::1]:80")
        for text in ["0.0.0.0:80", "[::]:80", "192.168.1.1:80", "127.0.0.1.example.org:80", "example.org:80"] {
            #expect(ListenAddress(text)?.isLoopback == false, "\(text)")
        }
        for text in ["", ":80", "80", "::1:80", "host", "host:", "host:65536", "host:-1", "a b:80", "a/b:80"] {
            #expect(ListenAddress(text) == nil, "\(text)")
        }
    }
}
