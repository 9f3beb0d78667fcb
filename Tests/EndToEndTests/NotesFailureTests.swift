import LoopbackServer
import Synchronization
import Testing

@Suite("Notes commands: trouble")
struct NotesFailureTests {
    private static func environment(_ base: String) -> [String: String] {
        ["CONNECTVETS_API_KEY": "canary-cv-key", "CONNECTVETS_BASE_URL": "\(base)/notes/v1"]
    }

    private static let commands = [
        ["list"], ["show", "n"], ["status", "n"], ["status", "n", "--wait"], ["export", "n"], ["retry", "n"],
    ]

    @Test("Without a key it is 78, and the text names --sandbox")
    func missingKey() async throws {
        let result = try await StenoProgram().run("notes", "list")
        #expect(result.code == 78 && result.output.isEmpty)
        #expect(
            result.errors
                == "steno: CONNECTVETS_API_KEY is not set. Set the key that ConnectVets gave you, or try --sandbox.\n"
        )
    }

    @Test("A service that says no has nothing on standard output, and its words are not on standard error")
    func refused() async throws {
        for (status, code) in [(401, 77), (402, 77), (403, 77), (404, 66), (302, 78)] as [(Int, Int32)] {
            try await LoopbackServer.run({ _ in
                .json(#"{"error":"Quux","message":"Quux said canary-cv-key"}"#, status: status)
            }) { server in
                let program = try StenoProgram(Self.environment(server.url))
                for command in Self.commands where status != 404 || command != ["list"] {
                    let result = try await program.run(["notes"] + command + ["-vvv"])
                    #expect(result.code == code, "\(status) \(command): \(result.errors)")
                    #expect(result.output.isEmpty)
                    #expect(!result.errors.contains("Quux") && !result.errors.contains("canary"))
                }
            }
        }
    }

    @Test("A service that cannot be reached is 69, a plain address elsewhere 78")
    func unreachable() async throws {
        let port = ClosedPort()
        let result = try await StenoProgram(Self.environment(port.url)).run("notes", "status", "n")
        #expect(result.code == 69, "\(result.errors)")
        #expect(result.errors.contains("ConnectVets (\(port.url)) cannot be reached."))
        let plain = try await StenoProgram(Self.environment("http://notes.example")).run("notes", "list")
        #expect(plain.code == 78 && plain.errors.contains("CONNECTVETS_BASE_URL"))
    }

    @Test("A note that is not there is 66, one that is not ready is not exported, and its section is not written")
    func early() async throws {
        try await SandboxProcess.run(faults: ["connectvets.processingSeconds=neverEnds"]) { sandbox in
            let id = try await NotesTests.note(sandbox)
            let program = try StenoProgram()
            for command in [["show"], ["status"], ["export"], ["retry"]] {
                let other = id.replacing("-5a0d-", with: "-ffff-")
                let result = try await program.run(["notes"] + command + [other, sandbox.option])
                #expect(result.code == 66, "\(command): \(result.errors)")
            }
            let export = try await program.run("notes", "export", id, "--output", program.path("n.txt"), sandbox.option)
            #expect(export.code == 75 && export.errors.contains("cannot be exported yet"))
            #expect(program.files()["n.txt"] == nil)
            let text = program.file("t.txt", "text")
            let edit = try await program.run("notes", "edit", id, "treatment", "--content", text, sandbox.option)
            #expect(edit.code == 66)
            #expect(edit.errors.contains("has no section 'treatment'. 'steno notes show \(id)' lists them."))
        }
    }

    @Test(
        "What is no text for a section is refused before anything is asked",
        arguments: ["missing", "empty", "bytes"]
    )
    func content(kind: String) async throws {
        let program = try StenoProgram(Self.environment("http://127.0.0.1:9"))
        let path = program.path("t.txt")
        switch kind {
        case "empty": _ = program.file("t.txt", " \n")
        case "bytes": _ = program.file("t.txt", [0xFF, 0xFE])
        default: break
        }
        let result = try await program.run("notes", "edit", "n", "s", "--content", path)
        #expect(result.code == (kind == "missing" ? 66 : 65))
        #expect(result.errors.contains("'\(path)'") && result.output.isEmpty)
    }

    @Test("When somebody changes the section between reading and writing, nothing is written, and it is 75")
    func rival() async throws {
        let reads = Mutex(0)
        let methods = Mutex<[String]>([])
        try await LoopbackServer.run({ request in
            methods.withLock { $0.append(request.method) }
            let number = reads.withLock { reads in
                reads += 1
                return reads
            }
            let text = number == 1 ? "What was seen." : "Quux wrote this."
            return .json(
                #"{"data":{"id":"n","transcription_status":"completed","note_sections":[{"id":"s","title":"Plan","#
                    + #""label":"treatment","content":"\#(text)","order":"1"}]}}"#
            )
        }) { server in
            let program = try StenoProgram(Self.environment(server.url))
            let path = program.file("t.txt", "Mine.")
            let result = try await program.run("notes", "edit", "n", "plan", "--content", path)
            #expect(result.code == 75 && result.output.isEmpty)
            #expect(
                result.errors
                    == "steno: Somebody changed the section 'plan' meanwhile, so nothing was written. "
                    + "Read it with 'steno notes show n', then edit again.\n"
            )
            #expect(methods.withLock { $0 } == ["GET", "GET"])
        }
    }

    @Test(
        "A transcript that cannot be had leaves the note readable, and it is 75",
        arguments: ["403", "404", "redirect"]
    )
    func transcript(fault: String) async throws {
        try await SandboxProcess.run(faults: ["connectvets.cdn=\(fault)"]) { sandbox in
            let id = try await NotesTests.note(sandbox)
            let program = try StenoProgram()
            _ = try await program.run("notes", "status", id, "--wait", sandbox.option)
            let result = try await program.run("notes", "show", id, sandbox.option)
            #expect(result.code == 75)
            #expect(result.output.contains("--- Anamnesis ---") && !result.output.contains("--- transcript"))
            #expect(result.errors.contains("The transcript of the note") && !result.errors.contains("http"))
        }
    }
}
