import Steno
import StenoHTTP
import StenoHandoff
import StenoSandbox

/// What commands that ask a service something have in common: settings, a transport, and a sandbox of their own where
/// that is meant.
enum ServiceCall {
    /// Sets up what `body` needs and takes it down again. An error of `body` is reported, and gives the exit code.
    static func run(
        _ sandbox: SandboxChoice?,
        in program: Program,
        _ body: (Settings, HTTPTransport) async throws -> ExitCode
    ) async throws -> ExitCode {
        let server = try await SandboxHost.startDeaf(for: sandbox)
        let settings = try program.settings(sandbox: server?.baseURL ?? sandbox?.address)
        let transport = HTTPTransport(trust: TrustAnchors(certificateAuthorityFile: settings.caFile?.value))
        let code: ExitCode
        do {
            code = try await body(settings, transport)
        } catch {
            code = program.report(error)
        }
        await transport.shutdown()
        await server?.end(telling: program)
        return code
    }
}

extension Timekeeper {
    /// The clock of the system, which says so when a service has a person wait for at least `limit`. A shorter pause is
    /// no news.
    static func system(telling limit: Duration, for service: String, in program: Program) -> Timekeeper {
        var time = Timekeeper.system
        let sleep = time.sleep
        time.sleep = { duration in
            if duration >= limit { program.say("Waiting \(duration.components.seconds) s for \(service).") }
            try await sleep(duration)
        }
        return time
    }
}

extension SandboxServer {
    /// Tells what of the contracts was broken, and stops.
    func end(telling program: Program) async {
        for violation in self.violations {
            program.say("The sandbox saw a contract broken: \(violation)", .warning)
        }
        await self.stop()
    }
}
