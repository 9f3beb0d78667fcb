import Glibc
import Testing

@Suite("Bad input")
struct BadInputTests {
    private func check(_ result: StenoProgram.Result, code: Int32, naming name: String) {
        #expect(result.code == code, "\(result.errors)")
        #expect(result.output.isEmpty)
        #expect(result.errorLines.count <= 2)
        #expect(result.errors.contains(name))
    }

    @Test(
        "An unreadable file ends with its code, nothing on standard output, and at most two lines that name it",
        arguments: [
            ("empty.wav", "", 65), ("note.txt", "This is no audio.", 65),
            ("header.wav", "RIFF\u{10}\0\0\0WAVEfmt ", 65), ("page.wav", "<html><body>Log in</body></html>", 65),
        ] as [(String, String, Int32)]
    )
    func unreadable(name: String, content: String, code: Int32) async throws {
        let program = try StenoProgram()
        let path = program.file(name, content)
        self.check(try await program.run("stream", path), code: code, naming: "'\(path)'")
        self.check(try await program.run("stream", path, "--sandbox", "--format", "jsonl"), code: code, naming: path)
    }

    @Test("A file that is not there, and a folder, end with 66, with or without credentials")
    func missing() async throws {
        let program = try StenoProgram()
        let path = program.path("none.wav")
        self.check(try await program.run("stream", path), code: 66, naming: "'\(path)'")
        self.check(try await program.run("stream", path, "--engine", "local"), code: 66, naming: "'\(path)'")
        self.check(try await program.run("stream", program.folder), code: 66, naming: "'\(program.folder)'")
    }

    @Test("A name with escapes cannot drive the terminal that shows the message")
    func evilName() async throws {
        let result = try await StenoProgram().run("stream", "no\u{1B}[2J\nsuch\u{9B}file")
        self.check(result, code: 66, naming: "no␛[2J suchfile")
    }

    @Test("Empty standard input is no audio")
    func emptyInput() async throws {
        let program = try StenoProgram()
        let result = try await program.run("stream", "-", "--sandbox=http://127.0.0.1:1")
        self.check(result, code: 65, naming: "Standard input")
    }

    @Test("A terminal as standard input is not waited for", .enabled(if: Terminal.isThere))
    func terminalInput() async throws {
        let terminal = try Terminal()
        let running = try StenoProgram().start(["stream", "-"], terminal: terminal, isTyped: true)
        let result = await running.result()
        #expect(result.code == 64)
        #expect(result.errors.contains("Standard input is a terminal."))
    }

    @Test("One bad file among others spoils only itself")
    func amongOthers() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let missing = program.path("none.wav")
            let result = try await program.run("stream", missing, program.dictation(), sandbox.option)
            #expect(result.code == 66)
            #expect(result.output == Dictation.text)
            #expect(result.errors.contains("'\(missing)'"))
        }
    }
}
