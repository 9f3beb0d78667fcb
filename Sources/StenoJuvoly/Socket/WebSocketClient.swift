package import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import StenoWire

/// Opens WebSockets with one set of options. Belongs to the event loop it is made for, on which all its methods must be
/// called.
package final class WebSocketClient {
    private let options: WebSocketOptions
    private let loop: any EventLoop
    /// Reading the system's certificates takes many milliseconds, so it is done once, and only for `wss`.
    private var tls: NIOSSLContext?

    package init(options: WebSocketOptions = WebSocketOptions(), on loop: any EventLoop) {
        self.options = options
        self.loop = loop
    }

    /// Begins to open a WebSocket. The delegate is told how that went.
    ///
    /// - Parameters:
    ///   - endpoint: `ws` is accepted for this machine only.
    ///   - protocols: the subprotocols, in the order in which they are sent.
    ///   - delegate: held until the connection has ended.
    /// - Throws: what makes an attempt impossible; nothing was sent and the delegate is not told.
    package func connect(
        to endpoint: WebSocketEndpoint,
        protocols: [String],
        delegate: any WebSocketDelegate
    ) throws(WebSocketError) -> WebSocketConnection {
        guard endpoint.isTLS || endpoint.isLoopback else { throw .insecure(host: endpoint.host) }
        let upgrade = try self.upgrade(endpoint, protocols)
        let tls = endpoint.isTLS ? try self.tlsHandler(for: endpoint) : nil
        let connection = WebSocketConnection(
            upgrade: upgrade,
            endpoint: endpoint,
            options: self.options,
            delegate: delegate,
            on: self.loop
        )
        // The handlers join after the connection is made, because NIO may race several addresses, and each of its channels
        // would send the request: the session id in it is good for one use. Until then nothing is read.
        ClientBootstrap(group: self.loop)
            .connectTimeout(TimeAmount(self.options.handshakeTimeout))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A kernel that takes minutes of audio hides a slow peer: the ping would wait behind all of it, and the peer
            // be called dead.
            .channelOption(.socketOption(.so_sndbuf), value: self.options.sendBuffer)
            .channelOption(Self.unsentLimit, value: self.options.unsentLimit)
            .channelOption(.autoRead, value: false)
            .channelOption(.writeBufferWaterMark, value: self.waterMark)
            .connect(host: endpoint.host, port: endpoint.port)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel): connection.connected(channel, tls: tls)
                case .failure(let error): connection.connectFailed(error)
                }
            }
        return connection
    }

    /// TCP_NOTSENT_LOWAT: bounds what the kernel takes beyond what is on its way.
    private static let unsentLimit = ChannelOptions.Types.SocketOption(
        level: .tcp,
        name: NIOBSDSocket.Option(rawValue: 25)
    )

    private var waterMark: ChannelOptions.Types.WriteBufferWaterMark {
        let high = max(4, self.options.unsentLimit)
        return .init(low: high / 4, high: high)
    }

    private func upgrade(
        _ endpoint: WebSocketEndpoint,
        _ protocols: [String]
    ) throws(WebSocketError) -> WebSocketUpgrade {
        do throws(UpgradeFault) {
            return try WebSocketUpgrade(
                host: endpoint.hostHeader,
                target: endpoint.target,
                protocols: protocols,
                nonce: (0..<16).map { _ in UInt8.random(in: .min ... .max) }
            )
        } catch {
            throw .badRequest(error.reason)
        }
    }

    private func tlsHandler(for endpoint: WebSocketEndpoint) throws(WebSocketError) -> NIOSSLClientHandler {
        let context: NIOSSLContext
        if let tls = self.tls { context = tls } else { context = try self.makeTLS() }
        self.tls = context
        do {
            return try NIOSSLClientHandler(context: context, serverHostname: endpoint.isAddress ? nil : endpoint.host)
        } catch {
            throw .badAddress("its host is no name that a certificate can hold")
        }
    }

    private func makeTLS() throws(WebSocketError) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        configuration.applicationProtocols = ["http/1.1"]
        if let path = self.options.extraCAFile {
            configuration.additionalTrustRoots = [.file(path)]
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badCertificateFile(self.options.extraCAFile ?? "the system's certificates")
        }
    }
}
