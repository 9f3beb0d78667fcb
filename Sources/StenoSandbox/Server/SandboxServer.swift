package import NIOCore
import NIOPosix
import Synchronization

/// Stand-ins for the services on one loopback port, and a second port for what the services keep on a host of its own.
package final class SandboxServer: Sendable {
    private let services: SandboxServices
    private let listeners: [any Channel]
    private let connections: ConnectionList
    /// The port of every service.
    package let port: Int

    /// Starts to listen on 127.0.0.1.
    ///
    /// - Throws: `SandboxError` for a script, a switch or a port that cannot be used.
    package static func start(
        _ configuration: SandboxConfiguration,
        on group: any EventLoopGroup
    ) async throws -> SandboxServer {
        let services = try SandboxServices(configuration)
        let connections = ConnectionList()
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    connections.add(channel)
                    try channel.pipeline.syncOperations.addHandler(
                        SandboxConnection(services: services, channel: channel)
                    )
                }
            }
        do {
            let listener = try await bootstrap.bind(host: "127.0.0.1", port: configuration.port).get()
            return SandboxServer(services: services, listeners: [listener], connections: connections)
        } catch {
            throw SandboxError("Port \(configuration.port) on 127.0.0.1 cannot be used: \(error). Choose another one.")
        }
    }

    private init(services: SandboxServices, listeners: [any Channel], connections: ConnectionList) {
        self.services = services
        self.listeners = listeners
        self.connections = connections
        self.port = listeners[0].localAddress?.port ?? 0
    }

    /// Ends every connection and gives the ports back. Returns when all of it is done.
    package func stop() async {
        for listener in self.listeners { try? await listener.close() }
        await self.connections.closeAll()
    }

    /// What was received so far.
    package var journal: SandboxJournal { self.services.ledger.journal }

    /// What broke a contract so far; empty for a client that is right.
    package var violations: [SandboxViolation] { self.services.ledger.violations }
}

extension SandboxServer {
    package var baseURL: String { "http://127.0.0.1:\(self.port)" }

    package var juvolyREST: String { self.baseURL + "/api/v2/rest" }
    package var juvolySocket: String { "ws://127.0.0.1:\(self.port)/api/v2/socket/" }
}

/// The open connections, so that a server can end them.
private final class ConnectionList: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosing = false
    }

    private let state = Mutex(State())

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        let isClosing = self.state.withLock {
            $0.channels[id] = channel
            return $0.isClosing
        }
        channel.closeFuture.whenComplete { _ in self.state.withLock { $0.channels[id] = nil } }
        if isClosing { channel.close(promise: nil) }
    }

    func closeAll() async {
        let channels = self.state.withLock {
            $0.isClosing = true
            return Array($0.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
        for channel in channels { try? await channel.closeFuture.get() }
    }
}
