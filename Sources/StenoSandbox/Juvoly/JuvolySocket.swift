import NIOCore
import StenoWire

/// Drives one conversation: frames in and out, timers, the recogniser, and the ways a connection can be lost.
///
/// Belongs to the event loop of its channel, as everything it holds.
final class JuvolySocket {
    /// How long the client may take to answer a close frame.
    private static let closeAnswerLimit = TimeAmount.seconds(2)

    enum State {
        case open
        /// Our close frame is out; the client's is awaited.
        case closing
        /// Both close frames have passed, or the connection is gone.
        case closed
        /// A switch made the far side dead: nothing is read, sent or answered.
        case silent
    }

    let channel: any Channel
    private let ledger: SandboxLedger
    private let entry: Int?
    private var reader = WebSocketFrameReader(role: .server)
    private var waiting: [ByteBuffer] = []
    private var isReceiving = false
    private var writer: MessageWriter
    var conversation: JuvolyConversation
    private var recogniser: any ConnectionRecogniser
    var state = State.open
    private var hasClientClosed = false
    private var sentMessages = 0
    /// Timers of which only the newest counts.
    private var audioPause: Scheduled<Void>?
    private var idle: Scheduled<Void>?

    init(
        _ conversation: JuvolyConversation,
        recogniser: any ConnectionRecogniser,
        channel: any Channel,
        ledger: SandboxLedger
    ) {
        self.channel = channel
        self.ledger = ledger
        self.entry = ledger.opened(model: conversation.setting.terms.model)
        self.conversation = conversation
        self.recogniser = recogniser
        self.writer = MessageWriter(conversation.setting.faults.json)
    }

    // MARK: - Events

    func opened() {
        self.recogniser.start(self)
        self.perform(self.conversation.opened())
    }

    /// An answer that cannot be written makes NIO read what is left, before it closes and before the write returns:
    /// those bytes wait for their turn.
    func received(_ buffer: ByteBuffer) {
        guard !self.isReceiving else {
            self.waiting.append(buffer)
            return
        }
        self.isReceiving = true
        defer { self.isReceiving = false }
        self.take(buffer)
        while !self.waiting.isEmpty { self.take(self.waiting.removeFirst()) }
    }

    private func take(_ buffer: ByteBuffer) {
        guard self.state == .open || self.state == .closing else {
            if self.state == .closed { self.noteLateData() }
            return
        }
        buffer.withUnsafeReadableBytes { bytes in
            var offset = 0
            do throws(WebSocketFault) {
                while self.state == .open || self.state == .closing,
                    let event = try self.reader.next(in: bytes, from: &offset)
                {
                    self.received(event, bytes)
                }
                if self.state == .closed, offset < bytes.count { self.noteLateData() }
            } catch {
                self.ledger.violated(.juvoly, "RFC 6455", "\(error)")
                self.perform(self.conversation.close(error.closeCode))
            }
        }
    }

    private func received(_ event: WebSocketEvent, _ bytes: UnsafeRawBufferPointer) {
        switch event {
        case .binary(let payload):
            self.perform(self.conversation.received(binary: payload.bytes(of: bytes)))
            self.noteAudio()
            self.dropIfReached()
        case .text(let payload):
            let text = payload.bytes(of: bytes)
            let type = JuvolyRequest(text).map { $0 == .subscribe ? "subscribe" : "summarizeSoep" } ?? "unknown"
            self.ledger.update(self.entry) { $0.requests.append(type) }
            self.perform(self.conversation.received(text: text))
        case .ping(let payload):
            self.ledger.update(self.entry) { $0.receivedPings += 1 }
            self.write(WebSocketFrameWriter.frame(.pong, payload: payload.bytes(of: bytes), mask: nil))
        case .pong:
            break
        case .close(let code):
            self.hasClientClosed = true
            self.ledger.update(self.entry) { $0.closeCode = Int(code ?? 1005) }
            self.receivedClose(code)
        }
    }

    /// Data of a client that has said it is done. One that has not cannot know that the connection is gone.
    private func noteLateData() {
        guard self.hasClientClosed else { return }
        self.ledger.violated(.juvoly, "7", "data is sent behind the close frame")
    }

    private func receivedClose(_ code: UInt16?) {
        if self.state == .open {
            self.perform(self.conversation.receivedClose())
            let payload = WebSocketCloseCode.payload(code: code)
            self.write(WebSocketFrameWriter.frame(.close, payload: payload, mask: nil))
        }
        guard self.state != .silent else { return }
        self.state = .closed
        // The client closes first in good manners of TCP; a client that does not is closed upon.
        self.schedule(.milliseconds(500)) { $0.channel.close(promise: nil) }
        self.flushThenHalfClose()
    }

    /// A client that does not read is not read from, so that nothing piles up here.
    func writabilityChanged() {
        if self.state == .open { self.channel.setAutoRead(self.channel.isWritable && !self.recogniser.isFull) }
    }

    /// The recogniser has caught up, or fallen behind.
    func recogniserChanged() {
        self.writabilityChanged()
    }

    /// The channel is gone.
    func ended() {
        if self.state != .silent { self.state = .closed }
        _ = self.conversation.close(1006)
        self.audioPause?.cancel()
        self.idle?.cancel()
        self.recogniser.stop()
        self.ledger.update(self.entry) { $0.isOpen = false }
    }

    /// Called by the recogniser, on the event loop.
    func recognised(_ results: [RecognitionResult]) {
        self.perform(self.conversation.recognised(results))
    }

    func recognitionFailed() {
        self.perform(self.conversation.close(1011))
    }

    // MARK: - Actions

    private func perform(_ actions: [JuvolyConversation.Action]) {
        for action in actions where self.state == .open {
            switch action {
            case .send(let message):
                self.send(self.writer.frames(for: message))
            case .sendTranscript(let message):
                self.send(self.writer.frames(forTranscript: message))
            case .recognise(let samples):
                self.recogniser.accept(samples)
            case .pauseRecognition:
                self.recogniser.pause()
            case .close(let code):
                self.close(code)
            case .wake(let wake, let delay):
                self.schedule(wake, after: delay)
            case .violated(let rule, let what):
                self.ledger.violated(.juvoly, rule, what)
            }
        }
    }

    private func schedule(_ wake: JuvolyConversation.Wake, after delay: TimeAmount) {
        let task = self.schedule(delay) { $0.perform($0.conversation.woke(wake)) }
        switch wake {
        case .audioPause:
            self.audioPause?.cancel()
            self.audioPause = task
        case .idle:
            self.idle?.cancel()
            self.idle = task
        case .ready, .held, .stallOver, .summary:
            break
        }
    }

    @discardableResult
    private func schedule(_ delay: TimeAmount, _ body: @escaping (JuvolySocket) -> Void) -> Scheduled<Void> {
        self.channel.eventLoop.assumeIsolated().scheduleTask(in: delay) { [weak self] in
            if let self { body(self) }
        }
    }

    private func send(_ frames: [[UInt8]]) {
        self.sentMessages += 1
        if case .atMessage(let number, let manner) = self.conversation.setting.faults.drop, self.sentMessages == number
        {
            self.lose(manner)
            return
        }
        for frame in frames { self.write(frame) }
        self.ledger.update(self.entry) { $0.sentMessages += 1 }
    }

    private func write(_ bytes: [UInt8]) {
        guard self.state == .open || self.state == .closing else { return }
        self.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    func close(_ code: UInt16) {
        self.write(WebSocketFrameWriter.frame(.close, payload: WebSocketCloseCode.payload(code: code), mask: nil))
        self.state = .closing
        self.schedule(Self.closeAnswerLimit) { $0.channel.close(promise: nil) }
    }

    private func flushThenHalfClose() {
        self.channel.close(mode: .output, promise: nil)
    }

    private func noteAudio() {
        let audio = self.conversation.audio
        self.ledger.update(self.entry) {
            $0.audioBytes = audio.bytes
            $0.audioMessages = audio.messages
            $0.audioFrames = audio.frames
            $0.trailingSilentFrames = audio.trailingSilence
            $0.audioDigest = audio.audioDigest
            $0.largestAudioMessage = audio.largest
        }
    }
}
