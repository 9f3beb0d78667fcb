import Testing

@Suite("Deliver to targets")
struct DeliverTargetsTests {
    private static let upload = ["--upload", "connectvets", "--patient", "Bella Quux"]

    @Test("A text file is handed to Invox, and to nobody else; the queue knows it as a recording without audio")
    func text() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let file = program.file("letter.txt", "The patient limps.\nSince Monday.\n")
            let result = try await program.run(
                "deliver",
                file,
                "--to",
                "invox-soap",
                "--language",
                "nl",
                sandbox.option
            )
            #expect(result.code == 0, "\(result.errors)")
            #expect(result.output.hasPrefix("The patient limps.\nSince Monday.\n\n--- summary invox-soap ---\n"))
            let other = try await program.run("deliver", file, "--to", "connectvets", "--patient", "B", sandbox.option)
            #expect(other.code == 64 && other.output.isEmpty)
            #expect(other.errorLines.count <= 2 && other.errors.contains(file))
            let empty = try await program.run("deliver", program.file("e.txt", " \n"), "--to", "invox", sandbox.option)
            #expect([64, 65].contains(empty.code) && empty.output.isEmpty)
            let verified = try await program.run("recordings", "verify", sandbox.option)
            #expect(verified.code == 0, "\(verified.output)")
        }
    }

    @Test("What has a note is refused with its id, by deliver and by stream, unless it is asked for again")
    func again() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let arguments = ["stream", program.dictation(), sandbox.option, "--format", "jsonl"] + Self.upload
            let first = try await program.run(arguments)
            #expect(first.code == 0, "\(first.errors)")
            let note = try #require(try first.events().last { $0.type == "delivery" }?.text("note_id"))
            let id = try #require(first.recording)
            let deliver = ["deliver", id, "--to", "connectvets", "--patient", "Bella Quux", sandbox.option]
            for refused in try await [program.run(arguments), program.run(deliver)] {
                #expect(refused.code == 64 && refused.output.isEmpty)
                #expect(refused.errors.contains("'\(note)'") && refused.errors.contains("--again"))
                #expect(!refused.errors.contains("Quux"))
            }
            let again = try await program.run(deliver + ["--again"])
            #expect(again.code == 0, "\(again.errors)")
            #expect(again.output.contains("--- note connectvets ") && !again.output.contains(note))
        }
    }

    @Test("A service that is down leaves the hand-off in the recording, and one command finishes it")
    func queued() async throws {
        try await SandboxProcess.run(faults: ["connectvets.throttle=always"]) { sandbox in
            let program = try StenoProgram()
            let result = try await program.run(["stream", program.dictation(), sandbox.option] + Self.upload)
            #expect(result.code == 75, "\(result.errors)")
            #expect(result.output.hasPrefix(Dictation.text))
            #expect(result.errors.contains("To finish it: steno queue retry "))
            let next = try await program.run("stream", program.silence(), sandbox.option)
            #expect(next.errors.contains("1 delivery waits. To hand over: steno queue retry \(sandbox.option)"))
        }
    }
}
