import StenoTesting
import Testing

@Suite("Hand-off under a clock that jumps")
struct DeliverClockTests {
    private static let visit = ["--patient", "Bella", "--upload", "connectvets", "--speed", "max", "--format", "jsonl"]

    @Test("A wall clock that jumps by a day while a hand-off waits does not hold it up", arguments: [86_400, -86_400])
    func waiting(error: Int) async throws {
        try await SandboxProcess.run(faults: ["connectvets.createFault=503@1-2"]) { sandbox in
            let host = FaultyHost()
            let program = try StenoProgram(host.environment)
            let running = try program.start(["stream", program.dictation(), sandbox.option] + Self.visit)
            #expect(await running.prints(#""target":"connectvets","state":"waiting""#))
            host.setClock(wrongBy: error)
            let result = await running.result()
            #expect(result.code == 0, "\(result.errors)")
            #expect(result.ended - result.began < .seconds(30))
            let notes = try await program.run("notes", "list", "--json", sandbox.option)
            #expect(try notes.events().count == 1, "\(notes.errors)")
        }
    }

    @Test("After an answer that was lost a jump of a day makes nobody send again", arguments: [86_400, -86_400])
    func unknown(error: Int) async throws {
        let faults = ["createFault=dropAfterStore@1", "indexDelay=6s", "throttle=off"].map { "connectvets.\($0)" }
        try await SandboxProcess.run(faults: faults) { sandbox in
            let host = FaultyHost()
            let program = try StenoProgram(host.environment)
            let running = try program.start(["stream", program.dictation(), sandbox.option] + Self.visit)
            #expect(await running.prints(#""target":"connectvets","state":"waiting""#))
            host.setClock(wrongBy: error)
            let result = await running.result()
            #expect(result.code == 0, "\(result.errors)")
            let notes = try await program.run("notes", "list", "--json", sandbox.option)
            #expect(try notes.events().count == 1, "\(notes.errors)")
        }
    }
}
