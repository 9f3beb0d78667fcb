import Steno
import StenoAudio
import StenoEngine
import StenoHTTP
import StenoSandbox

/// Ours; the argument parser has one of the same name.
typealias ExitCode = Steno.ExitCode

/// An end that the person is told about in one sentence or two, with its exit code.
struct Failure: Error, CustomStringConvertible {
    var code: ExitCode
    var description: String

    init(_ code: ExitCode, _ description: String) {
        self.code = code
        self.description = description
    }

    /// What any error of ours means to whoever started the program.
    init(_ error: any Error) {
        switch error {
        case let error as Failure: self = error
        case let error as AudioError: self.init(ExitCode(error), error.description)
        case let error as SettingsError: self.init(.configuration, error.description)
        case let error as EngineError: self.init(.configuration, error.description)
        case let error as SandboxError: self.init(.configuration, error.description)
        case let error as ServiceError: self.init(ExitCode(error), error.description)
        case let error as OutputError: self.init(.disk, error.description)
        default: self.init(.defect, "This is a defect of steno: \(type(of: error)). Please report it with the command you gave.")
        }
    }
}
