import NIOCore
import Synchronization

/// Collects one request at a time and acts out the answer. Understands `Content-Length` only, as our clients send
/// nothing else; a chunked request never becomes whole and shows as a time-out.
final class LoopbackHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: LoopbackServer.Script
    private let early: LoopbackServer.EarlyScript
    private let ledger: LoopbackServer.Ledger
    private var received: [UInt8] = []
    private var isDone = false

    init(
        script: @escaping LoopbackServer.Script,
        early: @escaping LoopbackServer.EarlyScript,
        ledger: LoopbackServer.Ledger
    ) {
        self.script = script
        self.early = early
        self.ledger = ledger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.received.append(contentsOf: self.unwrapInboundIn(data).readableBytesView)
        // A TLS greeting gets words it cannot understand.
        if self.received.first == 0x16 {
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: "no TLS here")), promise: nil)
            context.close(promise: nil)
            return
        }
        guard !self.isDone, let answer = self.nextAnswer() else { return }
        self.isDone = answer.closes
        let channel = context.channel
        let buffer = ByteBuffer(string: answer.bytes)
        if buffer.readableBytes > 0 {
            context.writeAndFlush(self.wrapOutboundOut(buffer), promise: nil)
        }
        if answer.closes { channel.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func nextAnswer() -> LoopbackAnswer? {
        guard let head = self.received.firstRange(of: Array("\r\n\r\n".utf8)),
            let request = Self.request(self.received[..<head.lowerBound])
        else { return nil }
        let rest = self.received[head.upperBound...]
        if let answer = self.early(request.arrived(number: 0, body: Array(rest))) {
            self.received = []
            return answer
        }
        let length = request.value("content-length").flatMap { Int($0) } ?? 0
        guard rest.count >= length else { return nil }
        let body = Array(rest.prefix(length))
        self.received.removeFirst(head.upperBound + length - self.received.startIndex)
        let whole = self.ledger.requests.withLock { requests in
            requests.append(request.arrived(number: requests.count + 1, body: body))
            return requests[requests.count - 1]
        }
        return self.script(whole)
    }

    private static func request(_ head: ArraySlice<UInt8>) -> LoopbackRequest? {
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (
                name: String(parts.first ?? ""),
                value: String((parts.count > 1 ? parts[1] : "").drop { $0 == " " })
            )
        }
        return LoopbackRequest(
            number: 0,
            method: String(words[0]),
            target: String(words[1]),
            headers: headers,
            body: []
        )
    }
}
