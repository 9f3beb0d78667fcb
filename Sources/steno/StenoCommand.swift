import ArgumentParser
import Steno

/// `steno`: speech goes in, a finished clinical note comes out, and not a word is lost on the way.
@main
struct StenoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "steno",
        abstract: "Speech goes in, a finished clinical note comes out, and not a word is lost on the way.",
        discussion: """
            Try it without an account:  steno stream samples/audio/general-practice.wav --sandbox --summary soep

            \(ExitCode.help)
            """,
        version: "steno \(StenoVersion.current)",
        subcommands: [StreamCommand.self, LoginCommand.self, DoctorCommand.self, SandboxCommand.self]
    )

    static func main() async {
        await Self.main(Self.withSandboxValue(Array(CommandLine.arguments.dropFirst())))
    }

    /// `--sandbox` takes a value only as `--sandbox=URL`: a bare one must not swallow the file after it, so it is given its
    /// meaning here, before the parser sees it.
    static func withSandboxValue(_ arguments: [String]) -> [String] {
        var isOption = true
        return arguments.map { argument in
            if argument == "--" { isOption = false }
            return isOption && argument == "--sandbox" ? "--sandbox=\(SandboxChoice.ownName)" : argument
        }
    }
}
