import NIOCore
import Synchronization

/// Collects one request at a time and acts out the answer. Understands `Content-Length` only, as our clients send
/// nothing else; a chunked request never becomes whole and shows as a time-out.
final class LoopbackHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: LoopbackServer.Script
    private let ledger: LoopbackServer.Ledger
    private var received: [UInt8] = []
    private var isDone = false

    init(script: @escaping LoopbackServer.Script, ledger: LoopbackServer.Ledger) {
        self.script = script
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
        guard !self.isDone, let request = self.nextRequest() else { return }
        let answer = self.script(request)
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

    private func nextRequest() -> LoopbackRequest? {
        let end = Array("\r\n\r\n".utf8)
        guard let headEnd = self.received.firstRange(of: end) else { return nil }
        let lines = String(decoding: self.received[..<headEnd.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (
                name: String(parts.first ?? ""),
                value: String((parts.count > 1 ? parts[1] : "").drop { $0 == " " })
            )
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        let rest = self.received[headEnd.upperBound...]
        guard rest.count >= length else { return nil }
        let body = Array(rest.prefix(length))
        self.received.removeFirst(headEnd.upperBound + length)
        return self.ledger.requests.withLock { requests in
            let request = LoopbackRequest(
                number: requests.count + 1,
                method: String(words[0]),
                target: String(words[1]),
                headers: headers,
                body: body,
            )
            requests.append(request)
            return request
        }
    }
}
