import Testing

/// A recording that is longer than ConnectVets takes at once.
@Suite("Queue, of what is too long")
struct QueuePartsTests {
    private static let audio = StenoProgram.sample("audio/veterinary.wav")
    private static let limit = "connectvets:\n  max-duration: 30 s\n"

    @Test(
        "It becomes linked notes, each once, whatever becomes of an answer",
        arguments: ["connectvets.createFault=none", "connectvets.createFault=dropAfterStore@2"]
    )
    func divided(fault: String) async throws {
        try await SandboxProcess.run(session: "veterinary", faults: [fault]) { sandbox in
            let program = try StenoProgram()
            let settings = program.file("steno.yaml", Self.limit)
            let result = try await program.run(
                "stream",
                Self.audio,
                sandbox.option,
                "--config",
                settings,
                "--format",
                "jsonl",
                "--upload",
                "connectvets",
                "--patient",
                "Bella"
            )
            #expect(result.code == 0, "\(result.errors)")
            let events = try result.events().filter { $0.type == "delivery" && $0.text("state") == "done" }
            let targets = events.compactMap { $0.text("target") }
            #expect(targets.sorted() == ["connectvets", "connectvets/2", "connectvets/3"])
            let notes = try await program.run("notes", "list", "--all", "--json", sandbox.option).events()
            #expect(notes.compactMap { $0.text("name") }.sorted() == ["Bella (1/3)", "Bella (2/3)", "Bella (3/3)"])
            #expect(try await program.run("queue", "list", sandbox.option).output.isEmpty)
        }
    }

    @Test("Whoever wants it whole is told why it is not sent, and 75")
    func refused() async throws {
        try await SandboxProcess.run(session: "veterinary") { sandbox in
            let program = try StenoProgram()
            let settings = program.file("steno.yaml", Self.limit + "  long: refuse\n")
            let result = try await program.run(
                "stream",
                Self.audio,
                sandbox.option,
                "--config",
                settings,
                "--upload",
                "connectvets",
                "--patient",
                "Bella"
            )
            #expect(result.code == 75, "\(result.errors)")
            #expect(result.errors.contains("connectvets.long"))
            #expect(try await program.run("notes", "list", "--json", sandbox.option).output.isEmpty)
            let open = try await program.run("queue", "list", "--json", sandbox.option).events()
            #expect(open.map { $0.text("parked") } == ["rejected"])
        }
    }
}
