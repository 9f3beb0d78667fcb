import NIOCore
import StenoJuvoly
import StenoWire

/// One connection to the fuzzing server: sends every message back until the server closes.
///
/// Belongs to its event loop.
final class EchoClient: WebSocketDelegate {
    /// What is left when the connection has ended.
    struct Outcome: Sendable {
        var firstText: String?
        var error: WebSocketError?
    }

    private let done: EventLoopPromise<Outcome>
    private let isEchoing: Bool
    private var connection: WebSocketConnection?
    private var outcome = Outcome()
    /// Binary messages that came faster than the server reads their echo.
    private var waiting: [[UInt8]] = []

    private init(isEchoing: Bool, done: EventLoopPromise<Outcome>) {
        self.isEchoing = isEchoing
        self.done = done
    }

    /// Connects, echoes, and returns when the connection has ended.
    static func run(_ endpoint: WebSocketEndpoint, isEchoing: Bool, on loop: any EventLoop) async throws -> Outcome {
        try await loop.flatSubmit {
            let done = loop.makePromise(of: Outcome.self)
            let echo = EchoClient(isEchoing: isEchoing, done: done)
            // The cases go up to 16 MiB, which is more than a session ever takes.
            let client = WebSocketClient(options: WebSocketOptions(maximumMessageBytes: 32 << 20), on: loop)
            do throws(WebSocketError) {
                echo.connection = try client.connect(to: endpoint, protocols: [], delegate: echo)
            } catch {
                done.succeed(Outcome(error: error))
            }
            return done.futureResult
        }.get()
    }

    func webSocketOpened(protocolIndex: Int?) {}

    func webSocketFailed(_ error: WebSocketError) {
        self.outcome.error = error
        self.end()
    }

    func webSocketReceivedText(_ bytes: UnsafeRawBufferPointer) {
        if self.outcome.firstText == nil { self.outcome.firstText = String(decoding: bytes.prefix(20), as: UTF8.self) }
        if self.isEchoing { self.connection?.sendText([UInt8](bytes)) }
    }

    func webSocketReceivedBinary(_ bytes: UnsafeRawBufferPointer) {
        guard self.isEchoing, let connection = self.connection else { return }
        guard self.waiting.isEmpty, connection.sendBinary(bytes) else { return self.waiting.append([UInt8](bytes)) }
    }

    func webSocketWritabilityChanged(_ isWritable: Bool) {
        while let message = self.waiting.first, let connection = self.connection,
            message.withUnsafeBytes({ connection.sendBinary($0) })
        {
            self.waiting.removeFirst()
        }
    }

    func webSocketReceivedPing() {}
    func webSocketReceivedPong(_ payload: [UInt8]) {}
    func webSocketClosed(_ end: WebSocketEnd) { self.end() }

    private func end() {
        self.connection = nil
        self.done.succeed(self.outcome)
    }
}
