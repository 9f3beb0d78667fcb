import Glibc
import LoopbackServer
import Testing

@Suite("Sandbox command")
struct SandboxCommandTests {
    @Test("It prints its address as one line, and ends with 0 when asked to", arguments: [SIGTERM, SIGINT])
    func address(signal: Int32) async throws {
        let script = StenoProgram.sample("sessions/empty.session")
        let running = try StenoProgram().start(["sandbox", "--session", script])
        #expect(await running.prints("\n"))
        running.signal(signal)
        let result = await running.result()
        #expect(result.output.wholeMatch(of: /http:\/\/127\.0\.0\.1:\d+\n/) != nil)
        #expect(result.errors == "No request broke a contract.\n")
        #expect(result.code == 0)
    }

    @Test("A request that breaks a contract is listed at the end, with 1")
    func violation() async throws {
        var (code, errors): (Int32, String) = (0, "")
        try await SandboxProcess.run { sandbox in
            _ = try await StenoProgram().run("doctor", sandbox.option)
        } violations: { result in
            (code, errors) = (result.code, result.errors)
            return true
        }
        #expect(code == 1)
        #expect(errors.contains("warning: A contract was broken: "))
    }

    @Test("What it is told and cannot do is 78 and named")
    func wrongScript() async throws {
        let program = try StenoProgram()
        let missing = try await program.run("sandbox", "--session", program.path("none.session"))
        #expect(missing.code == 78)
        #expect(missing.errors.contains("none.session"))
        let fault = try await program.run(
            "sandbox",
            "--session",
            StenoProgram.sample("sessions/empty.session"),
            "--fault",
            "nonsense=1"
        )
        #expect(fault.code == 78)
        #expect(fault.errors.contains("There is no fault 'nonsense'. Names: juvoly.sessionStatus"))
        #expect(fault.output.isEmpty)
    }
}
