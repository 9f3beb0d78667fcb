internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
package import NIOPosix
internal import ServiceLifecycle

/// The address that deliveries come to. TLS is the matter of a reverse proxy in front of it.
package struct WebhookServer: Sendable {
    /// As in the vendor's example.
    package static let path = "/webhooks/nxvet"
    private static let backlog = 1_024

    private static let welcome = """
        steno receives NxVET events here. Give NxVET this address, as https://YOUR-HOST\(WebhookServer.path), and set
        NXVET_WEBHOOK_SECRET to the secret it shows (whsec_…). Events are POSTed, signed; this GET does nothing.

        """

    private let intake: WebhookIntake
    private let limits: WebhookLimits
    private let address: ListenAddress
    private let logger: Logger

    package init(_ address: ListenAddress, intake: WebhookIntake, limits: WebhookLimits = WebhookLimits()) {
        self.address = address
        self.intake = intake
        self.limits = limits
        // What the framework has to say is about connections of strangers; it is not for the person's screen.
        self.logger = Logger(label: "steno.webhook") { _ in SwiftLogNoOpLogHandler() }
    }

    /// Takes deliveries until `stop` ends.
    ///
    /// - Parameter onListening: the address in use.
    /// - Throws: when the address cannot be used.
    package func run(
        on group: MultiThreadedEventLoopGroup = .singleton,
        until stop: AsyncStream<Void>,
        onListening: @escaping @Sendable (ListenAddress) -> Void
    ) async throws {
        let limits = self.limits
        var http = HTTP1Channel.Configuration(additionalChannelHandlers: [RequestGuard(limits)])
        http.httpDecoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headerField,
            maxHeaderListSize: limits.headers,
            maxHeaderFieldCount: limits.headerCount
        )
        let address = self.address
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in await self.answer(request) },
            server: .http1(configuration: http),
            configuration: ApplicationConfiguration(
                address: .hostname(address.host, port: address.port),
                serverName: nil,
                backlog: Self.backlog,
                availableConnectionsDelegate: .maximum(limits.connections, logger: self.logger)
            ),
            onServerRunning: { onListening(address.with(port: $0.localAddress?.port ?? address.port)) },
            eventLoopGroupProvider: .shared(group),
            logger: self.logger
        )
        let configuration = ServiceGroupConfiguration(services: [application], logger: self.logger)
        let services = ServiceGroup(configuration: configuration)
        let stopping = Task {
            for await _ in stop {}
            await services.triggerGracefulShutdown()
        }
        defer { stopping.cancel() }
        // Never cancelled: connections that were accepted and not yet begun would be dropped, and the framework traps on
        // that. Every connection ends by itself, in the time that `RequestGuard` gives it.
        let serving = Task { try await services.run() }
        try await withTaskCancellationHandler {
            try await serving.value
        } onCancel: {
            Task { await services.triggerGracefulShutdown() }
        }
    }

    private func answer(_ request: Request) async -> Response {
        guard request.uri.path == Self.path else {
            return Self.response(404, "There is nothing here. Events go to \(Self.path).\n")
        }
        switch request.method {
        case .get, .head: return Self.response(200, Self.welcome)
        case .post: break
        default:
            var response = Self.response(405, "Events are POSTed.\n")
            response.headers[.allow] = "GET, POST"
            return response
        }
        guard let body = try? await request.body.collect(upTo: self.limits.body) else {
            return Self.response(400, "The body did not come whole.\n")
        }
        let answer = await self.intake.take(
            signatures: request.headers[values: Self.signature],
            delivery: request.headers[Self.delivery],
            body: Array(body.readableBytesView)
        )
        var response = Self.response(answer.status, answer.text + "\n")
        if answer.status == 503 { response.headers[.retryAfter] = "60" }
        return response
    }

    private static let signature = HTTPField.Name("X-NerveX-Signature") ?? .authorization
    private static let delivery = HTTPField.Name("X-NerveX-Delivery") ?? .authorization

    private static func response(_ status: Int, _ text: String) -> Response {
        Response(
            status: HTTPResponse.Status(code: status),
            headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }
}
