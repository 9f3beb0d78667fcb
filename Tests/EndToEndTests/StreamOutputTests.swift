import Foundation
import Glibc
import Testing

@Suite("Stream output")
struct StreamOutputTests {
    @Test("--output writes every format, for its owner only, the same as standard output would carry")
    func formats() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let path = program.dictation()
            let names = ["a.txt", "a.jsonl", "a.json", "a.srt", "a.vtt", "a.md"]
            let options = names.flatMap { ["--output", program.path($0)] }
            let result = try await program.run(["stream", path, sandbox.option, "--format", "jsonl"] + options)
            #expect(result.code == 0, "\(result.errors)")
            let files = program.files()
            #expect(files["a.txt"] == Dictation.text)
            #expect(files["a.jsonl"] == result.output)
            #expect(files["a.srt"]?.hasPrefix("1\n00:00:00,400 --> 00:00:01,200\nGood morning.\n\n2\n") == true)
            #expect(files["a.vtt"]?.hasPrefix("WEBVTT\n\n00:00:00.400 --> 00:00:01.200\nGood morning.\n") == true)
            #expect(files["a.md"]?.hasPrefix("# Transcript\n\n> Made in the sandbox") == true)
            let json = try JSONLine(files["a.json"] ?? "")
            #expect((json["utterances"] as? [Any])?.count == 5)
            #expect(json.bool("complete") == true)
            for name in names { #expect(Self.mode(program.path(name)) == 0o600) }
        }
    }

    private static func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test("An output that cannot be written is found before any audio is sent")
    func badOutput() async throws {
        let program = try StenoProgram()
        let path = program.path("none/a.txt")
        let arguments = ["stream", program.dictation(), "--sandbox=http://127.0.0.1:1", "--output", path]
        let result = try await program.run(arguments)
        #expect(result.code == 74)
        #expect(result.output.isEmpty)
        #expect(
            result.errors == "steno: '\(path)' cannot be written: its folder does not exist. Make the folder first.\n"
        )
    }

    @Test("A reader that leaves ends with 74 and no crash, and the files are written")
    func closedPipe() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let output = program.path("a.txt")
            let command = [StenoProgram.binary, "stream", program.dictation(), sandbox.option, "--output", output]
            let result = try await Self.shell(
                "'\(command.joined(separator: "' '"))' | :; echo ${PIPESTATUS[0]}",
                program
            )
            #expect(result.output == "74\n")
            #expect(result.errors.contains("steno: Standard output was closed by its reader"))
            #expect(program.files()["a.txt"] == Dictation.text)
        }
    }

    @Test("A full disk and a closed standard output end with 74", arguments: [">/dev/full", ">&-"])
    func unwritable(redirection: String) async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let command = [StenoProgram.binary, "stream", program.dictation(), sandbox.option]
            let result = try await Self.shell("'\(command.joined(separator: "' '"))' \(redirection)", program)
            #expect(result.code == 74)
        }
    }

    private static func shell(_ script: String, _ program: StenoProgram) async throws -> StenoProgram.Result {
        try await Running("/bin/bash", ["-c", script], program.environment).result()
    }

    @Test("Quiet says nothing when nothing is wrong")
    func quiet() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let result = try await program.run("stream", program.dictation(), sandbox.option, "--quiet")
            #expect(result.output == Dictation.text)
            #expect(result.errors.isEmpty)
        }
    }

    @Test("With --log-format json every line of standard error is an object")
    func jsonLog() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let arguments = ["stream", program.dictation(), sandbox.option, "--log-format", "json", "-vvv"]
            let result = try await program.run(arguments)
            let lines = try result.errorLines.map { try JSONLine($0) }
            #expect(lines.allSatisfy { $0.text("time") != nil && $0.text("level") != nil && $0.text("message") != nil })
            #expect(lines.count > 3)
        }
    }

    @Test(
        "On a terminal one line is drawn over and over; afterwards nothing of it is left",
        .enabled(if: Terminal.isThere)
    )
    func terminal() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram(["TERM": "xterm"])
            let terminal = try Terminal(columns: 100)
            let arguments = ["stream", program.dictation(), sandbox.option, "--speed", "8"]
            let result = try await program.start(arguments, terminal: terminal).result()
            #expect(result.output == Dictation.text)
            #expect(result.errors.contains("Recognising · audio "))
            #expect(result.errors.contains("Bella is"))
            let last = try #require(result.errors.split(separator: "\r\u{1B}[K").last)
            #expect(last.hasPrefix("Done in ") && last.hasSuffix("every word is confirmed.\r\n"))
        }
    }

    @Test(
        "--no-progress, a dumb terminal and one that does not say what it is get plain lines",
        .enabled(if: Terminal.isThere),
        arguments: [["TERM": "dumb"], ["TERM": "xterm"], [:]]
    )
    func plain(environment: [String: String]) async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram(environment)
            let option = environment["TERM"] == "xterm" ? ["--no-progress"] : []
            let arguments = ["stream", program.dictation(), sandbox.option] + option
            let result = try await program.start(arguments, terminal: try Terminal()).result()
            #expect(!result.errors.contains("\u{1B}"))
            #expect(result.errors.contains("Recognising.\r\n"))
        }
    }

    @Test("Colours are for terminals, and not where they are unwanted", .enabled(if: Terminal.isThere))
    func colors() async throws {
        let path = "none.wav"
        func shown(_ environment: [String: String], _ options: String...) async throws -> String {
            let program = try StenoProgram(environment.merging(["TERM": "xterm"]) { $1 })
            return try await program.start(["stream", path] + options, terminal: try Terminal()).result().errors
        }
        #expect(try await shown([:]).contains("\u{1B}[31msteno:\u{1B}[0m "))
        #expect(try await !shown(["NO_COLOR": "1"]).contains("\u{1B}"))
        #expect(try await !shown([:], "--no-color").contains("\u{1B}"))
        #expect(try await shown(["NO_COLOR": ""]).contains("\u{1B}"))
    }
}
