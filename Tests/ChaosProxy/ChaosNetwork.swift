import NIOCore
import NIOPosix

/// What all links of a proxy have in common. Belongs to one event loop, as everything it holds.
final class ChaosNetwork {
    /// Small, so that a client which is not read from finds its window closed after little more than its own buffers,
    /// and that what a slow line has not passed on yet is with the client and not here.
    private static let receiveBuffer = 4_096
    private static let pieceRead = 2_048

    let loop: any EventLoop
    private let target: Int
    private let lines: [ChaosLine]
    private let rest: ChaosLine
    private let met: @Sendable (Int) -> Void
    private var listener: (any Channel)?
    private var links: [ObjectIdentifier: ChaosLink] = [:]
    private var clients: [ObjectIdentifier: any Channel] = [:]
    /// What came from clients whose server is being connected to.
    private var early: [ObjectIdentifier: ByteBuffer] = [:]
    private(set) var isDown = false
    private var sockets = 0

    init(
        on loop: any EventLoop,
        to target: Int,
        _ lines: [ChaosLine],
        rest: ChaosLine,
        met: @escaping @Sendable (Int) -> Void
    ) {
        self.loop = loop
        self.target = target
        self.lines = lines
        self.rest = rest
        self.met = met
    }

    /// - Returns: the port, when it listens.
    func listen(on port: Int = 0) -> EventLoopFuture<Int> {
        let network = NIOLoopBound(self, eventLoop: self.loop)
        return ServerBootstrap(group: self.loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.socketOption(.so_rcvbuf), value: Self.receiveBuffer)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(capacity: Self.pieceRead)
            )
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { client in
                client.eventLoop.makeCompletedFuture {
                    try client.pipeline.syncOperations.addHandler(ChaosHandler(network.value, .client))
                }
            }
            .bind(host: "127.0.0.1", port: port)
            .assumeIsolated().map { listener in
                self.listener = listener
                return listener.localAddress?.port ?? 0
            }.nonisolated()
    }

    func close() {
        self.listener?.close(promise: nil)
        for client in self.clients.values { client.close(promise: nil) }
    }

    func opened(_ client: any Channel) {
        self.clients[ObjectIdentifier(client)] = client
        client.read()
    }

    func received(_ buffer: ByteBuffer, from channel: any Channel, _ side: ChaosLine.Side) {
        if let link = self.links[ObjectIdentifier(channel)] {
            link.received(buffer, from: side)
        } else if side == .client, self.early[ObjectIdentifier(channel)]?.writeImmutableBuffer(buffer) == nil {
            self.early[ObjectIdentifier(channel)] = buffer
            self.connect(channel, buffer)
        }
    }

    func ended(_ channel: any Channel, _ side: ChaosLine.Side) {
        self.links[ObjectIdentifier(channel)]?.ended(side)
    }

    func broke(_ channel: any Channel, _ side: ChaosLine.Side) {
        self.clients[ObjectIdentifier(channel)] = nil
        self.links.removeValue(forKey: ObjectIdentifier(channel))?.broke(side)
    }

    func metFate(_ number: Int) { self.met(number) }

    func goDown(for time: Duration) {
        self.setDown(true)
        self.loop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { self.setDown(false) }
    }

    private func setDown(_ isDown: Bool) {
        self.isDown = isDown
        for link in self.links.values { link.hold(isDown) }
    }

    func refuse(for time: Duration) {
        guard let listener = self.listener, let port = listener.localAddress?.port else { return }
        self.listener = nil
        listener.close(promise: nil)
        self.loop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { self.listen(on: port).whenFailure { _ in } }
    }

    /// A handshake is a GET, or begins TLS, and every call of a REST service here is something else: those are left
    /// alone.
    private func line(for first: ByteBuffer) -> (number: Int, ChaosLine) {
        let view = first.readableBytesView
        guard view.starts(with: Array("GET ".utf8)) || view.first == 0x16 else { return (0, .clean) }
        self.sockets += 1
        return (self.sockets, self.sockets <= self.lines.count ? self.lines[self.sockets - 1] : self.rest)
    }

    private func connect(_ client: any Channel, _ first: ByteBuffer) {
        let (number, line) = self.line(for: first)
        let network = NIOLoopBound(self, eventLoop: self.loop)
        ClientBootstrap(group: self.loop)
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { server in
                server.eventLoop.makeCompletedFuture {
                    try server.pipeline.syncOperations.addHandler(ChaosHandler(network.value, .server))
                }
            }
            .connect(host: "127.0.0.1", port: self.target)
            .assumeIsolated().whenComplete { result in
                let first = self.early.removeValue(forKey: ObjectIdentifier(client)) ?? ByteBuffer()
                guard case .success(let server) = result else { return client.close(promise: nil) }
                guard client.isActive else { return server.close(promise: nil) }
                let link = ChaosLink(client, server, line, number, self)
                self.links[ObjectIdentifier(client)] = link
                self.links[ObjectIdentifier(server)] = link
                link.start(first)
            }
    }
}

/// Tells the network what happens on one channel.
private final class ChaosHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let network: ChaosNetwork
    private let side: ChaosLine.Side

    init(_ network: ChaosNetwork, _ side: ChaosLine.Side) {
        self.network = network
        self.side = side
    }

    func channelActive(context: ChannelHandlerContext) {
        if self.side == .client { self.network.opened(context.channel) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.network.received(Self.unwrapInboundIn(data), from: context.channel, self.side)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { self.network.ended(context.channel, self.side) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.network.broke(context.channel, self.side)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
