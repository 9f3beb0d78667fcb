import ArgumentParser
import Steno
import StenoCore
import StenoHTTP
import StenoJuvoly

/// `steno login`: credentials of a person in exchange for a key of their own.
struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Get a key of your own from a service.",
        subcommands: [LoginJuvolyCommand.self]
    )
}

/// `steno login juvoly`.
struct LoginJuvolyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "juvoly",
        abstract: "Exchange e-mail and password for a Juvoly user API key, and keep that key.",
        usage: "steno login juvoly [<options>]",
        discussion: """
            Needs the organisation's master key (JUVOLY_API_KEY) and client id (JUVOLY_CLIENT_ID) for this one call. \
            The user key is stored with mode 0600 in the configuration folder; the master key and the password are \
            not kept.
            """
    )

    @Option(help: ArgumentHelp("E-mail address of the Juvoly user (default: ask for it).", valueName: "address"))
    var email: String?

    @Flag(help: "Read the password from standard input, one line, instead of asking for it.")
    var passwordStdin = false

    @Option(
        help: ArgumentHelp(
            "Use the sandbox at this address instead of Juvoly; its key is kept apart in $STENO_HOME/sandbox.",
            valueName: "address"
        )
    )
    var sandbox: SandboxChoice?

    @OptionGroup var common: CommonOptions

    func validate() throws {
        try SandboxChoice.check(self.sandbox, for: "login")
        guard !self.passwordStdin || self.email != nil else {
            throw ValidationError("--password-stdin needs --email ADDRESS.")
        }
    }

    func run() async throws {
        try await Program.run(self.common) { program in
            let settings = try program.settings(sandbox: self.sandbox?.address)
            guard let key = settings.juvoly.apiKey, let clientID = settings.juvoly.clientID else {
                throw Failure(.configuration, "JUVOLY_API_KEY and JUVOLY_CLIENT_ID are needed to log in. Set both.")
            }
            let store = try self.store(program, settings)
            let email = try self.email ?? Prompt.ask("E-mail: ", isSecret: false)
            let password = Secret(
                self.passwordStdin ? try Prompt.line(from: 0) : try Prompt.ask("Password: ", isSecret: true)
            )
            let transport = HTTPTransport(trust: TrustAnchors(certificateAuthorityFile: settings.caFile?.value))
            let userKey = try await JuvolySessionClient(transport: transport).fetchUserAPIKey(
                rest: settings.juvoly.restURL.value,
                masterKey: key.value,
                clientID: clientID.value,
                email: email,
                password: password
            )
            try store.store(userKey)
            await transport.shutdown()
            program.say("The user key is stored in '\(store.path)'. Remove the master key from this machine.")
            return .success
        }
    }

    /// The sandbox's key must never take the place of a real one.
    private func store(_ program: Program, _ settings: Settings) throws -> UserKeyStore {
        let isReal = self.sandbox == nil
        let store =
            isReal ? UserKeyStore(program.settingsInput()) : UserKeyStore(folder: settings.storage.home.value)
        guard let store else {
            throw Failure(
                .configuration,
                "Neither HOME nor XDG_CONFIG_HOME is set, so the key cannot be kept. Set one."
            )
        }
        return store
    }
}
