import Testing

@Suite("Handover")
struct HandoverTests {
    private static let spoken = "Good morning. Bella is a six year old retriever."

    @Test("A SOEP summary follows the text behind a blank line, labelled as the sandbox's")
    func soep() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let result = try await program.run("stream", program.dictation(), sandbox.option, "--summary", "soep")
            #expect(result.code == 0)
            #expect(
                result.output == Dictation.text + """

                    --- summary soep ---
                    Subjective: [sandbox] Good morning. Bella is a six year old retriever.
                    Objective: [sandbox] She has been limping since Monday.
                    Evaluation: [sandbox] The left front paw is swollen.
                    Plan: [sandbox] Rest for one week.

                    """
            )
        }
    }

    @Test("The event of a summary says what it covers")
    func summaryEvent() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let arguments = ["stream", program.dictation(), sandbox.option, "--summary", "soep", "--format", "jsonl"]
            let events = try await program.run(arguments).events()
            let summary = try #require(events.first { $0.type == "summary" })
            #expect(summary.text("name") == "soep")
            #expect(summary.number("covers") == 13)
            #expect(summary.bool("partial") == false)
            #expect(events.last?.bool("complete") == true)
        }
    }

    @Test("Invox writes a summary and a SOAP note", arguments: ["invox", "invox-soap"])
    func invox(kind: String) async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let arguments = ["stream", program.dictation(), sandbox.option, "--summary", kind, "--language", "en"]
            let result = try await program.run(arguments)
            #expect(result.code == 0, "\(result.errors)")
            #expect(result.output.hasPrefix(Dictation.text + "\n--- summary \(kind) ---\n"))
            #expect(result.output.contains("[sandbox]"))
        }
    }

    @Test("A note has its id in the text and in its event")
    func upload() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let upload = ["--upload", "connectvets", "--patient", "Bella Quux"]
            let text = try await program.run(["stream", program.dictation(), sandbox.option] + upload)
            #expect(text.code == 0, "\(text.errors)")
            let note = try #require(text.output.firstMatch(of: /\n\n--- note connectvets (\S+) ---\n/))
            #expect(!note.1.isEmpty)
            let events = try await program.run(
                ["stream", program.dictation(), sandbox.option, "--format", "jsonl", "--again"] + upload
            ).events()
            let deliveries = events.filter { $0.type == "delivery" && $0.text("target") == "connectvets" }
            #expect(deliveries.last?.text("state") == "done")
            #expect(deliveries.last?.text("note_id")?.isEmpty == false)
            #expect(events.last?.bool("complete") == true)
        }
    }

    @Test("--wait shows the finished note, and summaries come before it")
    func wait() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let visit = program.file(
                "visit.json",
                #"{"name": "Bella Quux", "gender": "female", "external_id": "v-7", "metadata": {"ward": "3"}}"#
            )
            let result = try await program.run([
                "stream", program.dictation(), sandbox.option, "--summary", "soep", "--upload", "connectvets", "--wait",
                "--visit", visit,
            ])
            #expect(result.code == 0, "\(result.errors)")
            #expect(result.output.contains(/\n\n--- summary soep ---\n(.+\n)+--- note connectvets \S+ ---\n.+: .+\n/))
            #expect(!result.errors.contains("Quux"))
        }
    }

    @Test("When nothing was said, nothing is summarised and no note is made")
    func silence() async throws {
        try await SandboxProcess.run(session: "empty") { sandbox in
            let program = try StenoProgram()
            let result = try await program.run([
                "stream", program.silence(), sandbox.option, "--format", "jsonl", "--summary", "soep", "--summary",
                "invox",
                "--language", "en", "--upload", "connectvets", "--patient", "Bella",
            ])
            let events = try result.events()
            #expect(result.code == 0, "\(result.errors)")
            #expect(!events.contains { $0.type == "summary" || $0.type == "utterance" })
            let deliveries = events.filter { $0.type == "delivery" }
            #expect(deliveries.compactMap { $0.text("target") } == ["soep", "invox", "connectvets"])
            #expect(deliveries.allSatisfy { $0.text("state") == "skipped" && $0.text("reason") != nil })
            #expect(events.last?.bool("complete") == true)
        }
    }

    @Test("--information asks for codings and measurements, and without it none come")
    func information() async throws {
        try await SandboxProcess.run(session: "information") { sandbox in
            let program = try StenoProgram()
            let arguments = ["stream", program.file("a.wav", Dictation.quiet), sandbox.option, "--format", "jsonl"]
            let asked = try await program.run(arguments + ["--information"]).events()
            let last = try #require(asked.last { $0.type == "information" })
            #expect((last["codings"] as? [Any])?.isEmpty == false)
            #expect((last["measurements"] as? [Any])?.isEmpty == false)
            let unasked = try await program.run(arguments).events()
            #expect(!unasked.contains { $0.type == "information" })
        }
    }
}
