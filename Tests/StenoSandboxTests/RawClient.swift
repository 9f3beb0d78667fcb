import NIOCore
import NIOPosix

/// A TCP connection that sends exactly what a test says, and reads what comes back.
final class RawClient {
    struct Response: Hashable {
        var status: Int
        var headers: [String: String]
        var body: String
    }

    struct Ended: Error {}

    let channel: any Channel
    private var pieces: AsyncThrowingStream<ByteBuffer, any Error>.Iterator
    private var buffer: [UInt8] = []

    private init(channel: any Channel, pieces: AsyncThrowingStream<ByteBuffer, any Error>) {
        self.channel = channel
        self.pieces = pieces.makeAsyncIterator()
    }

    static func connect(to port: Int) async throws -> RawClient {
        let (stream, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .get()
        return RawClient(channel: channel, pieces: stream)
    }

    func send(_ bytes: [UInt8]) async throws {
        try await self.channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    func send(_ text: String) async throws {
        try await self.send(Array(text.utf8))
    }

    func close() async throws {
        try await self.channel.close()
    }

    /// The next bytes; `nil` when the far side has ended the connection in order.
    func read() async throws -> [UInt8]? {
        if !self.buffer.isEmpty {
            defer { self.buffer = [] }
            return self.buffer
        }
        return try await self.pieces.next().map { Array($0.readableBytesView) }
    }

    /// One whole answer, interim ones skipped. What came behind it is kept.
    func response() async throws -> Response {
        var bytes: [UInt8] = []
        while true {
            if let (response, length) = Self.parse(bytes) {
                self.buffer = Array(bytes[length...])
                if response.status != 100 { return response }
                bytes = self.buffer
                self.buffer = []
            } else {
                guard let more = try await self.read() else { throw Ended() }
                bytes += more
            }
        }
    }

    private static func parse(_ bytes: [UInt8]) -> (Response, Int)? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let range = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<range.lowerBound].split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let name = line.prefix { $0 != ":" }
            headers[name.lowercased()] = String(line.dropFirst(name.count + 2))
        }
        let start = text[..<range.upperBound].utf8.count
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        let words = lines.first?.split(separator: " ") ?? []
        guard bytes.count >= start + length, words.count >= 2 else { return nil }
        let body = String(decoding: bytes[start..<(start + length)], as: UTF8.self)
        return (Response(status: Int(words[1]) ?? 0, headers: headers, body: body), start + length)
    }
}

private final class Receiver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncThrowingStream<ByteBuffer, any Error>.Continuation

    init(_ continuation: AsyncThrowingStream<ByteBuffer, any Error>.Continuation) {
        self.continuation = continuation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.continuation.yield(Self.unwrapInboundIn(data))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.continuation.finish(throwing: error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.continuation.finish()
    }
}
