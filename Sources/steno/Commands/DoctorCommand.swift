import ArgumentParser
import Steno

/// `steno doctor`: what is in order, what is not, and how to mend it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check settings, credentials, disk, clock, speech engine, microphone and services.",
        usage: "steno doctor [<options>]",
        discussion: """
            One line for each thing, with what mends it: 'ok', 'note' for what is not set up, or 'BAD' for what is and \
            does not work. The exit code is that of the worst.
            """
    )

    @Flag(help: "Print the settings in force and where each comes from, without keys.")
    var settings = false

    @Option(
        help: ArgumentHelp("Check the sandbox at this address instead of the real services.", valueName: "address")
    )
    var sandbox: SandboxChoice?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try SandboxChoice.check(self.sandbox, for: "doctor")
    }

    func run() async throws {
        try await Program.run(self.common) { program in
            let settings = try program.settings(sandbox: self.sandbox?.address)
            guard !self.settings else {
                for line in settings.report { try program.write("\(TerminalText.neutralised(line.description))\n") }
                return .success
            }
            var code = ExitCode.success
            let library = program.library(home: settings.storage.home.value)
            for finding in await Doctor(settings, library, engineFolder: program.engineFolder).findings() {
                code = code.combined(with: finding.code)
                guard finding.state == .bad || !program.options.isQuiet else { continue }
                try program.write("\(finding.line)\n")
            }
            return code
        }
    }
}
