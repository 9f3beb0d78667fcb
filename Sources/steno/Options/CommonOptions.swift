import ArgumentParser

/// Options that every command has.
struct CommonOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Read settings from this file (default: $XDG_CONFIG_HOME/steno/steno.yaml, then /etc/steno/steno.yaml).", valueName: "file"))
    var config: String?

    @Flag(help: "Show warnings and errors only.")
    var quiet = false

    @Flag(name: .customShort("v"), help: "Log what happens, to standard error; -vv logs more. Never holds text, names or keys.")
    var verbosity: Int

    @Option(help: ArgumentHelp("How log lines are written: text or json (default: text).", valueName: "form"))
    var logFormat: LogFormat = .text

    @Flag(help: "Use no colours.")
    var noColor = false

    @Flag(help: "Draw no status line; plain lines instead.")
    var noProgress = false
}

enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// Which sandbox is meant by `--sandbox[=URL]`.
enum SandboxChoice: ExpressibleByArgument {
    /// Stands for the bare option.
    static let ownName = "own"

    /// Start one in this process.
    case own
    /// One that runs already, for example by `steno sandbox`.
    case at(String)

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        self = argument == Self.ownName ? .own : .at(argument)
    }
}
