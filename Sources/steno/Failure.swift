import Steno
import StenoALSA
import StenoAudio
import StenoEngine
import StenoHTTP
import StenoSandbox
import StenoStore

/// Ours; the argument parser has one of the same name.
typealias ExitCode = Steno.ExitCode

/// An end that the person is told about in a few sentences, with its exit code.
struct Failure: Error {
    var code: ExitCode
    /// One line each.
    var messages: [String]

    init(_ code: ExitCode, _ messages: String...) {
        self.init(code, messages)
    }

    private init(_ code: ExitCode, _ messages: [String]) {
        self.code = code
        self.messages = messages
    }

    /// What any error of ours means to whoever started the program.
    init(_ error: any Error) {
        switch error {
        case let error as Failure: self = error
        case let error as AudioError: self.init(ExitCode(error), error.description)
        case let error as CaptureError: self.init(ExitCode(error), error.description)
        case let error as SettingsError:
            // A mistake may have a second line with advice.
            self.init(.configuration, error.mistakes.flatMap { $0.split(separator: "\n").map(String.init) })
        case let error as EngineError: self.init(.configuration, error.description)
        case let error as SandboxError: self.init(.configuration, error.description)
        case let error as ServiceError: self.init(ExitCode(error), error.description)
        case let error as StoreError: self.init(ExitCode(error), error.description)
        case let error as AlreadyDelivered: self.init(.usage, error.description)
        case let error as OutputError: self.init(.disk, error.description)
        case is CancellationError: self.init(.stopped, "Stopped at once.")
        default:
            self.init(
                .defect,
                "This is a defect of steno: \(type(of: error)). Report it with the command you gave and its version."
            )
        }
    }
}
