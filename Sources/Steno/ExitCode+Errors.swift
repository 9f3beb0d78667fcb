package import StenoALSA
package import StenoAudio
package import StenoHTTP
package import StenoStore

extension ExitCode {
    package init(_ error: AudioError) {
        switch error.code {
        case .notFound: self = .noInput
        case .notAudio: self = .unreadableInput
        case .limited: self = .configuration
        case .cancelled: self = .stopped
        default: self = .disk
        }
    }

    package init(_ error: CaptureError) {
        switch error.code {
        case .notPermitted, .busy: self = .refused
        default: self = .noInput
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

    package init(_ error: StoreError) {
        switch error.code {
        case .unknown: self = .noInput
        case .foreign: self = .unreadableInput
        case .unfinished: self = .unfinished
        case .usage: self = .usage
        case .sealed, .wrongKey, .masterKey: self = .configuration
        default: self = .disk
        }
    }

    /// For `--help`.
    package static let help = """
        EXIT CODES:
          0     all of it: every word confirmed, every delivery done
          1     a defect of steno
          64    wrong use of the command line
          65    the input is not audio that can be read
          66    an input file or capture device is not there
          69    a service cannot be reached
          74    the disk refused
          75    the audio is safe, but something is unfinished
          77    a service or device refused us: bad key, no permission
          78    the configuration is wrong or missing
          130   stopped by Ctrl-C twice
        """
}
