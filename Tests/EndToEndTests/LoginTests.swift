import Foundation
import Glibc
import Testing

@Suite("Login")
struct LoginTests {
    private static let password = Array("sandbox-password\n".utf8)

    private func login(_ program: StenoProgram, _ options: String...) async throws -> StenoProgram.Result {
        let arguments = ["login", "juvoly", "--email", "clinician@sandbox.invalid", "--password-stdin"]
        return try await program.run(arguments + options, input: Self.password)
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test("The user key is kept for its owner only, and neither the master key nor the password is")
    func stores() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram(sandbox.environment())
            let result = try await self.login(program, "-vvv")
            #expect(result.code == 0, "\(result.errors)")
            #expect(result.output.isEmpty)
            let files = program.files()
            #expect(files[".config/steno/juvoly-user-key"] == "sandbox-juvoly-user-key\n")
            #expect(self.mode(program.path(".config/steno/juvoly-user-key")) == 0o600)
            #expect(self.mode(program.path(".config/steno")) == 0o700)
            for content in files.values + [result.errors] {
                #expect(!content.contains("sandbox-password") && !content.contains("sandbox-juvoly-master-key"))
            }
            #expect(!result.errors.contains("sandbox-juvoly-user-key"))
        }
    }

    @Test("The stored key is used when the master key is gone")
    func usesStoredKey() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram(sandbox.environment())
            _ = try await self.login(program)
            var environment = program.environment
            environment["JUVOLY_API_KEY"] = nil
            let arguments = ["stream", program.dictation(), "--speed", "max"]
            let result = try await Running(StenoProgram.binary, arguments, environment).result()
            #expect(result.output == Dictation.text)
            #expect(result.code == 0, "\(result.errors)")
        }
    }

    @Test("A sandbox's key never takes the place of the real one")
    func sandboxKey() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let result = try await self.login(program, sandbox.option)
            #expect(result.code == 0, "\(result.errors)")
            #expect(program.files()[".config/steno/juvoly-user-key"] == nil)
            let path = ".local/share/steno/sandbox/juvoly-user-key"
            #expect(program.files()[path] == "sandbox-juvoly-user-key\n")
            #expect(self.mode(program.path(path)) == 0o600)
        }
    }

    @Test("A wrong password ends with 77 and stores nothing")
    func wrongPassword() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram(sandbox.environment())
            let arguments = ["login", "juvoly", "--email", "clinician@sandbox.invalid", "--password-stdin"]
            let result = try await program.run(arguments, input: Array("wrong-canary\n".utf8))
            #expect(result.code == 77, "\(result.errors)")
            #expect(program.files()[".config/steno/juvoly-user-key"] == nil)
            #expect(!result.errors.contains("wrong-canary"))
        }
    }

    @Test("Without the master key nothing is asked")
    func missingKey() async throws {
        let result = try await self.login(try StenoProgram())
        #expect(result.code == 78)
        #expect(result.errors.contains("JUVOLY_API_KEY"))
    }

    @Test("On a terminal it asks, and the password does not show", .enabled(if: Terminal.isThere))
    func prompt() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram(sandbox.environment())
            let terminal = try Terminal()
            let running = try program.start(["login", "juvoly"], terminal: terminal)
            #expect(await running.says("E-mail: "))
            terminal.type("clinician@sandbox.invalid\n")
            #expect(await running.says("Password: "))
            terminal.type("sandbox-password\n")
            let result = await running.result()
            #expect(result.code == 0, "\(result.errors)")
            #expect(!result.errors.contains("sandbox-password"))
            #expect(program.files()[".config/steno/juvoly-user-key"] != nil)
        }
    }

    @Test("Without a terminal to ask on, it says what to use")
    func noTerminal() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram(sandbox.environment())
            let result = try await program.run("login", "juvoly")
            #expect(result.code == 64)
            #expect(result.errors.contains("--password-stdin"))
        }
    }
}
