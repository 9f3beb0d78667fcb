package import NIOCore
import NIOPosix
import StenoWire
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
        let services = try SandboxServices(configuration, on: group)
        let connections = ConnectionList()
        let transcripts = try await Self.listen(.transcripts, port: 0, services, connections, on: group)
        services.cdnPort.store(transcripts.localAddress?.port ?? 0, ordering: .relaxed)
        do throws(SandboxError) {
            let listener = try await Self.listen(.services, port: configuration.port, services, connections, on: group)
            return SandboxServer(services: services, listeners: [listener, transcripts], connections: connections)
        } catch {
            try? await transcripts.close()
            throw error
        }
    }

    private static func listen(
        _ listener: SandboxListener,
        port: Int,
        _ services: SandboxServices,
        _ connections: ConnectionList,
        on group: any EventLoopGroup
    ) async throws(SandboxError) -> any Channel {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_rcvbuf), value: Self.receiveBuffer)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    connections.add(channel)
                    try channel.pipeline.syncOperations.addHandler(
                        SandboxConnection(services: services, listener: listener, channel: channel)
                    )
                }
            }
        do {
            return try await bootstrap.bind(host: "127.0.0.1", port: port).get()
        } catch {
            throw SandboxError("Port \(port) on 127.0.0.1 cannot be used: \(error). Choose another one.")
        }
    }

    /// Bytes the kernel holds for a socket that is not being read: two seconds of audio, doubled by Linux.
    ///
    /// Left to itself it holds minutes, and a client's ping would wait behind them until the client thinks us dead.
    private static let receiveBuffer = 64 * 1024

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
        await self.services.engineThreads.allEnded()
    }

    /// What was received so far.
    package var journal: SandboxJournal { self.services.ledger.journal }

    /// What broke a contract so far; empty for a client that is right.
    package var violations: [SandboxViolation] { self.services.ledger.violations }
}

extension SandboxServer {
    package var baseURL: String { "http://127.0.0.1:\(self.port)" }

    /// The host of transcripts, which must never see a key.
    package var transcriptsURL: String {
        "http://127.0.0.1:\(self.services.cdnPort.load(ordering: .relaxed))"
    }

    package var juvolyREST: String { self.baseURL + "/api/v2/rest" }
    package var juvolySocket: String { "ws://127.0.0.1:\(self.port)/api/v2/socket/" }
    /// Paths of the calls are appended.
    package var invoxBase: String { self.baseURL }
    package var invoxToken: String { self.baseURL + InvoxService.tokenPath }
    package var connectVets: String { self.baseURL + self.services.connectVetsPrefix }
    package var nxVET: String { self.baseURL + NxVETService.prefix }

    /// How often a summary was made of this transcript.
    package func invoxGenerations(of transcript: String) -> Int {
        self.services.invox.generations(of: transcript)
    }

    /// How many notes there are.
    package var connectVetsNotes: Int { self.services.connectVets.notes.count }

    /// One try to tell of an event.
    package struct WebhookAttempt: Hashable, Sendable {
        package var delivery: String
        /// From 1.
        package var attempt: Int
        /// What was answered; 0 without an answer.
        package var status: Int
    }

    /// From now on NxVET's events go to `url`, which must be on this machine; another is passed over.
    package func announceEvents(to url: String) {
        if let address = WebhookAddress(url) { self.services.nxVET.webhooks.send(to: address) }
    }

    /// The last 50 tries.
    package var webhookAttempts: [WebhookAttempt] { self.services.nxVET.webhooks.attempts }

    /// Has the stand-in tell of something, as if it had happened there.
    package func announce(_ type: String, _ data: [(name: String, value: String)]) {
        let members = data.map { JSONMember(name: $0.name, value: .string($0.value)) }
        self.services.nxVET.webhooks.announce(type, .object(members))
    }

    /// What was made and begun at NxVET since the start.
    package var nxVETTally: NxVETTally { self.services.nxVET.tally }
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
