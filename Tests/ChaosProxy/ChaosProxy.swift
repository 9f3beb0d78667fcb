import NIOCore
import NIOPosix

/// A network between a program and a server on this machine that fails as it is told: a TCP proxy on a loopback port.
///
/// Each WebSocket that is opened through it takes the next line of the script; REST calls pass unharmed, but for a link
/// that is down or a port that refuses.
package final class ChaosProxy: Sendable {
    private let loop: any EventLoop
    private let network: NIOLoopBound<ChaosNetwork>
    package let port: Int

    package var url: String { "http://127.0.0.1:\(self.port)" }

    private init(_ network: NIOLoopBound<ChaosNetwork>, _ loop: any EventLoop, port: Int) {
        self.network = network
        self.loop = loop
        self.port = port
    }

    /// - Parameters:
    ///   - target: the server's port.
    ///   - lines: what becomes of the first sockets, in turn.
    ///   - rest: of those after them.
    ///   - met: told the number of a socket, from one on, when its fate comes.
    package static func start(
        to target: Int,
        _ lines: [ChaosLine],
        rest: ChaosLine = .clean,
        met: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws -> ChaosProxy {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let (network, port) = try await loop.flatSubmit {
            let network = ChaosNetwork(on: loop, to: target, lines, rest: rest, met: met)
            let bound = NIOLoopBound(network, eventLoop: loop)
            return network.listen().map { (bound, $0) }
        }.get()
        return ChaosProxy(network, loop, port: port)
    }

    /// Runs `body` beside a proxy, and takes the proxy away afterwards.
    package static func run<Result>(
        to target: Int,
        _ lines: [ChaosLine],
        rest: ChaosLine = .clean,
        met: @escaping @Sendable (Int) -> Void = { _ in },
        isolation: isolated (any Actor)? = #isolation,
        body: (ChaosProxy) async throws -> Result
    ) async throws -> Result {
        let proxy = try await Self.start(to: target, lines, rest: rest, met: met)
        defer { proxy.stop() }
        return try await body(proxy)
    }

    package func stop() {
        self.loop.execute { [network = self.network] in network.value.close() }
    }
}
