import Foundation
import Testing

/// Each command against the built sandbox, which must see no contract broken.
@Suite("NxVET commands")
struct NxVETTests {
    private static let label = "019e1234-5678-7000-abcd-123456789abc"
    private static let patient = "019e5678-abcd-7000-1234-abcdef012345"
    private static let stretch = ["--from", "2026-05-10T08:00Z", "--to", "1778401800000"]

    private static func run(_ sandbox: SandboxProcess, _ arguments: String...) async throws -> StenoProgram.Result {
        try await Self.run(sandbox, arguments)
    }

    private static func run(_ sandbox: SandboxProcess, _ arguments: [String]) async throws -> StenoProgram.Result {
        try await StenoProgram().run(["nxvet"] + arguments + [sandbox.option])
    }

    /// Records of comma-separated values, read by another reader than ours.
    private static func records(_ text: String) -> [[String]] {
        var (records, fields, field, isQuoted): ([[String]], [String], String, Bool) = ([], [], "", false)
        for character in text {
            switch (character, isQuoted) {
            case ("\"", _): isQuoted.toggle()
            case (",", false):
                fields.append(field)
                field = ""
            case ("\r\n", false):
                records.append(fields + [field])
                (fields, field) = ([], "")
            case (_, _): field.append(character)
            }
        }
        return records
    }

    @Test(
        "Every list has a form for pipes, for programs and for spreadsheets, with the same rows",
        arguments: [
            (["devices"], 3, "value"), (["labels"], 10, "id"), (["templates"], 2, "id"),
            (["conversations"], 20, "conversationId"), (["labels", "--all", "--limit", "10"], 27, "id"),
            (["conversations", "--all"], 45, "conversationId"),
            (["conversations", "--all", "--status", "failed", "--page-size", "3"], 7, "conversationId"),
            (["labels", "--all", "--types", "clinicconversation,NxHubBatch", "--limit", "3"], 8, "id"),
            (["labels", "--patient", "luna", "--all"], 7, "id"), (["labels", "--device", "NX-1234", "--all"], 9, "id"),
            (["labels", "--limit", "5", "--offset", "25", "--sort", "patient", "--descending"], 2, "id"),
            (["timeline", "device-id-here"] + stretch, 34, "minuteStart"),
        ]
    )
    func lists(arguments: [String], count: Int, key: String) async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let words = ["nxvet"] + arguments + [sandbox.option]
            let tabs = try await program.run(words)
            #expect(tabs.code == 0, "\(tabs.errors)")
            let lines = tabs.output.split(separator: "\n")
            #expect(lines.count == count)

            let json = try await program.run(words + ["--json"])
            let objects = try json.events()
            #expect(objects.count == count)
            let keys = objects.map { $0.text(key) ?? "" }
            #expect(Set(keys).count == count && !keys.contains(""))
            for (line, key) in zip(lines, keys) { #expect(line.split(separator: "\t").contains { $0 == key }) }

            let records = Self.records(try await program.run(words + ["--csv"]).output)
            let column = try #require(records.first?.firstIndex(of: key))
            #expect(records.dropFirst().map { $0[column] } == keys)
            #expect(records.allSatisfy { $0.count == records[0].count })
        }
    }

    @Test("A page says how the list goes on, on standard error")
    func more() async throws {
        try await SandboxProcess.run { sandbox in
            let labels = try await Self.run(sandbox, "labels", "--limit", "3")
            #expect(labels.errors == "These are 3 of 27. Go on with --offset 3, or give --all.\n")
            let page = try await Self.run(sandbox, "conversations", "--page-size", "3")
            let token = try #require(page.errors.split(separator: "'").dropFirst().first)
            let next = try await Self.run(sandbox, "conversations", "--page-size", "3", "--page-token", String(token))
            #expect(next.output.split(separator: "\n").count == 3)
            #expect(Set(next.output.split(separator: "\n")).isDisjoint(with: page.output.split(separator: "\n")))
        }
    }

    @Test("A label is shown with its texts, in every form")
    func label() async throws {
        try await SandboxProcess.run { sandbox in
            let text = try await Self.run(sandbox, "label", Self.label)
            #expect(text.code == 0)
            #expect(text.output.contains("patient  Bella (019e5678-abcd-7000-8000-000000000003)\n"))
            #expect(text.output.contains("\n--- transcript ---\n[sandbox] Bella came in"))
            #expect(text.output.contains("\n--- clinical note ---\nSubjective: [sandbox] Bella came in"))
            let json = try #require(try await Self.run(sandbox, "label", Self.label, "--json").events().first)
            #expect(json.text("state") == "note")
            #expect(json.object("patient")?["name"] as? String == "Bella")
            #expect(json.text("transcript")?.hasPrefix("[sandbox] Bella") == true)
            #expect((json["notes"] as? [[String: Any]])?.count == 1)
            let records = Self.records(try await Self.run(sandbox, "label", Self.label, "--csv").output)
            #expect(records.count == 2 && records[0].count == records[1].count)
            let note = try #require(records[0].firstIndex(of: "clinicalNote"))
            #expect(records[1][note] == json.text("clinicalNote"))
        }
    }

    @Test("Content that is still being made is said to be")
    func pending() async throws {
        try await SandboxProcess.run { sandbox in
            let id = try #require(
                try await Self.run(sandbox, "labels", "--limit", "1", "--json").events().first?.text("id")
            )
            let label = try await Self.run(sandbox, "label", id)
            #expect(label.code == 0)
            #expect(label.output.contains("state    not there yet\n"))
            #expect(label.errors == "There is no content yet. Look again in a minute or two.\n")
        }
    }

    @Test("A patient is assigned, and the label has it then")
    func assign() async throws {
        try await SandboxProcess.run { sandbox in
            let result = try await Self.run(sandbox, "assign", Self.label, Self.patient, "--json")
            #expect(result.code == 0, "\(result.errors)")
            #expect(try result.events().first?.text("patientId") == Self.patient)
            let label = try await Self.run(sandbox, "label", Self.label)
            #expect(label.output.contains("patient  Luna (\(Self.patient))"))
        }
    }

    @Test("From template to record to another report")
    func record() async throws {
        try await SandboxProcess.run(faults: ["nxvet.contentDelay=0s"]) { sandbox in
            let template = try #require(
                try await Self.run(sandbox, "templates", "--json").events().first?.text("id")
            )
            let made = try await Self.run(
                sandbox,
                "aggregate",
                "019e1111-1111-7000-aaaa-111111111111",
                "--patient",
                Self.patient,
                "--template",
                template,
                "--json"
            )
            #expect(made.code == 0, "\(made.errors)")
            let id = try #require(try made.events().first?.text("id"))
            #expect(try await Self.run(sandbox, "label", id).output.contains("type     AggregateLabel"))
            let begun = try await Self.run(sandbox, "regenerate", id, "--template", "template-referral", "--json")
            #expect(begun.code == 0, "\(begun.errors)")
            #expect(try begun.events().first?.text("state") == "started")
            let label = try await Self.run(sandbox, "label", id)
            #expect(label.output.contains("Template: [sandbox] Referral letter, run 1"))
        }
    }

    @Test("--wait shows the record, the other report and the transcript when they are there")
    func waiting() async throws {
        try await SandboxProcess.run(faults: ["nxvet.contentDelay=1s"]) { sandbox in
            let labels = ["019e1111-1111-7000-aaaa-111111111111", "--patient", Self.patient]
            let program = try StenoProgram()
            func run(_ words: [String]) async throws -> StenoProgram.Result {
                let result = try await program.run(["nxvet"] + words + ["--wait", sandbox.option])
                #expect(result.code == 0, "\(result.errors)")
                return result
            }
            let made = try await run(["aggregate"] + labels + ["--template", "template-id-here"])
            #expect(made.output.contains("\n--- clinical note ---\n"))
            #expect(made.errors.hasPrefix("The note is being written.\n"))
            let anew = try await run(["regenerate", labels[0], "--template", "template-referral"])
            #expect(anew.output.contains("Template: [sandbox] Referral letter, run 1"))
            let id = try #require(
                try await Self.run(sandbox, ["create", "device-id-here"] + Self.stretch + ["--json"]).events().first?
                    .text("conversationId")
            )
            let completed = try await run(["complete", "device-id-here", id])
            #expect(completed.output.contains("status        COMPLETED\n"))
            #expect(completed.output.contains("[sandbox] Speech at 2026-05-10T08:01:00Z."))
        }
    }

    @Test("What fails while it is waited for is told, with what the service says of it")
    func waitingForFailure() async throws {
        try await SandboxProcess.run(faults: ["nxvet.outcome=FAILED"]) { sandbox in
            let id = try #require(
                try await Self.run(sandbox, ["create", "device-id-here"] + Self.stretch + ["--json"]).events().first?
                    .text("conversationId")
            )
            let result = try await Self.run(sandbox, ["complete", "device-id-here", id, "--wait"])
            #expect(result.code == 0)
            #expect(result.output.contains("status        FAILED\n"))
            #expect(result.errors.hasSuffix("NxVET could not process it, so there is no transcript.\n"))
        }
    }

    @Test("A label of another patient becomes no part of a record")
    func otherPatient() async throws {
        try await SandboxProcess.run { sandbox in
            let result = try await Self.run(
                sandbox,
                "aggregate",
                Self.label,
                "--patient",
                Self.patient,
                "--template",
                "template-id-here"
            )
            #expect(result.code == 64)
            #expect(result.errors.contains("belongs to another patient. Nothing was made."))
        }
    }

    @Test("From timeline to preview to a conversation that is processed")
    func conversation() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            func run(_ words: [String]) async throws -> StenoProgram.Result {
                try await program.run(["nxvet"] + words + ["--json", sandbox.option])
            }
            let device = "device-id-here"
            let minutes = try await run(["timeline", device] + Self.stretch).events()
            #expect(minutes.filter { $0.bool("vadIsSilent") == false }.count == 26)
            let preview = try #require(try await run(["preview", device] + Self.stretch).events().first)
            #expect(preview.number("speechMinutes") == 26 && preview.number("totalMinutes") == 30)
            let made = try await run(["create", device] + Self.stretch)
            #expect(made.code == 0, "\(made.errors)")
            let id = try #require(try made.events().first?.text("conversationId"))
            let open = try await run(["conversation", device, id])
            #expect(try open.events().first?.text("status") == "ACTIVE")
            #expect(open.errors == "There is no transcript yet. Look again when it is completed.\n")
            let completed = try await run(["complete", device, id])
            #expect(try completed.events().first?.text("state") == "started")
            var transcript: String?
            while transcript == nil {
                transcript = try await run(["conversation", device, id]).events().first?.text("transcriptText")
            }
            #expect(transcript?.contains("[sandbox] Speech at 2026-05-10T08:01:00Z.") == true)
            let again = try await run(["complete", device, id])
            #expect(try again.events().first?.text("state") == "completed before")
        }
    }

    @Test("One thing is a few lines for a person, and a record for a spreadsheet")
    func single() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let words = ["nxvet", "preview", "device-id-here"] + Self.stretch + [sandbox.option]
            #expect(try await program.run(words).output == "total   30 min\nspeech  26 min\nsilent  4 min\n")
            let csv = try await program.run(words + ["--csv"]).output
            #expect(csv == "totalMinutes,speechMinutes,silentMinutes\r\n30,26,4\r\n")
            let text = try await Self.run(sandbox, "conversation", "device-id-here", "conversation-id-here")
            #expect(text.output.contains("status        COMPLETED\n"))
            #expect(text.output.contains("\n--- transcript ---\n[sandbox] Speech"))
        }
    }

    @Test("A bare --sandbox needs no account, no engine and no address")
    func ownSandbox() async throws {
        let program = try StenoProgram(["NXVET_API_KEY": "canary", "NXVET_BASE_URL": "https://real.invalid/api"])
        let result = try await program.run("nxvet", "devices", "--sandbox", "-vvv")
        #expect(result.code == 0)
        #expect(result.output.split(separator: "\n").count == 3)
        #expect(result.errors.isEmpty)
    }
}
