import LoopbackServer
import Testing

@Suite("NxVET commands: trouble")
struct NxVETFailureTests {
    private static let label = "019e1234-5678-7000-abcd-123456789abc"

    private static func environment(_ base: String) -> [String: String] {
        ["NXVET_API_KEY": "nxvet_sk_canary", "NXVET_ORG_ID": "o", "NXVET_BASE_URL": "\(base)/api"]
    }

    @Test("Without a key it is 78, and the text names --sandbox")
    func missingKey() async throws {
        let result = try await StenoProgram(["NXVET_ORG_ID": "o"]).run("nxvet", "devices")
        #expect(result.code == 78)
        #expect(result.output.isEmpty)
        #expect(
            result.errors == "steno: NXVET_API_KEY is not set. Set the key that NxVET gave you, or try --sandbox.\n"
        )
    }

    @Test("Without an organisation the key tells it, and where nobody can be asked it is 78")
    func missingOrganisation() async throws {
        for fault in ["nxvet.identity=both", "nxvet.identity=introspectOnly"] {
            try await SandboxProcess.run(faults: [fault]) { sandbox in
                let program = try StenoProgram([
                    "NXVET_API_KEY": "nxvet_sk_sandbox_key", "NXVET_BASE_URL": sandbox.address,
                ])
                let result = try await program.run("nxvet", "devices")
                #expect(result.code == 0, "\(result.errors)")
            }
        }
        let port = ClosedPort()
        let program = try StenoProgram(["NXVET_API_KEY": "nxvet_sk_canary", "NXVET_BASE_URL": port.url])
        let result = try await program.run("nxvet", "devices")
        #expect(result.code == 78)
        #expect(result.errors.contains("NXVET_ORG_ID is not set, and NxVET could not be asked for it."))
    }

    @Test("A service that cannot be reached is 69")
    func unreachable() async throws {
        let port = ClosedPort()
        let result = try await StenoProgram(Self.environment(port.url)).run("nxvet", "devices", "-vvv")
        #expect(result.code == 69)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("NxVET (\(port.url)) cannot be reached. Check the network, and NXVET_BASE_URL."))
        #expect(!result.errors.contains("canary"))
    }

    @Test("A refused key is 77, a plain address elsewhere 78, what is not there 66")
    func refused() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram(Self.environment(sandbox.address))
            let result = try await program.run("nxvet", "devices", "-vvv")
            #expect(result.code == 77)
            #expect(result.errors.contains("NxVET refused the API key (401)"))
            #expect(!result.errors.contains("canary"))
            let missing = try await StenoProgram().run("nxvet", "label", "nothing", sandbox.option)
            #expect(missing.code == 66)
            #expect(missing.output.isEmpty)
        }
        let plain = try await StenoProgram(Self.environment("http://nxvet.example")).run("nxvet", "devices")
        #expect(plain.code == 78)
        #expect(plain.errors.contains("NXVET_BASE_URL"))
    }

    @Test("What the service says is not on a standard error that is no terminal, and neither is a patient")
    func secrecy() async throws {
        try await LoopbackServer.run { request in
            request.method == "POST"
                ? .json(#"{"success":false,"message":"Quux said no to \#(request.value("authorization") ?? "")"}"#)
                : .json(#"{"error":"Quux said no"}"#, status: 500)
        } body: { server in
            let program = try StenoProgram(Self.environment(server.url))
            let calls = [
                ["create", "d", "--from", "1778400000000", "--to", "1778400060000"], ["complete", "d", "c"],
            ]
            for call in calls {
                let result = try await program.run(["nxvet"] + call + ["-vvv", "--log-format", "json"])
                #expect(result.code == 75)
                #expect(!result.errors.contains("Quux") && !result.errors.contains("canary"))
            }
        }
    }

    @Test("A lost answer is 75, names what may have been made, and nothing is sent again")
    func lost() async throws {
        let faults = ["nxvet.aggregate=dropAfterStore", "nxvet.create=dropAfterStore"]
        try await SandboxProcess.run(faults: faults) { sandbox in
            let program = try StenoProgram()
            let record = try await program.run(
                "nxvet",
                "aggregate",
                "019e1111-1111-7000-aaaa-111111111111",
                "--patient",
                "019e5678-abcd-7000-1234-abcdef012345",
                "--template",
                "template-id-here",
                sandbox.option
            )
            #expect(record.code == 75, "\(record.errors)")
            #expect(record.output.isEmpty)
            let records = try await program.run(
                "nxvet",
                "labels",
                "--types",
                "AggregateLabel",
                "--all",
                "--json",
                sandbox.option
            ).events()
            let made = records.compactMap { $0.text("id") }.filter { record.errors.contains("'\($0)'") }
            #expect(made.count == 1)
            #expect(records.count == 4)

            let before = try await Self.active(program, sandbox)
            let conversation = try await program.run(
                "nxvet",
                "create",
                "device-id-here",
                "--from",
                "1778400000000",
                "--to",
                "1778401800000",
                sandbox.option
            )
            #expect(conversation.code == 75)
            let new = Set(try await Self.active(program, sandbox)).subtracting(before)
            #expect(new.count == 1)
            #expect(conversation.errors.contains("'\(new.first ?? "none")'"))
        }
    }

    private static func active(_ program: StenoProgram, _ sandbox: SandboxProcess) async throws -> [String] {
        try await program.run("nxvet", "conversations", "--status", "ACTIVE", "--all", "--json", sandbox.option)
            .events().compactMap { $0.text("conversationId") }
    }

    @Test(
        "What a fault of the service means for the exit code",
        arguments: [
            ("nxvet.assign=okNotStored", ["assign", label, "p"], 75), ("nxvet.assign=404", ["assign", label, "p"], 66),
            ("nxvet.noteContent=truncated", ["label", label], 75), ("nxvet.noteContent={}", ["label", label], 0),
            ("nxvet.lambda=404", ["regenerate", label, "--template", "template-id-here"], 66),
            ("nxvet.lambda=500", ["regenerate", label, "--template", "template-id-here"], 69),
            ("nxvet.lambda=reset", ["regenerate", label, "--template", "template-id-here"], 75),
            ("nxvet.lambda=200", ["regenerate", label, "--template", "template-id-here"], 0),
            ("nxvet.paging=hasMoreWithoutToken", ["conversations", "--all"], 75),
            ("nxvet.complete=failure200", ["complete", "device-ward", "conversation-5"], 75),
            ("nxvet.auth=403", ["devices"], 77), ("nxvet.transport=html@1", ["devices"], 0),
            ("nxvet.throttle=429RetryAfter@1", ["devices"], 0), ("nxvet.transport=redirect", ["devices"], 78),
        ]
    )
    func exitCodes(fault: String, arguments: [String], code: Int32) async throws {
        try await SandboxProcess.run(faults: [fault]) { sandbox in
            let result = try await StenoProgram().run(["nxvet"] + arguments + [sandbox.option])
            #expect(result.code == code, "\(fault): \(result.errors)")
            #expect(code == 0 || !result.errors.isEmpty)
        }
    }
}
