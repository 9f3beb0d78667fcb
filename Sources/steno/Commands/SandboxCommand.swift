import ArgumentParser
import Steno
import StenoSandbox

/// `steno sandbox`: stand-ins for the services, for trying and testing.
struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox",
        abstract: "Run local stand-ins for Juvoly, Invox, ConnectVets and NxVET.",
        usage: "steno sandbox [<options>]",
        discussion: """
            Listens on 127.0.0.1 only, prints its address as one line, and runs until it is stopped. \
            Use it with --sandbox=URL. Answers are labelled as the sandbox's. Requests that break a contract \
            are refused and listed on standard error at the end; the exit code then is 1.
            """
    )

    @Option(help: ArgumentHelp("TCP port on 127.0.0.1; 0 is any free one.", valueName: "port"))
    var port = 0

    @Option(
        help: ArgumentHelp(
            "Play this scripted conversation; repeatable (default: recognise with the embedded engine).",
            valueName: "file"
        ),
        completion: .file(extensions: ["session"])
    )
    var session: [String] = []

    @Option(
        help: ArgumentHelp(
            "Make something go wrong, such as handshake=503@1; repeatable. See --list-faults.",
            valueName: "name=value"
        )
    )
    var fault: [String] = []

    @Option(
        help: ArgumentHelp("Read what is to go wrong from this file, one fault on each line.", valueName: "file"),
        completion: .file()
    )
    var script: [String] = []

    @Flag(help: "List what can be made to go wrong, with the values, and end.")
    var listFaults = false

    @Option(
        help: ArgumentHelp(
            "Send NxVET's events here, signed; http://127.0.0.1:PORT/PATH (default: nowhere).",
            valueName: "URL"
        )
    )
    var webhook: String?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (0...65_535).contains(self.port) else { throw ValidationError("--port takes 0 to 65535.") }
    }

    func run() async throws {
        try await Program.run(self.common) { program in
            guard !self.listFaults else {
                try program.write(FaultScript.list)
                return .success
            }
            let server = try await SandboxHost.start(
                port: self.port,
                sessions: self.session,
                faults: try self.script.flatMap { try FaultScript.faults(in: $0) } + self.fault,
                webhook: self.webhook,
                engineFolder: program.engineFolder
            )
            let (stopped, stop) = AsyncStream<Void>.makeStream()
            let signals = Signals { _ in stop.finish() }
            defer { withExtendedLifetime(signals) {} }
            try program.write("\(server.baseURL)\n")
            for await _ in stopped {}
            let violations = server.violations
            await server.stop()
            for violation in violations { program.say("A contract was broken: \(violation)", .warning) }
            guard violations.isEmpty else { return .defect }
            program.say("No request broke a contract.")
            return .success
        }
    }
}
