import Foundation
import Testing

@Suite("Help")
struct HelpTests {
    static let commands = [
        "", "live", "stream", "devices", "recordings", "recordings list", "recordings show",
        "recordings export", "recordings verify", "recordings recover", "recordings delete", "deliver", "notes",
        "notes list", "notes show", "notes status", "notes export", "notes retry", "notes edit", "login",
        "login juvoly", "doctor", "sandbox", "webhook", "webhook serve", "queue", "queue list", "queue show",
        "queue retry",
        "queue hold", "queue release", "queue drop", "queue export",
    ]

    private static func golden(_ command: String) -> String {
        let name = (["steno"] + command.split(separator: " ").map(String.init)).joined(separator: "-")
        return "\(StenoProgram.package)/Tests/EndToEndTests/Help/\(name).txt"
    }

    /// `STENO_UPDATE_GOLDEN=1` writes what is compared otherwise.
    @Test("The help of every command is what was agreed on", arguments: Self.commands)
    func golden(command: String) async throws {
        let words = command.split(separator: " ").map(String.init)
        let result = try await StenoProgram().run(words + ["--help"])
        if ProcessInfo.processInfo.environment["STENO_UPDATE_GOLDEN"] == "1" {
            try result.output.write(toFile: Self.golden(command), atomically: true, encoding: .utf8)
        }
        #expect(result.output == (try? String(contentsOfFile: Self.golden(command), encoding: .utf8)))
        #expect(result.errors.isEmpty)
        #expect(result.code == 0)
    }

    @Test("'steno help COMMAND' says the same as 'steno COMMAND --help'", arguments: Self.commands)
    func helpCommand(command: String) async throws {
        let program = try StenoProgram()
        let words = command.split(separator: " ").map(String.init)
        let option = try await program.run(words + ["--help"])
        let command = try await program.run(["help"] + words)
        #expect(command.output == option.output)
        #expect(command.code == 0)
    }

    @Test("No line is wider than a terminal, and every option has its sentence", arguments: Self.commands.dropFirst())
    func shape(command: String) async throws {
        let words = command.split(separator: " ").map(String.init)
        let lines = try await StenoProgram().run(words + ["--help"]).output.split(separator: "\n")
        for line in lines where !line.hasPrefix("USAGE") { #expect(line.count <= 80) }
        for (index, line) in lines.enumerated() where line.hasPrefix("  -") {
            let text = line.dropFirst(2).split(separator: "  ", maxSplits: 1)
            let next = index + 1 < lines.count ? lines[index + 1] : ""
            #expect(text.count == 2 || next.hasPrefix("                          "), "\(line)")
        }
    }

    @Test("The version is one line")
    func version() async throws {
        let result = try await StenoProgram().run("--version")
        #expect(result.output.wholeMatch(of: /steno \d+\.\d+\.\d+\n/) != nil)
        #expect(result.code == 0)
    }

    @Test(
        "Commands whose parts are not built are absent, and asking for one is wrong use",
        arguments: ["station"]
    )
    func absent(command: String) async throws {
        let program = try StenoProgram()
        let help = try await program.run("--help")
        #expect(!help.output.contains("\n  \(command) "))
        let result = try await program.run(command)
        #expect(result.code == 64)
        #expect(result.output.isEmpty)
    }

    @Test("Shell completions come with the program", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) async throws {
        let result = try await StenoProgram().run("--generate-completion-script", shell)
        #expect(result.code == 0)
        #expect(result.output.contains("stream"))
    }
}
