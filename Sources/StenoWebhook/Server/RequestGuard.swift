internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Ends connections that are slow or send too much, before anything of them is collected.
///
/// It stands between the HTTP codec and the server. What is refused here is answered here, and then the connection takes
/// nothing more: the rest of a body that is too large is thrown away for a moment, so that the answer is not lost with a
/// reset, and then the connection is closed, however much is still to come.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a sender that was refused may go on sending.
    private static let lingering = TimeAmount.seconds(1)
    /// Bytes of it that are thrown away; the rest is not read any more.
    private static let discarded = 4 << 20
    /// A request that is on its way when the end is asked for.
    private static let farewell = Duration.seconds(5)
    /// For its answer to get out.
    private static let parting = Duration.milliseconds(500)

    private let limits: WebhookLimits
    private var received = 0
    private var isRefused = false
    /// No request has begun that was not answered.
    private var isIdle = true
    private var isEnding = false
    /// Bytes of the present answer are on their way.
    private var isAnswering = false
    private var deadline: Scheduled<Void>?

    init(_ limits: WebhookLimits) {
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { self.expect(within: self.limits.headTime, context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.deadline?.cancel() }

    func channelActive(context: ChannelHandlerContext) {
        self.expect(within: self.limits.headTime, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.deadline?.cancel()
        context.fireChannelInactive()
    }

    /// The server ends: who has nothing under way ends now, so that nobody waits for silent strangers.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            self.isEnding = true
            if self.isIdle {
                context.close(promise: nil)
            } else {
                self.expect(within: Self.farewell, context)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isRefused else {
            if case .body(let bytes) = self.unwrapInboundIn(data) { self.received += bytes.readableBytes }
            return
        }
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.received = 0
            self.isIdle = false
            self.expect(within: self.limits.bodyTime, context)
            if let length = head.headerFields[.contentLength].flatMap({ Int($0) }), length > self.limits.body {
                return self.refuse(.contentTooLarge, context)
            }
        case .body(let bytes):
            self.received += bytes.readableBytes
            if self.received > self.limits.body { return self.refuse(.contentTooLarge, context) }
        case .end:
            self.deadline?.cancel()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        guard self.isRefused else { return context.fireChannelReadComplete() }
        if self.received < self.limits.body + Self.discarded { context.read() }
    }

    func read(context: ChannelHandlerContext) {
        if !self.isRefused { context.read() }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !self.isRefused else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch self.unwrapOutboundIn(data) {
        case .head, .body: self.isAnswering = true
        case .end:
            self.isAnswering = false
            self.isIdle = true
            self.expect(within: self.isEnding ? Self.parting : self.limits.headTime, context)
        }
        context.write(data, promise: promise)
    }

    private func refuse(_ status: HTTPResponse.Status, _ context: ChannelHandlerContext) {
        self.isRefused = true
        self.deadline?.cancel()
        // In the middle of an answer a second one would be a part of the first.
        guard !self.isAnswering else { return context.close(promise: nil) }
        let head = HTTPResponse(status: status, headerFields: [.connection: "close", .contentLength: "0"])
        context.write(self.wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(self.wrapOutboundOut(.end(nil)), promise: nil)
        context.close(mode: .output, promise: nil)
        self.schedule(Self.lingering, context)
        context.read()
    }

    /// Closes the connection unless the next step comes in time.
    private func expect(within limit: Duration, _ context: ChannelHandlerContext) {
        self.deadline?.cancel()
        self.schedule(TimeAmount(limit), context)
    }

    private func schedule(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        let channel = context.channel
        self.deadline = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
