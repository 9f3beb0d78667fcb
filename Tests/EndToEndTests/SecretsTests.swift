import Foundation
import LoopbackServer
import Testing

@Suite("Secrets")
struct SecretsTests {
    /// One for each place where a secret may be, so that a leak says where it came from.
    private static let canaries = [
        "JUVOLY_API_KEY": "canary-juvoly-7f3a", "INVOX_APP_ID": "canary-invox-app-91bc",
        "INVOX_API_KEY": "canary-invox-key-55de", "CONNECTVETS_API_KEY": "canary-connectvets-e0c4",
        "NXVET_API_KEY": "canary-nxvet-22aa", "NXVET_WEBHOOK_SECRET": "canary-webhook-0b1d",
    ]

    /// Every service is at `base`; with a sandbox, Juvoly works and only what comes after it is there.
    private static func environment(_ base: String, _ sandbox: SandboxProcess? = nil) -> [String: String] {
        Self.canaries.merging([
            "JUVOLY_CLIENT_ID": "clinic", "JUVOLY_REST_URL": "\(base)/api/v2/rest",
            "JUVOLY_SOCKET_URL": "ws\(base.dropFirst(4))/api/v2/socket/", "INVOX_BASE_URL": base,
            "INVOX_TOKEN_URL": "\(base)/oauth/token", "CONNECTVETS_BASE_URL": "\(base)/notes/v1",
        ]) { $1 }.merging(sandbox?.environment() ?? [:]) { $1 }
    }

    /// Runs everything that uses a key, with the most verbose log, and looks for the keys where none may be.
    private func expectKept(_ environment: [String: String], isUploading: Bool = true) async throws {
        let program = try StenoProgram(environment)
        let upload = isUploading ? ["--upload", "connectvets", "--patient", "Bella Quux"] : []
        let running = try program.start(
            [
                "stream", program.dictation(), "-vvv", "--log-format", "json", "--give-up", "1s", "--speed", "max",
                "--summary", "soep", "--summary", "invox", "--language", "en", "--output", program.path("a.json"),
            ] + upload
        )
        let line = try String(contentsOfFile: "/proc/\(running.identifier)/cmdline", encoding: .utf8)
        let result = await running.result()
        #expect(result.code != 0)
        var places = program.files()
        places["cmdline"] = line
        places["stdout"] = result.output
        places["stderr"] = result.errors
        for (place, content) in places {
            for (name, canary) in Self.canaries { #expect(!content.contains(canary), "\(name) is in \(place)") }
        }
        #expect(!result.errors.contains("Quux"))
    }

    /// A service that answers so, and says back what it was sent, which nobody may quote.
    private static func echo(_ status: Int) -> LoopbackServer.Script {
        { request in
            let sent = request.headers.map(\.value).joined(separator: " ") + request.text.filter { $0 != "\"" }
            return .json(#"{"error":"\#(sent)","message":"\#(sent)"}"#, status: status)
        }
    }

    @Test("No key leaks when Juvoly refuses it or fails", arguments: [401, 403, 429, 500])
    func session(status: Int) async throws {
        try await LoopbackServer.run(Self.echo(status)) { server in
            try await self.expectKept(Self.environment(server.url))
            #expect(!server.requests.isEmpty)
        }
    }

    @Test("No key leaks when Invox and ConnectVets refuse it or fail", arguments: [401, 500])
    func handover(status: Int) async throws {
        try await SandboxProcess.run { sandbox in
            try await LoopbackServer.run(Self.echo(status)) { server in
                try await self.expectKept(Self.environment(server.url, sandbox))
                #expect(server.requests.contains { $0.target == "/oauth/token" })
                #expect(server.requests.contains { $0.target.hasPrefix("/notes/v1") })
            }
        }
    }

    @Test("No key leaks to another host that a service points at", arguments: [false, true])
    func redirect(isHandover: Bool) async throws {
        try await SandboxProcess.run { sandbox in
            try await LoopbackServer.run { _ in
                .json("{}")
            } body: { other in
                let target = other.url
                try await LoopbackServer.run { request in
                    .reply(status: 307, headers: [("Location", target + request.target)])
                } body: { server in
                    try await self.expectKept(Self.environment(server.url, isHandover ? sandbox : nil))
                    #expect(!server.requests.isEmpty)
                    #expect(other.requests.isEmpty)
                }
            }
        }
    }

    @Test("No key leaks when nobody answers", arguments: [false, true])
    func unreachable(isHandover: Bool) async throws {
        let port = ClosedPort()
        try await SandboxProcess.run { sandbox in
            // ConnectVets is tried for half a minute, which a test cannot wait for.
            let environment = Self.environment(port.url, isHandover ? sandbox : nil)
            try await self.expectKept(environment, isUploading: !isHandover)
        }
    }

    @Test("With a broker no API key is sent, and what it answers is kept too")
    func broker() async throws {
        try await SandboxProcess.run { sandbox in
            try await LoopbackServer.run { _ in
                .json(#"{"clientId":"sandbox-client","sessionId":"canary-session-77aa"}"#)
            } body: { broker in
                let environment = sandbox.environment(key: "canary-juvoly-7f3a")
                    .merging(["JUVOLY_SESSION_URL": broker.url]) { $1 }
                let program = try StenoProgram(environment)
                let result = try await program.run("stream", program.dictation(), "-vvv", "--give-up", "1s")
                #expect(!broker.requests.isEmpty)
                for request in broker.requests {
                    #expect(!request.headers.contains { $0.value.contains("canary") })
                }
                #expect(!(result.output + result.errors).contains("canary-"))
            }
        } violations: { _ in
            true
        }
    }

    @Test("With --sandbox real keys are not even looked at")
    func sandbox() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram(Self.environment(ClosedPort().url))
            let result = try await program.run("stream", program.dictation(), sandbox.option, "-vvv")
            #expect(result.output == Dictation.text)
            for canary in Self.canaries.values { #expect(!result.errors.contains(canary)) }
        }
    }

    @Test("What is said, and about whom, is not on a standard error that is no terminal")
    func patient() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let result = try await program.run([
                "stream", program.dictation(), sandbox.option, "-vvv", "--log-format", "json", "--summary", "soep",
                "--upload", "connectvets", "--patient", "Bella Quux", "--external-id", "visit-4711", "--meta",
                "ward=Xyzzy",
                "--wait",
            ])
            #expect(result.code == 0, "\(result.errors)")
            for word in ["Quux", "retriever", "limping", "swollen", "4711", "Xyzzy"] {
                #expect(!result.errors.contains(word), "\(word)")
            }
        }
    }
}
