import Glibc
import Testing

/// `steno sandbox`, running beside the program under test.
final class SandboxProcess: Sendable {
    private let running: Running
    let address: String

    private init(_ running: Running, _ address: String) {
        self.running = running
        self.address = address
    }

    /// Runs `body` beside a sandbox that plays `session`: a sample's name, or a path.
    ///
    /// - Parameters:
    ///   - port: 0 is any free one.
    ///   - violations: judges how it ended; as a rule no request may have broken a contract.
    static func run<Value>(
        session: String = "dictation",
        faults: [String] = [],
        port: Int = 0,
        options: [String] = [],
        isolation: isolated (any Actor)? = #isolation,
        body: (SandboxProcess) async throws -> Value,
        violations: (StenoProgram.Result) -> Bool = { $0.code == 0 }
    ) async throws -> Value {
        let program = try StenoProgram()
        let script = session.hasPrefix("/") ? session : StenoProgram.sample("sessions/\(session).session")
        let words =
            ["sandbox", "--session", script, "--port", "\(port)"] + faults.flatMap { ["--fault", $0] } + options
        let running = try program.start(words)
        guard await running.prints("\n") else {
            throw SandboxFailure(errors: await running.result().errors)
        }
        let sandbox = SandboxProcess(running, String(running.outputSoFar.dropLast()))
        let value: Value
        do {
            value = try await body(sandbox)
        } catch {
            running.signal(SIGTERM)
            _ = await running.result()
            throw error
        }
        running.signal(SIGTERM)
        let result = await running.result()
        #expect(violations(result), "the sandbox saw a contract broken: \(result.errors)")
        #expect(result.output == sandbox.address + "\n")
        return value
    }

    var port: Int { Int(self.address.split(separator: ":").last ?? "") ?? 0 }

    /// The option that makes a command use it.
    var option: String { "--sandbox=\(self.address)" }

    /// The variables that make a command take it for the real Invox, and what listens at `connectVets` for ConnectVets.
    func handOffEnvironment(connectVets: String) -> [String: String] {
        [
            "INVOX_APP_ID": "sandbox-invox-app",
            "INVOX_API_KEY": "sandbox-invox-key",
            "INVOX_BASE_URL": self.address,
            "INVOX_TOKEN_URL": "\(self.address)/oauth/token",
            "CONNECTVETS_API_KEY": "sandbox-connectvets-key",
            "CONNECTVETS_BASE_URL": "\(connectVets)/notes/v1",
        ]
    }

    /// The variables that make a command take it for the real Juvoly.
    func environment(key: String = "sandbox-juvoly-master-key") -> [String: String] {
        [
            "JUVOLY_API_KEY": key,
            "JUVOLY_CLIENT_ID": "sandbox-client",
            "JUVOLY_REST_URL": "\(self.address)/api/v2/rest",
            "JUVOLY_SOCKET_URL": "ws\(self.address.dropFirst(4))/api/v2/socket/",
        ]
    }
}

struct SandboxFailure: Error {
    let errors: String
}
