import ArgumentParser
import Steno
import StenoCore
import StenoHTTP
import StenoHandoff
import StenoSandbox

/// Options that every `steno notes` command has.
struct NotesOptions: ParsableArguments {
    @Flag(help: "Write one JSON object per line.")
    var json = false

    @Option(
        help: ArgumentHelp(
            "Use the sandbox at this address, or one of its own, instead of ConnectVets; real keys are not looked at.",
            valueName: "URL"
        )
    )
    var sandbox: SandboxChoice?

    @OptionGroup var common: CommonOptions

    /// Runs `body` with a client, and ends the process with what it says.
    func run(_ body: (NotesSession) async throws -> ExitCode) async throws {
        try await Program.run(self.common) { program in
            try await ServiceCall.run(self.sandbox, in: program) { settings, transport in
                for warning in settings.warnings where warning.contains("ConnectVets") {
                    program.say(warning, .warning)
                }
                let client = try Self.client(settings.connectVets, transport: transport, in: program)
                let session = NotesSession(client, settings.connectVets, form: self.form, in: program)
                do {
                    return try await body(session)
                } catch let error as ServiceError {
                    return session.report(error)
                }
            }
        }
    }

    private var form: Listing.Form { Listing.Form(json: self.json) }

    private static func client(
        _ settings: Settings.ConnectVets,
        transport: HTTPTransport,
        in program: Program
    ) throws -> ConnectVetsClient {
        guard let key = settings.apiKey else {
            throw Failure(
                .configuration,
                "CONNECTVETS_API_KEY is not set. Set the key that ConnectVets gave you, or try --sandbox."
            )
        }
        return ConnectVetsClient(
            ConnectVetsClient.Configuration(
                base: settings.baseURL.value,
                apiKey: key.value,
                // Only a stand-in on this machine is asked as often; see the client.
                pollInterval: .milliseconds(200)
            ),
            transport: transport,
            // The pause between two looks is shorter; a longer one is asked for by the service.
            time: .system(telling: .seconds(31), for: "ConnectVets", in: program)
        )
    }
}

/// A command on its way: who to ask, and where the answer goes.
struct NotesSession: Sendable {
    let client: ConnectVetsClient
    let settings: Settings.ConnectVets
    let program: Program
    private let form: Listing.Form

    init(_ client: ConnectVetsClient, _ settings: Settings.ConnectVets, form: Listing.Form, in program: Program) {
        self.client = client
        self.settings = settings
        self.form = form
        self.program = program
    }

    /// The form is JSON.
    var isForPrograms: Bool { self.form == .json }

    func say(_ text: String, _ level: Notices.Level = .info) { self.program.say(text, level) }

    /// Tells why it did not work, and gives the exit code for it.
    func fail(_ code: ExitCode, _ text: String) -> ExitCode {
        self.say(text, .error)
        return code
    }

    /// A list.
    func write(_ listing: Listing) throws { try self.program.write(listing.text(self.form)) }

    /// One thing: its fields as lines, long texts after them.
    func write(_ view: FieldView) throws {
        if self.isForPrograms { try self.write(view.listing) } else { try self.program.write(view.text) }
    }

    /// The service's own words may name a patient, so only a person at a terminal sees them.
    func report(_ error: ServiceError) -> ExitCode {
        let code = self.program.report(error)
        self.tell(error.explanation)
        // Like a file that is not there.
        return (error.status == 404 || error.status == 400) && error.reason == .rejected ? .noInput : code
    }

    /// - Parameter words: the service's own.
    func tell(_ words: ServerText?) {
        guard Terminal.isTerminal(2) else { return }
        words?.reveal { self.say("ConnectVets says: \($0)") }
    }
}
