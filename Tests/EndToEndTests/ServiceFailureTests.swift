import Glibc
import Testing

@Suite("Service failure")
struct ServiceFailureTests {
    @Test("A service that cannot be reached ends with 75 when --give-up says so")
    func unreachable() async throws {
        let program = try StenoProgram()
        let port = ClosedPort()
        let arguments = [
            "stream", program.dictation(), "--sandbox=\(port.url)", "--give-up", "2s", "--format", "jsonl",
        ]
        let result = try await program.run(arguments)
        #expect(result.code == 75, "\(result.errors)")
        #expect(result.ended - result.began < .seconds(10))
        let end = try #require(try result.events().last)
        #expect(end.type == "end" && end.bool("complete") == false)
        #expect(result.errors.contains("There was no connection to the service."))
    }

    @Test("A refused key ends with 77", arguments: ["sessionStatus=401", "sessionStatus=403"])
    func refused(fault: String) async throws {
        try await SandboxProcess.run(faults: [fault]) { sandbox in
            let program = try StenoProgram()
            let result = try await program.run("stream", program.dictation(), sandbox.option)
            #expect(result.code == 77, "\(result.errors)")
            #expect(result.ended - result.began < .seconds(20))
            #expect(result.output.isEmpty)
        }
    }

    @Test("A service that fails for a while is tried again until it works")
    func recovers() async throws {
        try await SandboxProcess.run(faults: ["sessionStatus=503@1"]) { sandbox in
            let program = try StenoProgram()
            let result = try await program.run("stream", program.dictation(), sandbox.option)
            #expect(result.code == 0, "\(result.errors)")
            #expect(result.output == Dictation.text)
        }
    }

    @Test("A summary that never comes leaves the transcript whole, and 75")
    func noSummary() async throws {
        try await SandboxProcess.run(faults: ["juvoly.summary=close"]) { sandbox in
            let program = try StenoProgram()
            let result = try await program.run("stream", program.dictation(), sandbox.option, "--summary", "soep")
            #expect(result.code == 75, "\(result.errors)")
            #expect(result.output == Dictation.text)
            #expect(result.errors.contains("sent no summary"))
        }
    }

    @Test(
        "One SIGTERM during a slow stream drains: what was said so far is confirmed, and the rest is open",
        arguments: [SIGTERM, SIGINT, SIGHUP]
    )
    func drain(signal: Int32) async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let running = try program.start(["stream", program.dictation(), sandbox.option, "--speed", "1"])
            #expect(await running.prints("Good morning.\n"))
            let began = ContinuousClock.now
            running.signal(signal)
            let result = await running.result()
            #expect(result.ended - began < .seconds(12))
            #expect(result.code == 75, "\(result.errors)")
            #expect(result.output.hasPrefix("Good morning.\n"))
            #expect(result.output != Dictation.text)
            #expect(result.errors.contains("Ending in order."))
            #expect(result.errors.contains("Not all audio was recognised."))
        }
    }

    @Test("A second SIGINT stops at once, with 130")
    func stopAtOnce() async throws {
        try await SandboxProcess.run(faults: ["finalise=never"]) { sandbox in
            let program = try StenoProgram()
            let running = try program.start([
                "stream", program.dictation(), sandbox.option, "--speed", "1", "--format", "jsonl",
            ])
            #expect(await running.prints(#""type":"interim""#))
            running.signal(SIGINT)
            #expect(await running.prints("draining"))
            running.signal(SIGINT)
            let result = await running.result()
            #expect(result.code == 130, "\(result.errors)")
            #expect(try result.events().last?.type == "end")
        }
    }

    @Test("A signal ends the whole job: the files that were not begun are named")
    func wholeJob() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let files = [program.dictation("a.wav"), program.dictation("b.wav")]
            let running = try program.start(["stream", sandbox.option, "--speed", "1"] + files)
            #expect(await running.prints("Good morning.\n"))
            running.signal(SIGTERM)
            let result = await running.result()
            #expect(result.code == 75)
            #expect(result.errors.contains("'\(files[1])' was not begun."))
            #expect(!result.errors.contains("'\(files[0])' was not begun."))
        }
    }
}
