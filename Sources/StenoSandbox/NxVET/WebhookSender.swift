import NIOCore
import NIOPosix
import StenoWire
import Synchronization

/// Tells a receiver on this machine what happens at the NxVET stand-in (contract 9).
final class WebhookSender: Sendable {
    /// Further tries after one that was not answered with 2xx.
    private static let retries = 5
    /// Tries that are remembered (contract 8).
    private static let logLimit = 50
    /// How late a delayed event is.
    private static let lateness = TimeAmount.seconds(2)
    /// An event that is to come after the next one comes after this at the latest.
    private static let patience = TimeAmount.seconds(5)

    private struct State {
        var address: WebhookAddress?
        var announced = 0
        var deliveries = 0
        var held: WebhookPost?
        var attempts: [SandboxServer.WebhookAttempt] = []
    }

    private let faults: NxVETFaults
    private let group: any EventLoopGroup
    /// Between the first two tries; doubled each time (NA-11).
    private let firstRetry: TimeAmount
    private let series: UInt32
    private let state: Mutex<State>

    init(faults: NxVETFaults, group: any EventLoopGroup, configuration: SandboxConfiguration) {
        self.faults = faults
        self.group = group
        self.firstRetry = configuration.webhookRetry
        self.series = configuration.noteSeries
        self.state = Mutex(State(address: configuration.webhook.flatMap { WebhookAddress($0) }))
    }

    func send(to address: WebhookAddress) { self.state.withLock { $0.address = address } }

    var attempts: [SandboxServer.WebhookAttempt] { self.state.withLock(\.attempts) }

    /// - Parameter delay: until it happens.
    func announce(_ type: String, _ data: JSONValue, after delay: TimeAmount = .zero) {
        guard delay > .zero else { return self.announceNow(type, data) }
        self.group.any().scheduleTask(in: delay) { self.announceNow(type, data) }
    }

    private func announceNow(_ type: String, _ data: JSONValue) {
        guard self.state.withLock({ $0.address }) != nil else { return }
        let number = self.state.withLock { state in
            state.announced += 1
            return state.announced
        }
        let fault = self.faults.webhookDelivery.value(at: number)
        let form = self.faults.webhookSignature.value(at: number)
        func post(_ type: String, _ data: JSONValue) -> WebhookPost {
            WebhookPost(type: type, data: data, delivery: self.newID(), form: form, isLarge: fault == .over1MiB)
        }
        if fault == .unknownEvent { self.deliver(post("sandbox_unknown", ["sandbox": true])) }
        let event = post(type, fault == .missingIds ? [:] : data)
        if fault == .outOfOrder {
            let isHeld = self.state.withLock { state in
                guard state.held == nil else { return false }
                state.held = event
                return true
            }
            if isHeld {
                self.group.any().scheduleTask(in: Self.patience) { self.releaseHeld() }
                return
            }
        }
        self.deliver(event, after: fault == .delayed ? Self.lateness : .zero)
        if fault == .duplicateSameId { self.deliver(event) }
        if fault == .duplicateNewId { self.deliver(post(type, data)) }
        self.releaseHeld()
    }

    private func releaseHeld() {
        let held = self.state.withLock { state in
            defer { state.held = nil }
            return state.held
        }
        if let held { self.deliver(held) }
    }

    private func newID() -> String {
        let number = self.state.withLock { state in
            state.deliveries += 1
            return state.deliveries
        }
        return "sandbox-delivery-\(self.series)-\(number)"
    }

    private func deliver(_ post: WebhookPost, after delay: TimeAmount = .zero, attempt: Int = 1) {
        guard let address = self.state.withLock({ $0.address }) else { return }
        let loop = self.group.any()
        loop.scheduleTask(in: delay) {
            WebhookCall.send(post.request(to: address), to: address.port, on: loop).whenComplete { result in
                let status = (try? result.get()) ?? 0
                self.state.withLock { state in
                    state.attempts.append(
                        SandboxServer.WebhookAttempt(delivery: post.delivery, attempt: attempt, status: status)
                    )
                    if state.attempts.count > Self.logLimit { state.attempts.removeFirst() }
                }
                guard !(200..<300).contains(status), attempt <= Self.retries else { return }
                self.deliver(post, after: self.firstRetry * (1 << (attempt - 1)), attempt: attempt + 1)
            }
        }
    }
}

/// One request over a connection of its own.
private final class WebhookCall: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private static let timeLimit = TimeAmount.seconds(10)

    private let answer: EventLoopPromise<Int>
    private var text = ""

    private init(_ answer: EventLoopPromise<Int>) {
        self.answer = answer
    }

    /// - Returns: the status of the answer; 0 without one.
    static func send(_ request: [UInt8], to port: Int, on loop: any EventLoop) -> EventLoopFuture<Int> {
        let answer = loop.makePromise(of: Int.self)
        let connection = ClientBootstrap(group: loop)
            .connectTimeout(.seconds(2))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(WebhookCall(answer))
                }
            }
            .connect(host: "127.0.0.1", port: port)
        connection.whenSuccess { channel in
            channel.writeAndFlush(ByteBuffer(bytes: request), promise: nil)
            channel.eventLoop.scheduleTask(in: Self.timeLimit) { channel.close(promise: nil) }
        }
        connection.whenFailure { _ in answer.succeed(0) }
        return answer.futureResult
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard self.text.utf8.count < 64 else { return }
        self.text += String(buffer: self.unwrapInboundIn(data)).prefix(64)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let parts = self.text.split(separator: " ", maxSplits: 2)
        self.answer.succeed(parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
