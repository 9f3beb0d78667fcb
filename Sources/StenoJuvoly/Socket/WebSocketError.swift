internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Why a WebSocket could not be opened. Holds nothing the server sent, no subprotocol and no credentials.
package enum WebSocketError: Error, Hashable, Sendable {
    /// Unencrypted to another machine. No attempt was made.
    case insecure(host: String)
    /// The address cannot be one. No attempt was made.
    case badAddress(String)
    /// A path or subprotocol that cannot be sent. No attempt was made.
    case badRequest(String)
    /// The extra certificate file cannot be used. No attempt was made.
    case badCertificateFile(String)
    case connectFailed(host: String, reason: String)
    case tlsFailed(host: String, reason: String)
    /// The server answered, but with another status than 101.
    ///
    /// - Parameter retryAfter: seconds, where the server named them.
    case refused(status: Int, retryAfter: Int?)
    /// The server answered with something that is no WebSocket, or not the one that was asked for.
    case badReply(String)
    /// The connection broke before the server's answer was whole.
    case dropped(host: String)
    /// The connection was not open in time, whatever took so long.
    case timedOut(host: String, after: Duration)
    /// This side gave up.
    case cancelled
}

extension WebSocketError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .insecure(let host):
            "unencrypted connections are made to this machine only, and \"\(host)\" is another one; use `wss://`"
        case .badAddress(let reason): "the service's address cannot be used: \(reason)"
        case .badRequest(let reason): "the connection cannot be asked for: \(reason)"
        case .badCertificateFile(let path): "no certificates can be read from \"\(path)\"; it must be a PEM file"
        case .connectFailed(let host, let reason):
            "\"\(host)\" cannot be reached (\(reason)); check the address and the network"
        case .tlsFailed(let host, let reason): "no secure connection to \"\(host)\": \(reason)"
        case .refused(let status, nil): "the service refused the connection with HTTP status \(status)"
        case .refused(let status, let seconds?):
            "the service refused the connection with HTTP status \(status) and asks to wait \(seconds) s"
        case .badReply(let reason): "the service's answer is no usable WebSocket: \(reason)"
        case .dropped(let host): "\"\(host)\" ended the connection before it was open; try again later"
        case .timedOut(let host, let limit): "\"\(host)\" did not open the connection within \(limit); try again later"
        case .cancelled: "the connection was given up before it was open"
        }
    }
}

extension WebSocketError {
    /// What a person can use of NIO's reasons for a failed connection.
    static func connectFailed(_ endpoint: WebSocketEndpoint, _ error: any Error) -> WebSocketError {
        let host = endpoint.displayName
        switch error {
        case let error as NIOConnectionError:
            guard let cause = error.connectionErrors.last?.error else {
                return .connectFailed(host: host, reason: "the name is not known")
            }
            return .connectFailed(endpoint, cause)
        case let error as IOError:
            return .connectFailed(host: host, reason: Self.text(ofErrno: error.errnoCode))
        case ChannelError.connectTimeout:
            return .connectFailed(host: host, reason: "no answer")
        default:
            return .connectFailed(host: host, reason: "the network gave an error")
        }
    }

    /// What a person can use of an error that ended a connection which was not open yet.
    ///
    /// - Parameter fault: what is plainly wrong with the certificate the server sent, if it sent one.
    static func ended(
        _ endpoint: WebSocketEndpoint,
        by error: (any Error)?,
        _ fault: CertificateFault?
    ) -> WebSocketError {
        let host = endpoint.displayName
        guard let error, let reason = Self.tlsReason(error, fault) else { return .dropped(host: host) }
        return .tlsFailed(host: host, reason: reason)
    }

    /// BoringSSL names its errors in text only, and every fault of a certificate alike.
    private static func tlsReason(_ error: any Error, _ fault: CertificateFault?) -> String? {
        if let error = error as? NIOSSLExtraError {
            return error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch
                ? "its certificate is for another name" : "the TLS handshake broke off"
        }
        guard case NIOSSLError.handshakeFailed(let cause) = error else {
            guard case NIOSSLError.unableToValidateCertificate = error else { return nil }
            return "its certificate is not valid"
        }
        let text = "\(cause)"
        let reasons = [
            ("CERTIFICATE_VERIFY_FAILED", fault?.rawValue ?? "its certificate is not trusted"),
            ("WRONG_VERSION_NUMBER", "it does not speak TLS on this port"),
            ("HTTP_REQUEST", "it does not speak TLS on this port"),
            ("UNSUPPORTED_PROTOCOL", "it offers no TLS 1.2 or later"),
            ("PROTOCOL_VERSION", "it offers no TLS 1.2 or later"),
            ("EOF during handshake", nil),
        ]
        guard let reason = reasons.first(where: { text.contains($0.0) }) else { return "the TLS handshake broke off" }
        return reason.1
    }

    private static func text(ofErrno code: CInt) -> String {
        switch code {
        case ECONNREFUSED: "nothing answers there"
        case ENETUNREACH, ENETDOWN: "no network"
        case EHOSTUNREACH, EHOSTDOWN: "no way there"
        case ETIMEDOUT: "no answer"
        case ECONNRESET: "the connection broke"
        default: "error \(code)"
        }
    }
}
