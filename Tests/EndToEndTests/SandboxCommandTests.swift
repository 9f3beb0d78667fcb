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

    @Test("Everything that can go wrong is listed, for every service, and every line of the list is understood")
    func listFaults() async throws {
        let result = try await StenoProgram().run("sandbox", "--list-faults")
        #expect(result.code == 0 && result.errors.isEmpty)
        let lines = result.output.split(separator: "\n").dropFirst()
        for service in ["juvoly", "invox", "connectvets", "nxvet"] {
            #expect(lines.filter { $0.hasPrefix("\(service).") }.count >= 10, "\(service)")
        }
        #expect(lines.contains("connectvets.envelope=allData|createBare|allBare|dataPlusStatus|dataPlusMessage"))
        #expect(lines.contains("invox.soapFields=4|3|5|renamed|reordered|emptyValues"))
    }

    @Test("Faults come from a file too, and a mistake in it is told with its line")
    func script() async throws {
        let program = try StenoProgram()
        let session = StenoProgram.sample("sessions/empty.session")
        let good = program.file("good.faults", "# a service that is gone\n\nnxvet.transport=html  # for ever\n")
        let running = try program.start(["sandbox", "--session", session, "--script", good])
        #expect(await running.prints("\n"))
        let address = String(running.outputSoFar.dropLast())
        let devices = try await program.run("nxvet", "devices", "--sandbox=\(address)")
        running.signal(SIGTERM)
        _ = await running.result()
        #expect(devices.code == 69, "\(devices.errors)")
        let bad = program.file("bad.faults", "invox.delay=1s\nnonsense=1\n")
        let result = try await program.run("sandbox", "--session", session, "--script", bad)
        #expect(result.code == 78)
        #expect(result.errors.contains("bad.faults:2: There is no fault 'nonsense'."))
    }
}
