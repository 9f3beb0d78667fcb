import Foundation
import Glibc
import Testing

/// Each command against the built sandbox, which must see no contract broken.
@Suite("Notes commands")
struct NotesTests {
    private static func run(_ sandbox: SandboxProcess, _ arguments: String...) async throws -> StenoProgram.Result {
        try await StenoProgram().run(["notes"] + arguments + [sandbox.option])
    }

    /// Has a note made of the sample dictation.
    static func note(
        _ sandbox: SandboxProcess,
        patient: String = "Bella Quux",
        options: [String] = []
    ) async throws -> String {
        let program = try StenoProgram()
        let upload = ["--format", "jsonl", "--upload", "connectvets", "--patient", patient]
        let result = try await program.run(["stream", program.dictation(), sandbox.option] + upload + options)
        #expect(result.code == 0, "\(result.errors)")
        let id = try result.events().compactMap { $0.text("note_id") }.last
        return try #require(id)
    }

    @Test("A list has a form for pipes and for programs, with the same notes, and every filter narrows it")
    func list() async throws {
        try await SandboxProcess.run(faults: ["connectvets.outcome=failed@2"]) { sandbox in
            let bella = try await Self.note(sandbox, options: ["--external-id", "v-7", "--meta", "ward=3"])
            let max = try await Self.note(sandbox, patient: "Max")
            let done = try await Self.run(sandbox, "status", bella, "--wait")
            #expect(done.code == 0, "\(done.errors)")
            _ = try await Self.run(sandbox, "status", max, "--wait")

            let json = try await Self.run(sandbox, "list", "--json")
            #expect(json.code == 0 && json.errors.isEmpty, "\(json.errors)")
            let notes = try json.events()
            #expect(Set(notes.compactMap { $0.text("id") }) == [bella, max])
            let row = try #require(notes.first { $0.text("id") == bella })
            #expect(row.text("name") == "Bella Quux" && row.text("transcription_status") == "completed")
            #expect(row.text("external_id") == "v-7")
            #expect((row["metadata"] as? [[String: Any]])?.contains { $0["value"] as? String == "3" } == true)
            let tabs = try await Self.run(sandbox, "list").output.split(separator: "\n")
            #expect(tabs.map { String($0.prefix { $0 != "\t" }) } == notes.compactMap { $0.text("id") })

            let day = try #require(row.text("created_at")?.prefix(10))
            for (filter, found) in [
                (["--status", "failed"], [max]), (["--name", "bella"], [bella]), (["--external-id", "v-7"], [bella]),
                (["--days", "1", "--name", "Max"], [max]), (["--from", String(day), "--name", "Quux"], [bella]),
                (["--to", "2020-01-01"], []), (["--all", "--limit", "1", "--status", "completed"], [bella]),
            ] {
                let result = try await StenoProgram().run(["notes", "list", "--json", sandbox.option] + filter)
                #expect(try result.events().compactMap { $0.text("id") } == found, "\(filter)")
                #expect(result.errors == (found.isEmpty ? "No note matches.\n" : ""))
            }
            let first = try await Self.run(sandbox, "list", "--limit", "1", "--json")
            #expect(try first.events().count == 1)
            #expect(first.errors == "There are more notes. Give --all, or a filter.\n")
        }
    }

    @Test("A note is shown with its sections and its transcript, in both forms")
    func show() async throws {
        try await SandboxProcess.run(faults: ["connectvets.labelLang=pt"]) { sandbox in
            let id = try await Self.note(sandbox)
            let early = try await Self.run(sandbox, "show", id)
            #expect(early.code == 0)
            _ = try await Self.run(sandbox, "status", id, "--wait")
            let text = try await Self.run(sandbox, "show", id)
            #expect(text.code == 0 && text.errors.isEmpty, "\(text.errors)")
            #expect(text.output.contains("status               completed\n"))
            #expect(text.output.contains("patient              Bella Quux\n"))
            #expect(
                text.output.contains("\n--- Exame físico (exame_fisico) ---\n[sandbox] Exame físico: 13000 ms of WAV")
            )
            #expect(text.output.contains("\n--- transcript ---\n[sandbox] 13000 ms of WAV audio"))
            let json = try #require(try await Self.run(sandbox, "show", id, "--json").events().first)
            let sections = try #require(json["note_sections"] as? [[String: Any]])
            #expect(
                sections.map { $0["kind"] as? String } == ["anamnesis", "physical_exam", "diagnosis", "treatment"]
            )
            #expect(json.text("transcript")?.contains("13000 ms") == true)
        }
    }

    @Test("A state is told, or waited for with what happens meanwhile on standard error")
    func status() async throws {
        try await SandboxProcess.run(faults: ["connectvets.outcome=completedInvalid@1", "connectvets.outcome=failed@2"])
        {
            sandbox in
            let first = try await Self.note(sandbox)
            let waited = try await Self.run(sandbox, "status", first, "--wait", "--json")
            #expect(waited.code == 0, "\(waited.errors)")
            let state = try #require(try waited.events().first)
            #expect(state.text("status") == "completed" && state.bool("valid") == false)
            #expect(waited.errors.contains("flags the note for review"))
            let failed = try await Self.note(sandbox)
            let end = try await Self.run(sandbox, "status", failed, "--wait")
            #expect(end.code == 75)
            #expect(end.output.contains("status  failed\n"))
            #expect(end.errors.contains("'steno notes retry \(failed)'"))
            let look = try await Self.run(sandbox, "status", failed)
            #expect(look.code == 0 && look.output == end.output)
        }
    }

    @Test("Both forms are exported, to a file that only the user may read, or to a pipe byte for byte")
    func export() async throws {
        try await SandboxProcess.run { sandbox in
            let id = try await Self.note(sandbox)
            let program = try StenoProgram()
            func export(_ options: String...) async throws -> StenoProgram.Result {
                try await program.run(["notes", "export", id, sandbox.option] + options)
            }
            _ = try await Self.run(sandbox, "status", id, "--wait")
            let text = try await export()
            #expect(text.code == 0, "\(text.errors)")
            #expect(text.output.contains("Patient: Bella Quux\n") && text.output.contains("Anamnesis\n---------\n"))
            for (name, format, start) in [
                ("n.rtf", nil, "{\\rtf1"), ("n.txt", "txt", "Note\n===="), ("m", "rtf", "{\\rtf1"),
            ] {
                let path = program.path(name)
                let options = ["--output", path] + (format.map { ["--format", $0] } ?? [])
                let result = try await program.run(["notes", "export", id, sandbox.option] + options)
                #expect(result.code == 0 && result.output.isEmpty, "\(result.errors)")
                #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix(start))
                var status = stat()
                #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            }
            let json = try #require(try await export("--format", "txt", "--json").events().first)
            #expect(json.text("content") == text.output)
            let nowhere = try await export("--output", program.path("none/n.txt"))
            #expect(nowhere.code == 74)
        }
    }

    @Test("A failed note is processed again and gets completed; one that did not fail only with --again")
    func retry() async throws {
        try await SandboxProcess.run(faults: ["connectvets.outcome=failed@1"]) { sandbox in
            let id = try await Self.note(sandbox)
            _ = try await Self.run(sandbox, "status", id, "--wait")
            let begun = try await Self.run(sandbox, "retry", id, "--json")
            #expect(begun.code == 0, "\(begun.errors)")
            #expect(try begun.events().first?.text("state") == "started")
            #expect(try await Self.run(sandbox, "status", id, "--wait").code == 0)
            let refused = try await Self.run(sandbox, "retry", id)
            #expect(refused.code == 75 && refused.output.isEmpty)
            #expect(refused.errors.contains("is completed, not failed") && refused.errors.contains("--again"))
            let again = try await Self.run(sandbox, "retry", id, "--again", "--json")
            #expect(again.code == 0, "\(again.errors)")
            let lines = try again.events()
            #expect(lines.count == 2 && lines.last?.text("state") == "started")
            #expect((lines.first?["note_sections"] as? [[String: Any]])?.count == 4)
        }
    }

    @Test("A section is written, and nothing else of the note changes", arguments: ["treatment", "Treatment"])
    func edit(name: String) async throws {
        try await SandboxProcess.run { sandbox in
            let id = try await Self.note(sandbox)
            let program = try StenoProgram()
            _ = try await Self.run(sandbox, "status", id, "--wait")
            let path = program.file("new.txt", "Rest for one week.\nThen a check.\n")
            let result = try await program.run("notes", "edit", id, name, "--content", path, sandbox.option)
            #expect(result.code == 0, "\(result.errors)")
            #expect(result.output.contains("\n--- Treatment ---\nRest for one week.\nThen a check.\n"))
            let note = try #require(try await Self.run(sandbox, "show", id, "--json").events().first)
            let sections = try #require(note["note_sections"] as? [[String: Any]])
            #expect(sections.last?["content"] as? String == "Rest for one week.\nThen a check.")
            #expect(sections.dropLast().allSatisfy { ($0["content"] as? String)?.hasPrefix("[sandbox]") == true })
            let typed = try await program.run(
                ["notes", "edit", id, name, "--content", "-", "--json", sandbox.option],
                input: Array("Typed.".utf8)
            )
            #expect(try typed.events().first?.object("section")?["content"] as? String == "Typed.")
        }
    }
}
