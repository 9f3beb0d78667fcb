import ArgumentParser
import Steno
import StenoCore
import StenoHTTP
import StenoHandoff
import StenoSandbox

/// Options that every `steno nxvet` command has.
struct NxVETOptions: ParsableArguments {
    @Flag(help: "Write one JSON object per line.")
    var json = false

    @Flag(help: "Write comma-separated values (RFC 4180) with a line of names.")
    var csv = false

    @Option(
        help: ArgumentHelp(
            "Use the sandbox at this address, or one of its own, instead of NxVET; real keys are not looked at.",
            valueName: "URL"
        )
    )
    var sandbox: SandboxChoice?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !self.json || !self.csv else {
            throw ValidationError("--json and --csv are two forms. Give one of them.")
        }
    }

    /// Runs `body` with a client, and ends the process with what it says.
    func run(_ body: (NxVETSession) async throws -> ExitCode) async throws {
        try await Program.run(self.common) { program in
            try await ServiceCall.run(self.sandbox, in: program) { settings, transport in
                do {
                    let client = try await Self.client(settings.nxVET, transport: transport, in: program)
                    return try await body(NxVETSession(client, form: self.form, in: program))
                } catch let error as ServiceError {
                    return Self.report(error, in: program)
                }
            }
        }
    }

    private var form: Listing.Form { Listing.Form(json: self.json, csv: self.csv) }

    /// A client, with the organisation of its key.
    static func client(
        _ settings: Settings.NxVET,
        transport: HTTPTransport,
        in program: Program
    ) async throws -> NxVETClient {
        guard let key = settings.apiKey else {
            throw Failure(
                .configuration,
                "NXVET_API_KEY is not set. Set the key that NxVET gave you, or try --sandbox."
            )
        }
        let time = Timekeeper.system(telling: .seconds(2), for: "NxVET", in: program)
        var configuration = NxVETClient.Configuration(
            base: settings.baseURL.value,
            apiKey: key.value,
            organisationID: settings.organisationID?.value ?? ""
        )
        if settings.organisationID == nil {
            let client = NxVETClient(configuration, transport: transport, time: time)
            configuration.organisationID = try await Self.organisation(client)
        }
        return NxVETClient(configuration, transport: transport, time: time)
    }

    /// The key alone tells whose it is.
    private static func organisation(_ client: NxVETClient) async throws -> String {
        do throws(ServiceError) {
            return try await client.organisation()
        } catch {
            guard error.reason != .refused else { throw error }
            throw Failure(
                .configuration,
                "NXVET_ORG_ID is not set, and NxVET could not be asked for it. Set it, or try --sandbox."
            )
        }
    }

    /// The service's own words may name a patient, so only a person at a terminal sees them.
    private static func report(_ error: ServiceError, in program: Program) -> ExitCode {
        let code = program.report(error)
        if Terminal.isTerminal(2) { error.explanation?.reveal { program.say("NxVET says: \($0)") } }
        // Like a file that is not there.
        return error.status == 404 && error.reason == .rejected ? .noInput : code
    }
}

/// A command on its way: who to ask, and where the answer goes.
struct NxVETSession: Sendable {
    let client: NxVETClient
    let program: Program
    private let form: Listing.Form

    init(_ client: NxVETClient, form: Listing.Form, in program: Program) {
        self.client = client
        self.form = form
        self.program = program
    }

    func say(_ text: String, _ level: Notices.Level = .info) { self.program.say(text, level) }

    /// A list.
    func write(_ listing: Listing) throws { try self.program.write(listing.text(self.form)) }

    /// One thing: its fields as lines, long texts after them.
    func write(_ view: FieldView) throws {
        switch self.form {
        case .json, .csv: try self.write(view.listing)
        case .table, .tabs: try self.program.write(view.text)
        }
    }

    /// Tells what became of a call whose answer was lost, and names what it may have left behind.
    func report(_ error: ServiceError, candidates: [String], advice: String) -> ExitCode {
        let code = self.program.report(error)
        let few = candidates.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
        self.say(few.isEmpty ? advice : "It may have made \(few). \(advice)")
        return code
    }
}
