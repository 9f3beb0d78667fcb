import NIOCore

/// One TCP connection: requests one after the other, or a handshake and then the socket.
final class SandboxConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A request whose body is arriving.
    private struct Exchange {
        var head: HTTPRequestHead
        var service: SandboxService
        var entry: Int?
        var body: [UInt8] = []
        /// Reads the body in place of keeping it.
        var upload: NoteUpload?
        var bodyBytes = 0

        var bodyLimit: Int { self.upload == nil ? SandboxServices.bodyLimit : SandboxServices.uploadLimit }
    }

    private enum Phase {
        case head
        case body(Exchange)
        /// An answer is due or on its way; further requests wait.
        case answering
        case socket(JuvolySocket)
        /// What comes is thrown away.
        case ended
    }

    private let services: SandboxServices
    private let listener: SandboxListener
    private let channel: any Channel
    private var reader = HTTPRequestReader()
    private var phase = Phase.head

    init(services: SandboxServices, listener: SandboxListener, channel: any Channel) {
        self.services = services
        self.listener = listener
        self.channel = channel
    }

    // MARK: - Channel

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = Self.unwrapInboundIn(data)
        switch self.phase {
        case .socket(let socket):
            socket.received(buffer)
        case .ended:
            break
        case .head, .body, .answering:
            self.reader.append(buffer)
            self.advance()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        // A client that does not read its answers is not read from either.
        if case .socket(let socket) = self.phase { socket.writabilityChanged() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .socket(let socket) = self.phase { socket.ended() }
        self.phase = .ended
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset by the client, most often; `channelInactive` follows.
        context.close(promise: nil)
    }

    // MARK: - Requests

    private func advance() {
        do throws(HTTPRequestError) {
            while true {
                switch self.phase {
                case .head, .body:
                    guard let part = try self.reader.next() else { return }
                    self.take(part)
                case .answering, .socket, .ended:
                    return
                }
            }
        } catch {
            self.services.ledger.violated(.unknown, "HTTP", error.reason)
            self.answer(.text(error.status, error.reason), nil, closing: true)
        }
    }

    private func take(_ part: HTTPRequestReader.Part) {
        switch (part, self.phase) {
        case (.head(let head), .head):
            self.begin(head)
        case (.body(let piece), .body(var exchange)):
            // The array must have one owner while it grows.
            self.phase = .answering
            exchange.bodyBytes += piece.readableBytes
            guard exchange.bodyBytes <= exchange.bodyLimit else {
                self.answer(.text(413, "the body is too large"), exchange, closing: true)
                return
            }
            if let upload = exchange.upload {
                upload.received(piece.readableBytesView)
            } else {
                exchange.body.append(contentsOf: piece.readableBytesView)
            }
            self.phase = .body(exchange)
        case (.end, .body(let exchange)):
            self.finish(exchange)
        case (_, _):
            // The reader gives a head, then pieces, then an end; nothing else reaches this place.
            self.phase = .ended
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        let service = self.services.owner(of: head.path, listener: self.listener)
        let entry = self.services.ledger.received(head, service: service)
        var exchange = Exchange(head: head, service: service, entry: entry)
        exchange.upload = self.services.upload(for: head, service: service)
        if service == .juvoly, head.path.hasPrefix(JuvolyHandshake.prefix) {
            self.upgrade(exchange)
            return
        }
        if head.values("expect").contains(where: { $0.lowercased() == "100-continue" }) {
            self.channel.writeAndFlush(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n"), promise: nil)
        }
        self.phase = .body(exchange)
    }

    private func finish(_ exchange: Exchange) {
        let reply = self.services.reply(
            to: exchange.head,
            body: exchange.body,
            upload: exchange.upload,
            service: exchange.service
        )
        self.answer(reply, exchange, closing: exchange.head.closesConnection)
    }

    private func upgrade(_ exchange: Exchange) {
        let handshake = JuvolyHandshake(
            desk: self.services.juvoly,
            ledger: self.services.ledger,
            takesStreams: self.services.configuration.audioDecoder != nil
        )
        switch handshake.decide(exchange.head) {
        case .refused(let reply):
            self.answer(reply, exchange, closing: true)
        case .accepted(let reply, let terms):
            do {
                let socket = try self.services.openSocket(terms, channel: self.channel)
                self.services.ledger.answered(exchange.entry, bodyBytes: 0, status: reply.status)
                self.channel.writeAndFlush(reply.head(closing: false), promise: nil)
                self.phase = .socket(socket)
                socket.opened()
                let rest = self.reader.takeRemainder()
                if rest.readableBytes > 0 { socket.received(rest) }
            } catch {
                self.answer(.text(503, "the recogniser cannot start"), exchange, closing: true)
            }
        }
    }

    // MARK: - Answers

    private func answer(_ reply: HTTPReply, _ exchange: Exchange?, closing: Bool) {
        self.phase = .answering
        self.services.ledger.answered(exchange?.entry, bodyBytes: exchange?.bodyBytes ?? 0, status: reply.status)
        guard reply.delay > .zero else {
            self.send(reply, closing: closing || reply.closes)
            return
        }
        self.channel.eventLoop.assumeIsolated().scheduleTask(in: reply.delay) { [weak self] in
            self?.send(reply, closing: closing || reply.closes)
        }
    }

    private func send(_ reply: HTTPReply, closing: Bool) {
        guard case .answering = self.phase else { return }
        switch reply.transport {
        case .whole:
            self.channel.write(reply.head(closing: closing), promise: nil)
            self.channel.writeAndFlush(ByteBuffer(bytes: reply.body), promise: nil)
            self.answered(closing: closing)
        case .cutBefore:
            self.phase = .ended
            self.channel.close(promise: nil)
        case .cutMidway:
            self.channel.write(reply.head(closing: false), promise: nil)
            self.channel.writeAndFlush(ByteBuffer(bytes: reply.body.prefix(reply.body.count / 2)), promise: nil)
            self.phase = .ended
            self.channel.close(promise: nil)
        case .reset:
            self.phase = .ended
            self.channel.closeWithReset()
        case .hang:
            self.phase = .ended
        case .slow(let pause):
            self.channel.writeAndFlush(reply.head(closing: closing), promise: nil)
            self.dribble(reply.body[...], pause: pause, closing: closing)
        }
    }

    private func dribble(_ rest: ArraySlice<UInt8>, pause: TimeAmount, closing: Bool) {
        guard case .answering = self.phase else { return }
        guard let byte = rest.first else {
            self.answered(closing: closing)
            return
        }
        self.channel.writeAndFlush(ByteBuffer(bytes: [byte]), promise: nil)
        self.channel.eventLoop.assumeIsolated().scheduleTask(in: pause) { [weak self] in
            self?.dribble(rest.dropFirst(), pause: pause, closing: closing)
        }
    }

    private func answered(closing: Bool) {
        guard closing else {
            self.phase = .head
            self.advance()
            return
        }
        self.phase = .ended
        // First only our side: a body that is still arriving would turn a full close into a reset that eats the answer.
        self.channel.close(mode: .output, promise: nil)
        self.channel.eventLoop.assumeIsolated().scheduleTask(in: .seconds(1)) { [weak self] in
            self?.channel.close(promise: nil)
        }
    }
}
