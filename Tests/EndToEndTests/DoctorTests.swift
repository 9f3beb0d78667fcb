import Testing

@Suite("Doctor")
struct DoctorTests {
    @Test("Each thing has one line, with what is missing and how to get it")
    func lines() async throws {
        let program = try StenoProgram()
        let result = try await program.run("doctor")
        let subjects = result.output.split(separator: "\n").compactMap { line in
            line.wholeMatch(of: /(ok  |note|BAD )  ([a-z]+): .+/).map { String($0.2) }
        }
        #expect(
            subjects == [
                "settings", "engine", "microphone", "disk", "clock", "recordings", "key", "juvoly", "invox",
                "connectvets", "nxvet",
            ]
        )
        #expect(result.output.contains("JUVOLY_API_KEY"))
        #expect(result.output.contains("scripts/setup"))
    }

    @Test("A service that answers is reachable")
    func reachable() async throws {
        try await SandboxProcess.run { sandbox in
            let result = try await StenoProgram().run("doctor", sandbox.option)
            #expect(result.output.contains("ok    juvoly: \(sandbox.address) answers\n"))
            #expect(result.output.contains("ok    nxvet: \(sandbox.address) answers\n"))
            #expect(result.code == 0, "\(result.output)")
        } violations: { _ in
            true
        }
    }

    @Test("A service that does not answer is 69, and keys are never sent to find out")
    func unreachable() async throws {
        let port = ClosedPort()
        let program = try StenoProgram([
            "JUVOLY_API_KEY": "canary", "JUVOLY_CLIENT_ID": "c", "JUVOLY_REST_URL": port.url,
            "JUVOLY_SOCKET_URL": "ws\(port.url.dropFirst(4))",
        ])
        let result = try await program.run("doctor", "-vvv")
        #expect(result.code == 69)
        #expect(result.output.contains("BAD   juvoly: \(port.url) does not answer."))
        #expect(!(result.output + result.errors).contains("canary"))
    }

    @Test("Quiet leaves only what is bad")
    func quiet() async throws {
        let result = try await StenoProgram().run("doctor", "--quiet")
        #expect(!result.output.contains("ok  ") && !result.output.contains("note"))
    }
}
