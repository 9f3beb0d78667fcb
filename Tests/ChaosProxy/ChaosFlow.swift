import NIOCore

/// One way of a link: takes what one side sends and passes it on as the line says.
///
/// Reads again only when all was passed on, so that whoever sends too fast finds the window closed and nothing piles up
/// here.
final class ChaosFlow {
    /// At a limited rate, a piece leaves about this often a second.
    private static let pieces = 20

    private let line: ChaosLine
    private let side: ChaosLine.Side
    private let source: any Channel
    private let sink: any Channel
    private let reached: () -> Void
    private var waiting = ByteBuffer()
    private var passed = 0
    /// A black hole, or a window that stays closed.
    private var isHeld = false
    /// A piece is under way, or is not due yet.
    private var isBusy = false
    private var isReached: Bool
    private var isPassing = false
    private var hasEnded = false
    private var isOver = false

    /// - Parameter reached: called when the bytes before the fate are on their way.
    init(
        _ line: ChaosLine,
        _ side: ChaosLine.Side,
        from source: any Channel,
        to sink: any Channel,
        reached: @escaping () -> Void
    ) {
        self.line = line
        self.side = side
        self.source = source
        self.sink = sink
        self.reached = reached
        self.isReached = line.fate == nil || line.side != side
    }

    func start() { self.pass() }

    func received(_ buffer: ByteBuffer) {
        self.later { flow in
            flow.waiting.writeImmutableBuffer(buffer)
            flow.pass()
        }
        if self.line.delay != nil { self.source.read() }
    }

    /// The source sends no more.
    func ended() {
        self.later { flow in
            flow.hasEnded = true
            flow.pass()
        }
    }

    func hold(_ isHeld: Bool) {
        self.isHeld = isHeld
        self.pass()
    }

    /// What is waiting is thrown away, and nothing more is taken.
    func stop() { self.isOver = true }

    private func later(_ body: @escaping (ChaosFlow) -> Void) {
        guard let delay = self.line.delay else { return body(self) }
        self.source.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) { body(self) }
    }

    private func pass() {
        guard !self.isPassing else { return }
        self.isPassing = true
        defer { self.isPassing = false }
        while !self.isHeld, !self.isBusy, !self.isOver, self.step() {}
    }

    /// - Returns: `false` when there is nothing to do before something comes.
    private func step() -> Bool {
        if !self.isReached, self.passed == self.line.bytes {
            self.isReached = true
            // May hold or stop this very flow.
            self.reached()
            return true
        }
        if let piece = self.waiting.readSlice(length: self.nextPiece), piece.readableBytes > 0 {
            self.passed += piece.readableBytes
            self.send(piece)
            return true
        }
        self.waiting.clear()
        if self.hasEnded {
            self.isOver = true
            self.sink.close(mode: .output, promise: nil)
        } else {
            self.source.read()
        }
        return false
    }

    /// The next piece is passed on when this one has left and its time is over.
    private func send(_ piece: ByteBuffer) {
        self.isBusy = true
        let sent = self.sink.writeAndFlush(piece)
        guard self.side == .client, let bitsPerSecond = self.line.bitsPerSecond else {
            return sent.assumeIsolated().whenComplete { _ in self.goOn() }
        }
        let time = TimeAmount.nanoseconds(Int64(piece.readableBytes) * 8_000_000_000 / Int64(bitsPerSecond))
        self.sink.eventLoop.assumeIsolated().scheduleTask(in: time) { self.goOn() }
    }

    private func goOn() {
        self.isBusy = false
        self.pass()
    }

    private var nextPiece: Int {
        var count = self.waiting.readableBytes
        if !self.isReached { count = min(count, self.line.bytes - self.passed) }
        if self.side == .server, let segment = self.line.segment { count = min(count, segment) }
        if self.side == .server, let cut = self.line.cut, self.passed < cut { count = min(count, cut - self.passed) }
        if self.side == .client, let rate = self.line.bitsPerSecond {
            count = min(count, max(1, rate / 8 / Self.pieces))
        }
        return count
    }
}
