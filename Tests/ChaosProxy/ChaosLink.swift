import Glibc
import NIOCore

/// One connection of a client and the one that was made for it, with whatever happens between them.
final class ChaosLink {
    private let client: any Channel
    private let server: any Channel
    private let line: ChaosLine
    private let number: Int
    private unowned let network: ChaosNetwork
    private var up: ChaosFlow?
    private var down: ChaosFlow?

    init(_ client: any Channel, _ server: any Channel, _ line: ChaosLine, _ number: Int, _ network: ChaosNetwork) {
        self.client = client
        self.server = server
        self.line = line
        self.number = number
        self.network = network
    }

    /// - Parameter first: what the client had sent by then.
    func start(_ first: ByteBuffer) {
        let reached: () -> Void = { [unowned self] in self.meetFate() }
        let up = ChaosFlow(self.line, .client, from: self.client, to: self.server, reached: reached)
        let down = ChaosFlow(self.line, .server, from: self.server, to: self.client, reached: reached)
        (self.up, self.down) = (up, down)
        if self.network.isDown { self.hold(true) }
        up.received(first)
        down.start()
    }

    func received(_ buffer: ByteBuffer, from side: ChaosLine.Side) { self.flow(side)?.received(buffer) }

    func ended(_ side: ChaosLine.Side) { self.flow(side)?.ended() }

    /// One side is gone for good.
    func broke(_ side: ChaosLine.Side) {
        self.stop()
        switch side {
        case .client: self.server.close(promise: nil)
        case .server: self.client.close(promise: nil)
        }
    }

    func hold(_ isHeld: Bool) {
        self.up?.hold(isHeld)
        self.down?.hold(isHeld)
    }

    private func flow(_ side: ChaosLine.Side) -> ChaosFlow? { side == .client ? self.up : self.down }

    private func stop() {
        self.up?.stop()
        self.down?.stop()
    }

    private func meetFate() {
        self.network.metFate(self.number)
        switch self.line.fate {
        case nil: break
        case .reset: self.reset()
        case .close:
            self.stop()
            self.client.close(promise: nil)
            self.server.close(promise: nil)
        case .halfClose:
            self.down?.stop()
            self.client.close(mode: .output, promise: nil)
        case .blackHole(let time):
            self.hold(true)
            self.after(time) { $0.hold(false) }
        case .stopReading(let time):
            self.up?.hold(true)
            self.after(time) { $0.up?.hold(false) }
        case .linkDown(let time): self.network.goDown(for: time)
        case .refusal(let time):
            self.reset()
            self.network.refuse(for: time)
        }
    }

    private func after(_ time: Duration?, _ body: @escaping (ChaosLink) -> Void) {
        guard let time else { return }
        self.client.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { body(self) }
    }

    private func reset() {
        self.stop()
        for channel in [self.client, self.server] {
            guard let options = channel as? any SocketOptionProvider else { continue }
            // With no time to linger, closing is a RST.
            options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
        }
    }
}
