import StenoSandbox
import StenoWire

/// A client of the speech socket that does what a test tells it, right or wrong.
final class SpeechClient {
    enum Event: Hashable {
        case message(JSONValue)
        case binary([UInt8])
        case ping
        case pong([UInt8])
        case closed(UInt16?)
        /// The connection ended without a close frame.
        case ended
        case reset
        case malformed
    }

    let raw: RawClient
    let upgradeReply: RawClient.Response
    private var reader = WebSocketFrameReader(role: .client)
    private var bytes: [UInt8] = []
    private var offset = 0

    private init(raw: RawClient, upgradeReply: RawClient.Response) {
        self.raw = raw
        self.upgradeReply = upgradeReply
    }

    /// Makes a session and opens a socket with it, as a client should.
    static func open(
        _ server: SandboxServer,
        session: String? = nil,
        target: String = "/api/v2/socket/generic?encoding=PCM"
    ) async throws -> SpeechClient {
        let id = if let session { session } else { try await Self.makeSession(server) }
        let protocols = ["v2.juvoly", SandboxCredentials.juvolyClientID, id]
        return try await Self.open(server, protocols: protocols, target: target)
    }

    static func open(
        _ server: SandboxServer,
        protocols: [String],
        target: String = "/api/v2/socket/generic?encoding=PCM"
    ) async throws -> SpeechClient {
        let upgrade = try WebSocketUpgrade(
            host: "127.0.0.1:\(server.port)",
            target: target,
            protocols: protocols,
            nonce: Array(1...16)
        )
        return try await Self.open(server, request: String(decoding: upgrade.request, as: UTF8.self))
    }

    static func open(_ server: SandboxServer, request: String) async throws -> SpeechClient {
        let raw = try await RawClient.connect(to: server.port)
        try await raw.send(request)
        return SpeechClient(raw: raw, upgradeReply: try await raw.response())
    }

    static func makeSession(_ server: SandboxServer) async throws -> String {
        let raw = try await RawClient.connect(to: server.port)
        try await raw.send(sessionRequest())
        let body = try await raw.response().body
        try await raw.close()
        return try JSONValue(parsing: body)["sessionId"]?.string ?? ""
    }

    // MARK: - Sending

    func send(_ opcode: WebSocketOpcode, _ payload: [UInt8]) async throws {
        let mask = WebSocketMask(key: 0x1234_5678)
        try await self.raw.send(WebSocketFrameWriter.frame(opcode, payload: payload, mask: mask))
    }

    func send(_ message: JSONValue) async throws {
        try await self.send(.text, Array(message.serialized().utf8))
    }

    func sendAudio(_ samples: some Collection<Int16>) async throws {
        let bytes = samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        try await self.send(.binary, bytes)
    }

    /// Silence, in pieces of 100 ms.
    func sendSilence(seconds: Double) async throws {
        for _ in 0..<Int((seconds * 10).rounded()) {
            try await self.send(.binary, [UInt8](repeating: 0, count: 3_200))
        }
    }

    func sendClose(_ code: UInt16 = 1000) async throws {
        try await self.send(.close, WebSocketCloseCode.payload(code: code))
    }

    // MARK: - Receiving

    func next() async throws -> Event {
        while true {
            do {
                let event = try self.bytes.withUnsafeBytes { bytes -> Event? in
                    guard let event = try self.reader.next(in: bytes, from: &self.offset) else { return nil }
                    return Self.event(event, bytes)
                }
                if let event { return event }
            } catch {
                return .malformed
            }
            self.offset = 0
            self.bytes = []
            do {
                guard let more = try await self.raw.read() else { return .ended }
                self.bytes = more
            } catch {
                return .reset
            }
        }
    }

    /// The next message of that type; others before it are skipped.
    func next(_ type: String) async throws -> JSONValue {
        while true {
            switch try await self.next() {
            case .message(let message):
                if message["type"]?.string == type { return message }
            case .ping, .pong, .binary:
                continue
            case .closed, .ended, .reset, .malformed:
                throw RawClient.Ended()
            }
        }
    }

    /// Every message up to the end of the connection.
    func rest() async throws -> [Event] {
        var events: [Event] = []
        while true {
            let event = try await self.next()
            events.append(event)
            switch event {
            case .message, .binary, .ping, .pong: continue
            case .closed, .ended, .reset, .malformed: return events
            }
        }
    }

    /// Completed sentences up to the end of the connection.
    func completedSentences() async throws -> [String] {
        try await self.rest().compactMap { event in
            guard case .message(let message) = event, message["completed"]?.bool == true else { return nil }
            return message["utterance"]?["sentence"]?.string
        }
    }

    private static func event(_ event: WebSocketEvent, _ bytes: UnsafeRawBufferPointer) -> Event {
        switch event {
        case .text(let payload):
            guard let message = try? JSONValue(parsing: payload.bytes(of: bytes)) else { return .malformed }
            return .message(message)
        case .binary(let payload): return .binary(payload.bytes(of: bytes))
        case .ping: return .ping
        case .pong(let payload): return .pong(payload.bytes(of: bytes))
        case .close(let code): return .closed(code)
        }
    }
}
