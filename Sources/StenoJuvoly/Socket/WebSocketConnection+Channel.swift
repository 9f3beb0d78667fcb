internal import Glibc
internal import NIOCore
internal import NIOSSL
internal import StenoWire

// What the channel says, and what follows.

extension WebSocketConnection {
    func connected(_ channel: any Channel, tls: NIOSSLClientHandler?) {
        guard case .dialling = self.phase else {
            // Given up meanwhile.
            channel.close(mode: .all, promise: nil)
            return
        }
        self.channel = channel
        self.phase = .upgrading(
            UpgradeReplyReader(self.upgrade, acceptsAnySubprotocol: self.options.acceptsAnySubprotocol)
        )
        do {
            if let tls { try channel.pipeline.syncOperations.addHandler(tls) }
            try channel.pipeline.syncOperations.addHandler(WebSocketChannelHandler(self))
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch {
            // The channel has closed already.
            return self.end(nil)
        }
        channel.writeAndFlush(ByteBuffer(bytes: self.upgrade.request), promise: nil)
    }

    func connectFailed(_ error: any Error) {
        self.end(.connectFailed(self.endpoint, error))
    }

    /// A delegate may do something that makes more bytes arrive before it returns; those wait for their turn.
    func received(_ buffer: ByteBuffer) {
        guard !self.isReceiving else {
            self.waiting.append(buffer)
            return
        }
        self.isReceiving = true
        defer { self.isReceiving = false }
        self.handle(buffer)
        while !self.waiting.isEmpty {
            self.handle(self.waiting.removeFirst())
        }
    }

    private func handle(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { bytes in
            var offset = 0
            if case .upgrading = self.phase { self.readReply(bytes, &offset) }
            while offset < bytes.count, self.lifecycle.isReading, let event = self.nextEvent(bytes, &offset) {
                self.act(on: event, bytes)
            }
        }
    }

    private func readReply(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) {
        guard case .upgrading(var reader) = self.phase else { return }
        do throws(UpgradeFault) {
            let result = try reader.read(bytes)
            self.phase = .upgrading(reader)
            switch result {
            case nil:
                offset = bytes.count
            case (.accepted(let protocolIndex), let consumed)?:
                offset = consumed
                self.timer?.cancel()
                self.phase = .open(
                    WebSocketFrameReader(role: .client, maximumMessageBytes: self.options.maximumMessageBytes)
                )
                self.tell { $0.webSocketOpened(protocolIndex: protocolIndex) }
            case (.refused(let status, let retryAfter), _)?:
                self.end(.refused(status: status, retryAfter: retryAfter))
            }
        } catch {
            self.end(.badReply(error.reason))
        }
    }

    /// `nil` when the bytes are used up, or when reading has ended.
    private func nextEvent(_ bytes: UnsafeRawBufferPointer, _ offset: inout Int) -> WebSocketEvent? {
        guard case .open(var reader) = self.phase else { return nil }
        // Taken out meanwhile, so that the reader's buffer is not copied when it grows.
        self.phase = .ended
        do throws(WebSocketFault) {
            let event = try reader.next(in: bytes, from: &offset)
            self.phase = .open(reader)
            return event
        } catch {
            self.phase = .open(reader)
            if self.lifecycle.faultFound(error) { self.writeClose(error.closeCode) }
            return nil
        }
    }

    private func act(on event: WebSocketEvent, _ bytes: UnsafeRawBufferPointer) {
        switch event {
        case .text(let payload):
            payload.withBytes(of: bytes) { text in self.delegate?.webSocketReceivedText(text) }
        case .binary(let payload):
            payload.withBytes(of: bytes) { binary in self.delegate?.webSocketReceivedBinary(binary) }
        case .ping(let payload):
            self.answerPing(payload.bytes(of: bytes))
        case .pong(let payload):
            self.delegate?.webSocketReceivedPong(payload.bytes(of: bytes))
        case .close(let code):
            if self.lifecycle.closeReceived(code: code) {
                self.writeClose(code)
            } else {
                // The answer to ours: the server has as much time again to end the connection.
                self.startCloseTimer()
            }
        }
    }

    private func answerPing(_ payload: [UInt8]) {
        if self.isWritable {
            payload.withUnsafeBytes { self.write(.pong, $0) }
        } else if self.lifecycle.isOpen {
            self.owedPong = payload
        }
        self.delegate?.webSocketReceivedPing()
    }

    /// The first error explains the end, which follows. The certificate is looked at before it is gone.
    func caught(_ error: any Error, _ certificate: NIOSSLCertificate?) {
        guard self.channelError == nil else { return }
        self.channelError = error
        self.certificateFault = certificate.flatMap { CertificateFault($0, now: time(nil)) }
    }

    func writabilityChanged() {
        if self.isWritable, let payload = self.owedPong {
            self.owedPong = nil
            payload.withUnsafeBytes { self.write(.pong, $0) }
        }
        guard self.isOpen else { return }
        self.tell { [self] delegate in
            // What is true by now, should it be told later.
            if self.isOpen { delegate.webSocketWritabilityChanged(self.isWritable) }
        }
    }
}

/// Joins a connection to its channel's pipeline.
private final class WebSocketChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: WebSocketConnection

    init(_ connection: WebSocketConnection) {
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.connection.received(Self.unwrapInboundIn(data))
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.connection.writabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.connection.end(nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        self.connection.caught(error, certificate)
        context.close(promise: nil)
    }
}
