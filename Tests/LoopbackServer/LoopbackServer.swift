import NIOCore
import NIOPosix
package import NIOSSL
import Synchronization

/// A server on this machine whose every byte the test decides. It reads whole requests, remembers them, and does what
/// the script says, correct or not.
package final class LoopbackServer: Sendable {
    package typealias Script = @Sendable (LoopbackRequest) -> LoopbackAnswer
    package typealias EarlyScript = @Sendable (LoopbackRequest) -> LoopbackAnswer?

    private let channel: any Channel
    private let ledger: Ledger

    package var port: Int { self.channel.localAddress?.port ?? 0 }
    package var url: String { "http://127.0.0.1:\(self.port)" }
    /// Every request that arrived whole, in order.
    package var requests: [LoopbackRequest] { self.ledger.requests.withLock { $0 } }

    private init(channel: any Channel, ledger: Ledger) {
        self.channel = channel
        self.ledger = ledger
    }

    /// Runs `body` beside a server that answers by `script`, and closes the server afterwards.
    /// - Parameter early: asked whenever something arrives after the head, with as much of the body as there is; `nil`
    ///   waits for more.
    /// - Parameter tls: makes the server speak TLS.
    package static func run<Result>(
        _ script: @escaping Script,
        early: @escaping EarlyScript = { _ in nil },
        tls: NIOSSLContext? = nil,
        isolation: isolated (any Actor)? = #isolation,
        body: (LoopbackServer) async throws -> Result
    ) async throws -> Result {
        let ledger = Ledger()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    let handler = LoopbackHandler(script: script, early: early, ledger: ledger)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: "127.0.0.1", port: 0)
            .get()
        let server = LoopbackServer(channel: channel, ledger: ledger)
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    final class Ledger: Sendable {
        let requests = Mutex<[LoopbackRequest]>([])
    }
}
