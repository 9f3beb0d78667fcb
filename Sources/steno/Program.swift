import Glibc
import Logging
import Steno
import StenoEngine

/// What every command runs in: options, environment, logger and the two outputs.
struct Program: Sendable {
    let options: CommonOptions.Values
    let environment: [String: String]
    let logger: Logger
    let notices: Notices
    /// How long a terminal is waited for.
    private static let patience = Duration.seconds(2)

    /// Runs `body`, tells the person about an error, and ends the process with its exit code.
    static func run(_ options: CommonOptions, _ body: (Program) async throws -> ExitCode) async throws {
        let program = Program(options)
        let code: ExitCode
        do {
            try Addresses.secure()
            try OpenFiles.secure()
            code = try await body(program)
        } catch {
            // What went wrong is not to be read in the middle of a frame.
            TerminalMode.restore()
            code = program.report(error)
        }
        TerminalMode.restore()
        // Not `exit`: it would destroy the speech engine's global objects under a thread that may still be using them.
        // Everything we write has left the process by now.
        _exit(code.rawValue)
    }

    private init(_ options: CommonOptions) {
        self.environment = Environment.all
        self.options = options.values(in: self.environment)
        self.notices = Notices(form: self.options.notices, isQuiet: self.options.isQuiet)
        self.logger = StandardErrorLog.logger(verbosity: options.verbosity, format: options.logFormat)
    }

    /// A line on standard error.
    func say(_ text: String, _ level: Notices.Level = .info) {
        // After Ctrl-S a terminal takes nothing for as long as the person likes, and must not hold up the end.
        guard !Terminal.isTerminal(2) || Descriptor.takes(2, within: Self.patience) else { return }
        self.notices.write(text, level)
    }

    /// Tells what went wrong, and what it means for the exit code.
    func report(_ error: any Error) -> ExitCode {
        let failure = Failure(error)
        for message in failure.messages { self.say(message, .error) }
        return failure.code
    }

    /// Text on standard output.
    func write(_ text: String) throws(OutputError) {
        try Descriptor.write(text, to: 1, path: "-")
    }

    /// Where the embedded engine's files are.
    var engineFolder: String? {
        EngineFiles.defaultFolder { self.environment[$0] }
    }
}

/// The environment of the process, read once.
private enum Environment {
    static let all: [String: String] = {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return variables
    }()
}
