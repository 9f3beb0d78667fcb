import ArgumentParser
import Glibc
import Steno

/// `steno`: speech goes in, a finished clinical note comes out, and not a word is lost on the way.
@main
struct StenoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "steno",
        abstract: "Speech goes in, a finished clinical note comes out, and not a word is lost on the way.",
        discussion: """
            Try it without an account:

              steno stream samples/audio/general-practice.wav --sandbox --summary soep

            \(ExitCode.help)
            """,
        version: "steno \(StenoVersion.current)",
        subcommands: [
            LiveCommand.self, StreamCommand.self, DevicesCommand.self, RecordingsCommand.self, DeliverCommand.self,
            QueueCommand.self, NotesCommand.self, NxVETCommand.self, WebhookCommand.self,
            LoginCommand.self, DoctorCommand.self, SandboxCommand.self,
        ]
    )

    static func main() async {
        StandardDescriptors.secure()
        do {
            try Self.checkCommand(CommandLine.arguments.dropFirst())
            let arguments = SandboxChoice.withExplicitValue(Array(CommandLine.arguments.dropFirst()))
            var command = try Self.parseAsRoot(arguments)
            guard var asynchronous = command as? any AsyncParsableCommand else { return try command.run() }
            try await asynchronous.run()
        } catch {
            Self.end(with: error)
        }
    }

    /// The parser calls a command that is not there an argument too many, and `help` forgives it.
    private static func checkCommand(_ arguments: ArraySlice<String>) throws {
        let names = Self.configuration.subcommands.map { $0.configuration.commandName ?? "" } + ["help"]
        let words = arguments.prefix(2).drop { $0 == "help" }
        guard let name = words.first, !name.hasPrefix("-"), !names.contains(name) else { return }
        let advice = NearestName.find(name, among: names).map { " Did you mean '\($0)'?" } ?? ""
        throw ValidationError("'\(TerminalText.neutralised(name))' is not a command.\(advice)")
    }

    /// Prints help and version on standard output, a mistake on standard error.
    private static func end(with error: any Error) -> Never {
        let code = Self.exitCode(for: error)
        let text = Self.fullMessage(for: error)
            // The parser has no words for an option whose value may be left out.
            .replacing("  --sandbox <URL>   ", with: "  --sandbox[=<URL>] ")
        try? Descriptor.write(text + "\n", to: code.isSuccess ? 1 : 2, path: "-")
        _exit(code.rawValue)
    }
}
