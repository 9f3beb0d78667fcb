import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket

/// The yardstick of `scripts/bench`: the least that a SwiftNIO program has to do to send a file over a WebSocket.
///
/// It has no timeline, no checks and no recovery. What `steno` costs beyond this is what its promises cost.
@main
struct BenchNIO {
    static func main() async {
        guard let job = Job(arguments: Array(CommandLine.arguments.dropFirst())) else {
            self.stop("usage: steno-bench-nio ws://HOST:PORT/PATH FILE.raw [--frame BYTES]", code: 64)
        }
        let file = open(job.path, O_RDONLY)
        guard file >= 0 else {
            self.stop("'\(job.path)' cannot be opened.", code: 66)
        }
        do {
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            try await self.send(file, of: job, on: group)
            try await group.shutdownGracefully()
        } catch {
            self.stop("\(error)", code: 69)
        }
    }

    private static func stop(_ message: String, code: CInt) -> Never {
        let line = message + "\n"
        _ = write(STDERR_FILENO, line, line.utf8.count)
        exit(code)
    }

    /// Connects, upgrades, and returns when the server has answered the close.
    private static func send(_ file: CInt, of job: Job, on group: MultiThreadedEventLoopGroup) async throws {
        let upgraded = try await ClientBootstrap(group: group)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(host: job.host, port: job.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(
                        configuration: .init(upgradeConfiguration: self.upgrade(file, of: job))
                    )
                }
            }
        let channel = try await upgraded.get()
        try await channel.closeFuture.get()
    }

    private static func upgrade(_ file: CInt, of job: Job) -> NIOTypedHTTPClientUpgradeConfiguration<any Channel> {
        let upgrader = NIOTypedWebSocketClientUpgrader<any Channel>(maxFrameSize: 1 << 20) { channel, _ in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(FilePump(file: file, frameLength: job.frameLength))
                return channel
            }
        }
        let headers: HTTPHeaders = ["Host": "\(job.host):\(job.port)", "Content-Length": "0"]
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: job.target, headers: headers)
        return NIOTypedHTTPClientUpgradeConfiguration(upgradeRequestHead: head, upgraders: [upgrader]) { channel in
            channel.eventLoop.makeFailedFuture(ChannelError.inappropriateOperationForState)
        }
    }
}
