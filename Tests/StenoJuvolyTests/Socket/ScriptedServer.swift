import NIOCore
import NIOPosix
import NIOSSL
import StenoWire
import Synchronization

/// What a scripted server does with each connection. The default is a well-behaved one.
struct ServerScript: Sendable {
    /// Sent before anything is asked.
    var greeting: [UInt8] = []
    /// The answer to the request with this key; `nil` answers nothing.
    var reply: @Sendable (_ key: String) -> [UInt8]? = { ServerScript.reply(key: $0) }
    /// Sent in the same write as the reply.
    var gluedBytes: [UInt8] = []
    /// The reply comes one byte each millisecond.
    var isDribbling = false
    var endsAfterReply = false
    var readsAfterReply = true
    var answersClose = true
    var endsAfterClose = true
    var tls: NIOSSLContext?

    /// A reply to an upgrade, good unless told otherwise.
    static func reply(
        key: String,
        status: String = "101 Switching Protocols",
        accept: String? = nil,
        protocol name: String? = "v2.juvoly",
        more: [String] = []
    ) -> [UInt8] {
        var lines = ["HTTP/1.1 \(status)", "Upgrade: websocket", "Connection: Upgrade"]
        lines.append("Sec-WebSocket-Accept: \(accept ?? WebSocketUpgrade.accept(forKey: key))")
        if let name { lines.append("Sec-WebSocket-Protocol: \(name)") }
        return Array((lines + more + ["", ""]).joined(separator: "\r\n").utf8)
    }
}

/// A real server on a loopback port that writes what a test wants, byte for byte.
final class ScriptedServer: Sendable {
    enum Event: Hashable, Sendable {
        case request(String)
        case text([UInt8])
        case binary([UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close(UInt16?)
        /// What came was no WebSocket frame of a client.
        case fault
        case ended
    }

    let inbox = Inbox<Event>()
    let port: Int
    private let listener: any Channel
    private let connection: ConnectionBox

    private final class ConnectionBox: Sendable {
        let channel = Mutex<(any Channel)?>(nil)
    }

    init(_ script: ServerScript = ServerScript(), host: String = "127.0.0.1", receiveBuffer: Int? = nil) async throws {
        let inbox = self.inbox
        let connection = ConnectionBox()
        var bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                connection.channel.withLock { $0 = channel }
                return channel.eventLoop.makeCompletedFuture {
                    if let tls = script.tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(ScriptedServerHandler(script, inbox))
                }
            }
        if let receiveBuffer {
            bootstrap = bootstrap.serverChannelOption(.socketOption(.so_rcvbuf), value: receiveBuffer)
        }
        self.listener = try await bootstrap.bind(host: host, port: 0).get()
        self.port = self.listener.localAddress?.port ?? 0
        self.connection = connection
    }

    deinit {
        self.listener.close(promise: nil)
        self.connection.channel.withLock { $0 }?.close(promise: nil)
    }

    private var channel: (any Channel)? { self.connection.channel.withLock { $0 } }

    func send(_ bytes: [UInt8]) {
        self.channel?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Reads again where the script did not.
    func resumeReading() {
        self.channel?.setOption(.autoRead, value: true).whenSuccess { [channel = self.channel] in channel?.read() }
    }

    /// Ends the TCP connection.
    func hangUp() {
        self.channel?.close(promise: nil)
    }
}

private final class ScriptedServerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let script: ServerScript
    private let inbox: Inbox<ScriptedServer.Event>
    private var request: [UInt8]? = []
    private var reader = WebSocketFrameReader(role: .server, maximumMessageBytes: 64 << 20)

    init(_ script: ServerScript, _ inbox: Inbox<ScriptedServer.Event>) {
        self.script = script
        self.inbox = inbox
    }

    func channelActive(context: ChannelHandlerContext) {
        guard !self.script.greeting.isEmpty else { return }
        context.writeAndFlush(NIOAny(ByteBuffer(bytes: self.script.greeting)), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.inbox.put(.ended)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Array(Self.unwrapInboundIn(data).readableBytesView)
        guard var request = self.request else { return self.readFrames(bytes, context) }
        request += bytes
        self.request = request
        guard request.suffix(4) == [13, 10, 13, 10] else { return }
        self.request = nil
        self.answer(String(decoding: request, as: UTF8.self), context)
    }

    private func answer(_ request: String, _ context: ChannelHandlerContext) {
        self.inbox.put(.request(request))
        let key = request.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") }?.dropFirst(19)
        guard let reply = self.script.reply(String(key ?? "")) else { return }
        if !self.script.readsAfterReply {
            context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        }
        if self.script.isDribbling {
            let channel = context.channel
            for (index, byte) in reply.enumerated() {
                context.eventLoop.scheduleTask(in: .milliseconds(Int64(index))) {
                    channel.writeAndFlush(ByteBuffer(bytes: [byte]), promise: nil)
                }
            }
        } else {
            context.writeAndFlush(NIOAny(ByteBuffer(bytes: reply + self.script.gluedBytes)), promise: nil)
        }
        if self.script.endsAfterReply { context.close(promise: nil) }
    }

    private func readFrames(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            do throws(WebSocketFault) {
                while let event = try self.reader.next(in: buffer, from: &offset) {
                    self.take(event, buffer, context)
                }
            } catch {
                self.inbox.put(.fault)
            }
        }
    }

    private func take(_ event: WebSocketEvent, _ buffer: UnsafeRawBufferPointer, _ context: ChannelHandlerContext) {
        switch event {
        case .text(let payload): self.inbox.put(.text(payload.bytes(of: buffer)))
        case .binary(let payload): self.inbox.put(.binary(payload.bytes(of: buffer)))
        case .ping(let payload): self.inbox.put(.ping(payload.bytes(of: buffer)))
        case .pong(let payload): self.inbox.put(.pong(payload.bytes(of: buffer)))
        case .close(let code):
            self.inbox.put(.close(code))
            if self.script.answersClose {
                let payload = WebSocketCloseCode.payload(code: code)
                let frame = WebSocketFrameWriter.frame(.close, payload: payload, mask: nil)
                context.writeAndFlush(NIOAny(ByteBuffer(bytes: frame)), promise: nil)
            }
            if self.script.endsAfterClose { context.close(promise: nil) }
        }
    }
}
