internal import NIOCore
internal import StenoWire

/// One WebSocket, from the first step to its end. Belongs to its event loop, on which all its methods must be called.
///
/// A thin driver: bytes go through the reader of the reply, then of frames; the life cycle decides; this does what they
/// say. Memory is bounded by one message, the reply's header and, towards the server, by what its owner sends although
/// `isWritable` is false.
package final class WebSocketConnection {
    enum Phase {
        case dialling
        case upgrading(UpgradeReplyReader)
        case open(WebSocketFrameReader)
        case ended
    }

    let upgrade: WebSocketUpgrade
    let endpoint: WebSocketEndpoint
    let options: WebSocketOptions
    let loop: any EventLoop
    var delegate: (any WebSocketDelegate)?
    var phase = Phase.dialling
    var lifecycle = WebSocketLifecycle()
    var channel: (any Channel)?
    /// Of the handshake, and then of the close.
    var timer: Scheduled<Void>?
    /// The first error the channel reported: it explains why the connection ended.
    var channelError: (any Error)?
    var certificateFault: CertificateFault?
    /// The answer to the last ping, while it cannot be sent. One is enough: an answer to a later ping answers the earlier
    /// ones too (RFC 6455 §5.5.3), so that a flood of pings does not fill the memory.
    var owedPong: [UInt8]?
    /// Bytes that arrived while others were being handled.
    var waiting: [ByteBuffer] = []
    var isReceiving = false
    private var isInCall = false

    init(
        upgrade: WebSocketUpgrade,
        endpoint: WebSocketEndpoint,
        options: WebSocketOptions,
        delegate: any WebSocketDelegate,
        on loop: any EventLoop
    ) {
        self.upgrade = upgrade
        self.endpoint = endpoint
        self.options = options
        self.delegate = delegate
        self.loop = loop
        self.startTimer(options.handshakeTimeout) { connection in
            connection.end(.timedOut(host: endpoint.displayName, after: options.handshakeTimeout))
        }
    }
}

// MARK: - For the owner

extension WebSocketConnection {
    /// Messages can be sent: it has opened and nobody has begun to close it.
    package var isOpen: Bool {
        if case .open = self.phase { self.lifecycle.isOpen } else { false }
    }

    /// It is open, and less waits to be sent than the limit.
    package var isWritable: Bool { self.isOpen && self.channel?.isWritable == true }

    /// Bytes that the operating system has not taken yet.
    package var bytesUnsent: Int {
        guard let channel = self.channel, let options = channel.syncOptions else { return 0 }
        let inChannel = try? options.getOption(.bufferedWritableBytes)
        return (inChannel ?? 0) + channel.pipeline.syncOperations.outboundBufferedBytes()
    }

    /// Sends one binary message, with one allocation and one pass over the bytes.
    ///
    /// - Returns: whether it was taken. It is not while `isWritable` is false, so that memory stays bounded.
    @discardableResult
    package func sendBinary(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard self.isWritable else { return false }
        self.call { self.write(.binary, bytes) }
        return true
    }

    /// Sends one text message; `false` if it is not open. Taken while `isWritable` is false too: for the few and short.
    ///
    /// - Parameter bytes: must be UTF-8.
    @discardableResult
    package func sendText(_ bytes: [UInt8]) -> Bool {
        self.send(.text, bytes)
    }

    /// Sends a ping with at most 125 bytes; `false` if it is not open.
    @discardableResult
    package func sendPing(_ payload: [UInt8] = []) -> Bool {
        self.send(.ping, Array(payload.prefix(125)))
    }

    /// Sends what is under way and a close frame, waits for the answer and for the server to end the connection, each for
    /// `closeTimeout`, and then ends it. Gives up a connection that has not opened.
    package func close(code: UInt16 = WebSocketCloseCode.normal) {
        guard case .open = self.phase else { return self.abort() }
        guard self.lifecycle.closeRequested() else { return }
        self.call { self.writeClose(code) }
    }

    /// Ends the connection at once, without a word.
    package func abort() {
        self.call {
            self.lifecycle.aborted()
            self.end(.cancelled)
        }
    }

    private func send(_ opcode: WebSocketOpcode, _ payload: [UInt8]) -> Bool {
        guard self.isOpen else { return false }
        self.call { payload.withUnsafeBytes { self.write(opcode, $0) } }
        return true
    }

    private func call(_ body: () -> Void) {
        self.loop.assertInEventLoop()
        let wasInCall = self.isInCall
        self.isInCall = true
        body()
        self.isInCall = wasInCall
    }
}

// MARK: - Acting

extension WebSocketConnection {
    /// Tells the delegate at once, or after the owner's call that set this off.
    func tell(_ message: @escaping (any WebSocketDelegate) -> Void) {
        guard let delegate = self.delegate else { return }
        guard self.isInCall else { return message(delegate) }
        self.loop.assumeIsolatedUnsafeUnchecked().execute { message(delegate) }
    }

    func write(_ opcode: WebSocketOpcode, _ payload: UnsafeRawBufferPointer) {
        guard let channel = self.channel else { return }
        let size = WebSocketFrameWriter.size(ofPayload: payload.count, isMasked: true)
        var buffer = channel.allocator.buffer(capacity: size)
        _ = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: size) { destination in
            let mask = WebSocketMask(key: .random(in: .min ... .max))
            return WebSocketFrameWriter.write(opcode, payload: payload, mask: mask, to: destination)
        }
        channel.writeAndFlush(buffer, promise: nil)
    }

    /// Sends a close frame, and bounds what follows: the far side ends the connection, or it is ended here.
    func writeClose(_ code: UInt16?) {
        self.owedPong = nil
        WebSocketCloseCode.payload(code: code).withUnsafeBytes { self.write(.close, $0) }
        self.startCloseTimer()
    }

    func startCloseTimer() {
        self.startTimer(self.options.closeTimeout) { connection in
            connection.lifecycle.timedOut()
            connection.end(nil)
        }
    }

    private func startTimer(_ timeout: Duration, _ action: @escaping (WebSocketConnection) -> Void) {
        self.timer?.cancel()
        self.timer = self.loop.assumeIsolatedUnsafeUnchecked().scheduleTask(in: TimeAmount(timeout)) {
            action(self)
        }
    }

    /// The one way out. Lets go of everything and tells how it ended, once.
    ///
    /// - Parameter error: told where the connection never opened.
    func end(_ error: WebSocketError?) {
        let phase = self.phase
        self.phase = .ended
        self.timer?.cancel()
        self.timer = nil
        self.owedPong = nil
        self.waiting = []
        self.channel?.close(mode: .all, promise: nil)
        self.channel = nil
        switch phase {
        case .ended: return
        case .dialling, .upgrading:
            let error = error ?? .ended(self.endpoint, by: self.channelError, self.certificateFault)
            self.tell { $0.webSocketFailed(error) }
        case .open:
            guard let end = self.lifecycle.connectionEnded() else { return }
            self.tell { $0.webSocketClosed(end) }
        }
        self.delegate = nil
    }
}
