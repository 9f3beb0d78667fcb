import Dispatch
import Glibc
import NIOCore
import NIOPosix
import Steno
import StenoCore
import StenoHTTP
import StenoHandoff
import StenoSandbox
import StenoStore
import StenoWebhook

/// One run of `steno webhook serve`: server, worker and what they need.
struct WebhookReceiving: Sendable {
    let listen: ListenAddress
    let hook: String?
    let settings: Settings
    let sandbox: SandboxServer?
    let program: Program

    /// What is under way when the end is asked for may take this long; it goes on at the next start.
    private static let patience = Duration.seconds(10)

    func run() async throws -> ExitCode {
        let transport = HTTPTransport(trust: TrustAnchors(certificateAuthorityFile: self.settings.caFile?.value))
        let client = try await NxVETOptions.client(self.settings.nxVET, transport: transport, in: self.program)
        let home = self.settings.storage.home.value
        let isSealed = self.settings.storage.isSealed.value
        let store = try EventStore(
            folder: "\(home)/webhooks",
            vault: isSealed ? RecordingVault(home: home, self.program.settingsInput()) : nil
        )
        let worker = EventWorker(store: store, world: self.world(client))
        let signature = self.settings.nxVET.webhookSecret.map { WebhookSignature(secret: $0.value) }
        let intake = try await WebhookIntake(
            store: store,
            signature: signature,
            now: { WallClock.now() },
            onArrival: { worker.wake() },
            onTrouble: { self.program.say("An event could not be stored, so it was not acknowledged. \($0)", .warning) }
        )
        try await self.serve(intake, worker, isSigned: signature != nil)
        await transport.shutdown()
        return .success
    }

    private func serve(_ intake: WebhookIntake, _ worker: EventWorker, isSigned: Bool) async throws {
        let (stopped, stop) = AsyncStream<Void>.makeStream()
        let signals = Signals { isSecond in
            guard !isSecond else { _exit(ExitCode.stopped.rawValue) }
            stop.finish()
        }
        defer { withExtendedLifetime(signals) {} }
        let server = WebhookServer(self.listen, intake: intake)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                do {
                    try await server.run(until: stopped) { self.greet($0, isSigned: isSigned) }
                } catch let error as IOError {
                    throw self.failure(error)
                }
                worker.stop()
                try await Task.sleep(for: Self.patience)
                self.program.say("Some events are unfinished. They go on at the next start.", .warning)
                // A hook may not want to end. Everything that counts is on the disk.
                _exit(ExitCode.success.rawValue)
            }
            tasks.addTask {
                defer { stop.finish() }
                try await worker.run()
            }
            // The worker ends when the server has; before that only with an error. The server's task goes on to wait.
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    private func greet(_ address: ListenAddress, isSigned: Bool) {
        self.sandbox?.announceEvents(to: "http://\(address)\(WebhookServer.path)")
        self.program.say("Listening on http://\(address)\(WebhookServer.path).")
        if let sandbox = self.sandbox {
            self.program.say("Let the sandbox do something, as with 'steno nxvet … --sandbox=\(sandbox.baseURL)'.")
        }
        if !isSigned {
            self.program.say(
                "NXVET_WEBHOOK_SECRET is not set: whoever can reach this port is believed. Set it before a proxy leads here.",
                .warning
            )
        }
    }

    private func failure(_ error: IOError) -> Failure {
        let reason =
            switch error.errnoCode {
            case EADDRINUSE: "another program listens there. Choose another with --listen."
            case EACCES: "that port needs more rights. Choose one above 1023."
            case EADDRNOTAVAIL: "this machine has no such address. Choose another with --listen."
            default: "error \(error.errnoCode). Choose another with --listen."
            }
        return Failure(.configuration, "'\(self.listen)' cannot be used: \(reason)")
    }

    private func world(_ client: NxVETClient) -> EventWorker.World {
        let program = self.program
        let lines = DispatchQueue(label: "steno.webhook.lines")
        var hook: (@Sendable (String) async -> String?)?
        if let command = self.hook {
            let runner = EventHook(command, environment: SettingKey.withoutSecrets(program.environment))
            hook = { await runner.run($0) }
        }
        return EventWorker.World(
            time: .system,
            read: { await EventReading($0, client) },
            tell: { line in
                // A reader that is slow holds up this line, not a thread that others need.
                try await withCheckedThrowingContinuation { continuation in
                    lines.async { continuation.resume(with: Result { try program.write(line) }) }
                }
            },
            hook: hook,
            say: { program.say($0) }
        )
    }
}
