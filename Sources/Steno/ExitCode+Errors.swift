package import StenoAudio
package import StenoHTTP

extension ExitCode {
    package init(_ error: AudioError) {
        switch error.code {
        case .notFound: self = .noInput
        case .notAudio: self = .unreadableInput
        case .cancelled: self = .stopped
        default: self = .disk
        }
    }

    package init(_ error: ServiceError) {
        switch error.outcome {
        case .unreachable: self = .unreachable
        case .refused: self = .refused
        case .misconfigured: self = .configuration
        case .unknownOutcome, .rejected: self = .unfinished
        case .cancelled: self = .stopped
        }
    }

    /// For `--help`.
    package static let help = """
        EXIT CODES:
          0 all of it · 64 wrong use · 65 not audio · 66 no such input · 69 service not reachable · 74 disk refused
          75 audio safe, something unfinished · 77 a service refused us · 78 configuration · 130 stopped at once
        """
}
