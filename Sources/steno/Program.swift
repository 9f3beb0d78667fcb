import ArgumentParser
import Glibc
import Logging
import Steno
import StenoEngine

/// What every command runs in: settings, logger and the two outputs.
struct Program: Sendable {
    let options: CommonOptions.Values
    let environment: [String: String]
    let logger: Logger

    /// Runs `body`, tells the person about an error in one sentence, and ends the process with its exit code.
    static func run(_ options: CommonOptions, _ body: (Program) async throws -> ExitCode) async throws {
        let program = Program(options)
        let code: ExitCode
        do {
            code = try await body(program)
        } catch {
            let failure = Failure(error)
            program.say("steno: \(failure.description)")
            code = failure.code
        }
        // Not `exit`: it would destroy the speech engine's global objects under a thread that may still be using them.
        // Everything we write has left the process by now.
        _exit(code.rawValue)
    }

    private init(_ options: CommonOptions) {
        self.options = options.values
        self.environment = Environment.all
        self.logger = StandardErrorLog.logger(verbosity: options.verbosity, format: options.logFormat)
    }

    /// A line on standard error.
    func say(_ text: String) {
        try? Descriptor.write(TerminalText.neutralised(text) + "\n", to: 2, path: "-")
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

extension CommonOptions {
    /// The options as plain values, which may go anywhere.
    struct Values: Sendable {
        var config: String?
        var isQuiet: Bool
        var isDrawing: Bool
        var usesColor: Bool
    }

    var values: Values {
        Values(
            config: self.config,
            isQuiet: self.quiet,
            isDrawing: !self.noProgress && isatty(2) == 1,
            usesColor: !self.noColor && Environment.all["NO_COLOR"] == nil
        )
    }
}

/// The environment of the process, read once.
enum Environment {
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
