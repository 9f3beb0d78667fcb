import NIOCore
import NIOPosix
import StenoJuvoly
import StenoWire

/// A WebSocket under test, with everything its delegate was told.
final class SocketClient: Sendable {
    enum Event: Hashable, Sendable {
        case opened(Int?)
        case failed(WebSocketError)
        case text(String)
        case binary([UInt8])
        case ping
        case pong([UInt8])
        case writable(Bool)
        case closed(WebSocketEnd)
    }

    let inbox: Inbox<Event>
    private let loop: any EventLoop
    private let connection: NIOLoopBound<WebSocketConnection>

    /// Begins to connect to this machine.
    static func connect(
        to port: Int,
        host: String = "127.0.0.1",
        isTLS: Bool = false,
        protocols: [String] = ["v2.juvoly", "canary-client", "canary-session"],
        options: WebSocketOptions = WebSocketOptions(),
        reaction: Reaction? = nil
    ) async throws -> SocketClient {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let inbox = Inbox<Event>()
        return try await loop.submit {
            let recorder = Recorder(inbox, reaction)
            let endpoint = WebSocketEndpoint(
                host: host,
                port: port,
                isTLS: isTLS,
                target: "/socket/generic?encoding=PCM"
            )
            let client = WebSocketClient(options: options, on: loop)
            let connection = try client.connect(to: endpoint, protocols: protocols, delegate: recorder)
            recorder.connection = connection
            return SocketClient(inbox, loop, NIOLoopBound(connection, eventLoop: loop))
        }.get()
    }

    /// What the test's delegate does inside its calls.
    typealias Reaction = @Sendable (WebSocketConnection, Event) -> Void

    private init(_ inbox: Inbox<Event>, _ loop: any EventLoop, _ connection: NIOLoopBound<WebSocketConnection>) {
        self.inbox = inbox
        self.loop = loop
        self.connection = connection
    }

    /// Runs `body` on the connection's event loop.
    func run<Result: Sendable>(_ body: @escaping @Sendable (WebSocketConnection) -> Result) async throws -> Result {
        let connection = self.connection
        return try await self.loop.submit { body(connection.value) }.get()
    }

    func next() async -> Event { await self.inbox.next() }

    private final class Recorder: WebSocketDelegate {
        private let inbox: Inbox<Event>
        private let reaction: Reaction?
        weak var connection: WebSocketConnection?

        init(_ inbox: Inbox<Event>, _ reaction: Reaction?) {
            self.inbox = inbox
            self.reaction = reaction
        }

        private func take(_ event: Event) {
            if let connection, let reaction { reaction(connection, event) }
            self.inbox.put(event)
        }

        func webSocketOpened(protocolIndex: Int?) { self.take(.opened(protocolIndex)) }
        func webSocketFailed(_ error: WebSocketError) { self.take(.failed(error)) }
        func webSocketReceivedText(_ bytes: UnsafeRawBufferPointer) {
            self.take(.text(String(decoding: bytes, as: UTF8.self)))
        }
        func webSocketReceivedBinary(_ bytes: UnsafeRawBufferPointer) { self.take(.binary([UInt8](bytes))) }
        func webSocketReceivedPing() { self.take(.ping) }
        func webSocketReceivedPong(_ payload: [UInt8]) { self.take(.pong(payload)) }
        func webSocketWritabilityChanged(_ isWritable: Bool) { self.take(.writable(isWritable)) }
        func webSocketClosed(_ end: WebSocketEnd) { self.take(.closed(end)) }
    }
}
