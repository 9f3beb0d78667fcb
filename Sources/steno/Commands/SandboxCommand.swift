import ArgumentParser
import Steno
import StenoCore
import StenoSandbox

/// `steno sandbox`: stand-ins for the services, for trying and testing.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run local stand-ins for Juvoly, Invox and ConnectVets.",
        discussion: """
            Listens on 127.0.0.1 only, prints its address as one line, and runs until it is stopped. Use it with
            --sandbox=URL. Answers are labelled as the sandbox's. Requests that break a contract are refused and
            listed on standard error at the end.
            """
    )

    @Option(help: ArgumentHelp("TCP port on 127.0.0.1 (default: any free one).", valueName: "port"))
    var port = 0

    @Option(help: ArgumentHelp("Play this scripted conversation instead of recognising with the embedded engine. Repeatable.", valueName: "file"))
    var session: [String] = []

    @Option(help: ArgumentHelp("Make something go wrong, for example handshake=503@1. Repeatable; an unknown name lists them all.", valueName: "name=value"))
    var fault: [String] = []

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await Program.run(self.common) { context in
            let server = try await SandboxHost.start(
                port: self.port,
                sessions: self.session,
                faults: self.fault,
                engineFolder: context.engineFolder
            )
            let (stopped, stop) = AsyncStream<Void>.makeStream()
            let signals = Signals { _ in stop.finish() }
            defer { withExtendedLifetime(signals) {} }
            try context.write("\(server.baseURL)\n")
            for await _ in stopped {}
            let violations = server.violations
            await server.stop()
            for violation in violations { context.say("violation: \(violation)") }
            context.say(violations.isEmpty ? "No request broke a contract." : "\(violations.count) requests broke a contract.")
            return violations.isEmpty ? .success : .defect
        }
    }
}
