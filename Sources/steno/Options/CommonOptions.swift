import ArgumentParser
import Steno

/// Options that every command has.
struct CommonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Read settings from this file (default: $XDG_CONFIG_HOME/steno/steno.yaml, then /etc/steno/steno.yaml).",
            valueName: "file"
        ),
        completion: .file(extensions: ["yaml", "yml"])
    )
    var config: String?

    @Flag(help: "Show warnings and errors only.")
    var quiet = false

    @Flag(
        name: .customShort("v"),
        help: "Log what happens to standard error, never text, names or keys; -vv and -vvv log more."
    )
    var verbosity: Int

    @Option(help: ArgumentHelp("Write what goes to standard error as plain lines or as JSON.", valueName: "form"))
    var logFormat: LogFormat = .text

    @Flag(help: "Use no colours, as with NO_COLOR in the environment.")
    var noColor = false

    @Flag(help: "Draw no status line; write plain lines instead.")
    var noProgress = false
}

extension CommonOptions {
    /// What another command has to be given to find the same settings.
    var words: [String] { self.config.map { ["--config", $0] } ?? [] }
}

enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

extension CommonOptions {
    /// The options as plain values, which may go anywhere.
    struct Values: Sendable {
        var config: String?
        /// One line can be drawn over and over.
        var isDrawing: Bool
        /// A screen can be drawn that bears log lines.
        var isDrawingScreen: Bool
        var isQuiet: Bool
        /// Log lines go to standard error too.
        var isLogging: Bool
        var notices: Notices.Form
    }

    func values(in environment: [String: String]) -> Values {
        let isColored = !self.noColor && Terminal.canColor(2, environment: environment)
        let isText = self.logFormat == .text
        let isPlain = self.noProgress || self.quiet || !isText
        let canDraw = !isPlain && Terminal.canDraw(2, environment: environment)
        return Values(
            config: self.config,
            // Log lines would be written into the middle of the drawn one.
            isDrawing: canDraw && self.verbosity == 0,
            isDrawingScreen: canDraw,
            isQuiet: self.quiet,
            isLogging: self.verbosity > 0,
            notices: isText ? .text(isColored: isColored) : .json
        )
    }
}
