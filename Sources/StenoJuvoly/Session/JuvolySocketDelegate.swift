import StenoCore
import StenoHTTP
import StenoWire

/// Carries what one socket says into the session it belongs to, on their common event loop.
///
/// Holds its number, because a socket that was given up may still speak, and must not be listened to any more.
final class JuvolySocketDelegate: WebSocketDelegate {
    private weak var session: JuvolySession?
    private let connection: Int

    init(_ session: JuvolySession, connection: Int) {
        self.session = session
        self.connection = connection
    }

    func webSocketOpened(protocolIndex: Int?) { self.tell { $0.socketOpened($1) } }
    func webSocketFailed(_ error: WebSocketError) { self.tell { $0.socketFailed(error, $1) } }
    func webSocketReceivedBinary(_ bytes: UnsafeRawBufferPointer) { self.tell { $0.receivedBinary($1) } }
    func webSocketReceivedPing() {}
    func webSocketReceivedPong(_ payload: [UInt8]) { self.tell { $0.receivedPong($1) } }
    func webSocketWritabilityChanged(_ isWritable: Bool) { self.tell { $0.writabilityChanged(to: isWritable, $1) } }
    func webSocketClosed(_ end: WebSocketEnd) { self.tell { $0.socketClosed(end, $1) } }

    func webSocketReceivedText(_ bytes: UnsafeRawBufferPointer) {
        // Decoded here, before the hop of isolation: the bytes are only lent.
        let decoded = JuvolyServerEvent.decode(bytes)
        self.tell { $0.received(decoded.event, wasTolerated: decoded.wasTolerated, $1) }
    }

    private func tell(_ body: @Sendable (isolated JuvolySession, Int) -> Void) {
        guard let session = self.session else { return }
        let connection = self.connection
        session.assumeIsolated { body($0, connection) }
    }
}

extension SessionStateMachine.DialFailure {
    init(_ error: WebSocketError) {
        switch error {
        case .refused(let status, let retryAfter):
            self = .status(status, retryAfter: retryAfter.map { .seconds($0) })
        case .insecure, .badAddress, .badRequest, .badCertificateFile:
            // No attempt was made, and none would end better: the same as a request that is wrong.
            self = .status(400, retryAfter: nil)
        case .connectFailed, .tlsFailed, .badReply, .dropped, .timedOut, .cancelled:
            self = .other
        }
    }
}

extension JuvolyConfiguration {
    /// The whole address of the live channel. Only raw PCM has to be announced.
    var endpoint: WebSocketEndpoint {
        let url = self.socketBase.appending(self.model)
        let query = self.uplink == .pcm ? "?encoding=PCM" : ""
        return WebSocketEndpoint(host: url.host, port: url.port, isTLS: url.isEncrypted, target: url.path + query)
    }

    /// At the pace of a speaker, a line that is too slow for the audio must not be given seconds of it ahead: the audio
    /// waits in the recording, where it counts as not sent, and pings are answered in time.
    private static let paced = (unsentLimit: 8 << 10, sendBuffer: 32 << 10)

    var socketOptions: WebSocketOptions {
        var options = WebSocketOptions(
            acceptsAnySubprotocol: self.acceptsAnySubprotocol,
            extraCAFile: self.trust.certificateAuthorityFile
        )
        if self.policy.pace != .unlimited { (options.unsentLimit, options.sendBuffer) = Self.paced }
        return options
    }
}
