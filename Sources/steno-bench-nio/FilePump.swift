import Glibc
import NIOCore
import NIOWebSocket

/// Sends a file in frames for as long as the channel is writable, then closes and waits for the answer.
final class FilePump: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let file: CInt
    private let frameLength: Int
    private var isFinished = false
    private var isScheduled = false

    init(file: CInt, frameLength: Int) {
        self.file = file
        self.frameLength = frameLength
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.schedule(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.schedule(context)
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = self.unwrapInboundIn(data)
        switch frame.opcode {
        case .connectionClose:
            context.close(promise: nil)
        case .ping:
            let answer = WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData)
            context.writeAndFlush(self.wrapOutboundOut(answer), promise: nil)
        default:
            break
        }
    }

    /// One filled send buffer per turn of the loop, so that what the server says is read in between.
    private func schedule(_ context: ChannelHandlerContext) {
        guard !self.isScheduled, !self.isFinished, context.channel.isWritable else { return }
        self.isScheduled = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.execute {
            let (pump, context) = bound.value
            pump.isScheduled = false
            pump.fill(context)
            pump.schedule(context)
        }
    }

    private func fill(_ context: ChannelHandlerContext) {
        while context.channel.isWritable, !self.isFinished {
            var audio = context.channel.allocator.buffer(capacity: self.frameLength)
            let count = audio.writeWithUnsafeMutableBytes(minimumWritableBytes: self.frameLength) { bytes in
                max(0, read(self.file, bytes.baseAddress, self.frameLength))
            }
            guard count > 0 else { return self.finish(context) }
            let frame = WebSocketFrame(fin: true, opcode: .binary, maskKey: .random(), data: audio)
            context.write(self.wrapOutboundOut(frame), promise: nil)
        }
        context.flush()
    }

    private func finish(_ context: ChannelHandlerContext) {
        self.isFinished = true
        var code = context.channel.allocator.buffer(capacity: 2)
        code.write(webSocketErrorCode: .normalClosure)
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: code)
        context.writeAndFlush(self.wrapOutboundOut(frame), promise: nil)
    }
}
