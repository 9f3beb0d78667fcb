import ArgumentParser
import Steno
import StenoCore
import StenoSandbox
import StenoWebhook

/// `steno webhook serve`.
struct WebhookServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Receive NxVET events, read what they name, and print it.",
        usage: "steno webhook serve [--listen <host:port>] [--hook <command>] [<options>]",
        discussion: """
            Events are POSTed to http://HOST:PORT\(WebhookServer.path). NxVET needs a public https address: put a reverse \
            proxy with TLS in front. NXVET_WEBHOOK_SECRET is the secret NxVET showed (whsec_...); what it did not sign is \
            refused. NXVET_API_KEY reads what an event names.

            Each event is on the disk before it is acknowledged, in $STENO_HOME/webhooks, and what was not finished goes \
            on at the next start. Deliveries are known by their id for 7 days. One JSON object per event goes to standard \
            output, with id, event, state and what was read (label or conversation); after a crash one may come again \
            with the same id. Runs until Ctrl-C or SIGTERM.
            """
    )

    @Option(
        help: ArgumentHelp(
            "Where to listen; 127.0.0.1 can only be reached from this machine, where the proxy is.",
            valueName: "host:port"
        )
    )
    var listen: ListenAddress = .standard

    @Option(
        help: ArgumentHelp(
            "Run this for every event, with the JSON object on its standard input; 60 s each; repeated when it fails.",
            valueName: "command"
        )
    )
    var hook: String?

    @Option(
        help: ArgumentHelp(
            "Take the events of the sandbox at this address, or one of its own, instead of NxVET's.",
            valueName: "URL"
        )
    )
    var sandbox: SandboxChoice?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await Program.run(self.common) { program in
            let server = try await SandboxHost.startDeaf(for: self.sandbox)
            let settings = try program.settings(sandbox: server?.baseURL ?? self.sandbox?.address)
            guard settings.nxVET.webhookSecret != nil || self.listen.isLoopback else {
                throw Failure(
                    .configuration,
                    "NXVET_WEBHOOK_SECRET is not set, so anybody who reaches '\(self.listen)' could send events. "
                        + "Set it, or listen on 127.0.0.1."
                )
            }
            let receiving = WebhookReceiving(
                listen: self.listen,
                hook: self.hook,
                settings: settings,
                sandbox: server,
                program: program
            )
            let code = try await receiving.run()
            await server?.end(telling: program)
            return code
        }
    }
}

extension ListenAddress: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
