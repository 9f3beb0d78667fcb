import ArgumentParser
import Glibc
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
        discussion: """
            Needs the organisation's master key (JUVOLY_API_KEY) and client id (JUVOLY_CLIENT_ID) for this one call. The
            user key is stored with mode 0600 in the configuration folder; the master key and the password are not kept.
            """
    )

    @Option(help: ArgumentHelp("E-mail address of the Juvoly user (default: ask for it).", valueName: "address"))
    var email: String?

    @Flag(help: "Read the password from standard input instead of asking for it.")
    var passwordStdin = false

    @Option(help: ArgumentHelp("Use the sandbox at this address instead of Juvoly.", valueName: "URL"))
    var sandbox: SandboxChoice?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await Program.run(self.common) { program in
            let settings = try program.settings(sandbox: self.sandbox)
            guard let key = settings.juvoly.apiKey, let clientID = settings.juvoly.clientID else {
                throw Failure(.configuration, "JUVOLY_API_KEY and JUVOLY_CLIENT_ID are needed to log in. Set both.")
            }
            guard let store = UserKeyStore(program.settingsInput()) else {
                throw Failure(.configuration, "Neither HOME nor XDG_CONFIG_HOME is set, so the key cannot be kept. Set one.")
            }
            let credentials = try self.credentials()
            let transport = HTTPTransport(trust: TrustAnchors(certificateAuthorityFile: settings.caFile?.value))
            let answer: Result<Secret, ServiceError>
            do throws(ServiceError) {
                answer = .success(
                    try await JuvolySessionClient(transport: transport).fetchUserAPIKey(
                        rest: settings.juvoly.restURL.value,
                        masterKey: key.value,
                        clientID: clientID.value,
                        email: credentials.email,
                        password: credentials.password
                    )
                )
            } catch {
                answer = .failure(error)
            }
            await transport.shutdown()
            try store.store(try answer.get())
            program.say("The user key is stored in \(store.path). The master key is not needed on this machine any more.")
            return .success
        }
    }

    private func credentials() throws -> (email: String, password: Secret) {
        let email = try self.email ?? Prompt.ask("E-mail: ", isSecret: false)
        let password = self.passwordStdin ? try Prompt.line() : try Prompt.ask("Password: ", isSecret: true)
        return (email, Secret(password))
    }
}
