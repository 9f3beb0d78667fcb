import Glibc
import Testing

@Suite("Queue")
struct QueueTests {
    /// A stream whose note the service refused, so that it is parked.
    private static func parked(_ program: StenoProgram) async throws -> String {
        try await SandboxProcess.run(faults: ["connectvets.createFault=402"]) { sandbox in
            let result = try await program.run(
                ["stream", program.dictation(), sandbox.option, "--format", "jsonl"]
                    + ["--patient", "Bella", "--upload", "connectvets"]
            )
            #expect([75, 77].contains(result.code), "\(result.errors)")
            return try #require(result.recording)
        }
    }

    private static func open(_ program: StenoProgram, _ arguments: String...) async throws -> [JSONLine] {
        try await program.run(["queue", "list", "--json"] + arguments).events()
    }

    @Test("What a service refused waits with its reason and the next step, and is handed over once when asked for")
    func retry() async throws {
        let program = try StenoProgram()
        let id = try await Self.parked(program)
        let waiting = try #require(try await Self.open(program).first)
        #expect(waiting.text("recording") == id && waiting.text("target") == "connectvets")
        #expect(waiting.text("state") == "parked" && waiting.text("realm") == "sandbox")
        #expect(waiting.text("reason")?.isEmpty == false)
        #expect(waiting.text("next")?.contains("steno queue retry \(id)") == true)
        let next = try await program.run("recordings", "show", id)
        #expect(next.output.contains("delivery   connectvets refused "), "\(next.output)")
        try await SandboxProcess.run { sandbox in
            let result = try await program.run("queue", "retry", sandbox.option, "--json")
            #expect(result.code == 0, "\(result.errors)")
            let done = try #require(try result.events().first)
            #expect(done.text("state") == "done" && done.text("note_id")?.isEmpty == false)
            let again = try await program.run("queue", "retry", sandbox.option)
            #expect(again.code == 0 && again.output.isEmpty && again.errors == "Nothing waits.\n")
            let notes = try await program.run("notes", "list", "--json", sandbox.option).events()
            #expect(notes.count == 1)
        }
        #expect(try await Self.open(program).isEmpty)
        #expect(try await Self.open(program, "--all").map { $0.text("state") } == ["done"])
    }

    @Test("What is held stays when all is tried; released it takes its turn; dropped it is asked for no more")
    func decisions() async throws {
        let program = try StenoProgram()
        let id = try await Self.parked(program)
        #expect(try await program.run("queue", "hold", id).code == 0)
        #expect(try await Self.open(program).map { $0.text("parked") } == ["held"])
        try await SandboxProcess.run { sandbox in
            let held = try await program.run("queue", "retry", sandbox.option)
            #expect(held.code == 75 && held.output.isEmpty)
            #expect(held.errors.contains("connectvets of \(id): It is held: steno queue release \(id)."))
        }
        #expect(try await program.run("queue", "release", id).code == 0)
        #expect(try await Self.open(program).map { $0.text("state") } == ["intended"])
        let delivery = try #require(try await Self.open(program).first?.text("delivery"))
        #expect(try await program.run("queue", "drop", String(delivery.prefix(8))).code == 0)
        #expect(try await Self.open(program).isEmpty)
        #expect(try await program.run("recordings", "list").output.contains(id))
        let nothing = try await program.run("queue", "drop", id)
        #expect(nothing.code == 0 && nothing.errors == "Nothing of it is still to do.\n")
    }

    @Test("What is exported is private, and has everything a person needs to finish it by other means")
    func export() async throws {
        let program = try StenoProgram()
        let id = try await Self.parked(program)
        let path = program.path("hand-off.json")
        let result = try await program.run("queue", "export", id, "--output", path)
        #expect(result.code == 0 && result.output.isEmpty && !result.errors.contains("Bella"))
        var status = stat()
        #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        let line = try JSONLine(program.files()["hand-off.json"] ?? "")
        let visit = line.object("order")?["visit"] as? [String: Any]
        #expect(visit?["name"] as? String == "Bella")
        let shown = try await program.run("queue", "show", id)
        #expect(shown.output.contains("connectvets  parked") && !shown.output.contains("Bella"))
    }

    @Test("What came back is in every export of the recording, whenever it came")
    func results() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let result = try await program.run(
                ["stream", program.dictation(), sandbox.option, "--format", "jsonl", "--patient", "Bella"]
                    + ["--upload", "connectvets", "--wait", "--summary", "invox", "--language", "en"]
            )
            #expect(result.code == 0, "\(result.errors)")
            let id = try #require(result.recording)
            let path = program.path("visit.md")
            #expect(try await program.run("recordings", "export", id, "--output", path).code == 0)
            let text = program.files()["visit.md"] ?? ""
            #expect(text.contains("## Summary invox\n\n\\[sandbox\\] A consultation"), "\(text)")
            let note = try #require(text.split(separator: "## Note connectvets ").dropFirst().first)
            #expect(note.contains("**"), "the note has its sections")
        }
    }

    @Test("An id that means nothing is 66, and the queue of the sandbox is none of the real one")
    func unknown() async throws {
        let program = try StenoProgram()
        let unknown = try await program.run("queue", "retry", "20200101")
        #expect(unknown.code == 66 && unknown.output.isEmpty && unknown.errors.contains("'20200101'"))
        _ = try await Self.parked(program)
        let real = try await program.run("queue", "retry")
        #expect(real.code == 0 && real.errors == "Nothing waits.\n")
    }
}
