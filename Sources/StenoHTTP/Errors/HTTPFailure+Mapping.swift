internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

extension HTTPFailure {
    /// The one place where errors of the libraries become ours. Their texts are dropped: some hold header values.
    init(_ error: any Error, progress: BodyProgress) {
        self.init(Self.cause(of: error), progress: progress)
    }

    private static func cause(of error: any Error) -> Cause {
        switch error {
        case is CancellationError: .cancelled
        case is BodyShortened, is BodyFileError: .bodyUnreadable
        case let error as TrustAnchorsError: .badTrustFile(error)
        case is NIOConnectionError, is SocketAddressError: .noConnection
        case let error as ChannelError: Self.cause(of: error)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: .untrusted
        case is HTTPParserError: .notHTTP
        case let error as HTTPClientError: Self.cause(of: error)
        case let error as IOError: Self.cause(ofErrno: error.errnoCode)
        default: .connectionLost
        }
    }

    /// What the socket says while connecting; everything else happens to a connection that existed.
    private static func cause(ofErrno number: CInt) -> Cause {
        switch number {
        case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, EADDRNOTAVAIL, ENOENT: .noConnection
        default: .connectionLost
        }
    }

    private static func cause(of error: ChannelError) -> Cause {
        if case .connectTimeout = error { .noConnection } else { .connectionLost }
    }

    private static func cause(of error: HTTPClientError) -> Cause {
        switch error {
        case .cancelled, .alreadyShutdown: .cancelled
        case .deadlineExceeded, .readTimeout, .writeTimeout: .timeLimit
        case .connectTimeout, .getConnectionFromPoolTimeout: .noConnection
        case .tlsHandshakeTimeout: .untrusted
        case .bodyLengthMismatch: .bodyUnreadable
        default:
            // The two header errors carry values, so they can only be told apart by their short description.
            error.shortDescription.hasPrefix("Invalid header") ? .badHeader : .connectionLost
        }
    }
}
