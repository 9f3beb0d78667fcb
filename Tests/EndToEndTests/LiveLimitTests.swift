import Foundation
import Glibc
import StenoTesting
import Testing

@Suite("Live, on a machine that gives little")
struct LiveLimitTests {
    /// Starts `live` under limits, as `prlimit` writes them.
    private static func start(_ dictating: Dictating, _ limits: [String], _ arguments: [String]) throws -> Running {
        try Running(
            "/usr/bin/prlimit",
            limits + [StenoProgram.binary, "live"] + arguments,
            dictating.program.environment
        )
    }

    @Test("With 64 open files and 512 MB of addresses a dictation is whole")
    func enough() async throws {
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating()
            let limits = ["--nofile=64:64", "--as=512000000"]
            let result = try await Self.start(dictating, limits, [sandbox.option, "--duration", "14s"]).result()
            #expect(result.code == 0, "\(result.errors)")
            #expect(result.output == Dictation.text)
            let id = try #require(await dictating.recording())
            #expect(try await dictating.program.run("recordings", "verify", id).code == 0)
        }
    }

    @Test("Where too few files may be open, it says so before anything is recorded", arguments: [5, 12, 20, 63])
    func tooFew(files: Int) async throws {
        let dictating = try Dictating()
        let result = try await Self.start(dictating, ["--nofile=\(files):\(files)"], ["--sandbox"]).result()
        #expect(result.code == 78, "\(result.errors)")
        #expect(result.errors.contains("Only \(files) files may be open"))
        #expect(result.output.isEmpty)
        #expect(try await dictating.recording() == nil)
    }

    @Test("Where too few addresses may be used, it says so before anything is recorded", arguments: [300, 447])
    func tooFewAddresses(megabytes: Int) async throws {
        let dictating = try Dictating()
        let limits = ["--as=\(megabytes)000000"]
        let result = try await Self.start(dictating, limits, ["--sandbox"]).result()
        #expect(result.code == 78, "\(result.errors)")
        #expect(result.errors.contains("Only \(megabytes) MB of addresses may be used"))
        #expect(result.output.isEmpty)
        #expect(try await dictating.recording() == nil)
    }

    @Test("A limit that the program may raise is no hindrance")
    func raised() async throws {
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating()
            let limits = ["--nofile=16:1024"]
            let result = try await Self.start(dictating, limits, [sandbox.option, "--duration", "3s"]).result()
            #expect(result.code == 0, "\(result.errors)")
        }
    }

    @Test("A terminal that is closed ends a dictation in order: all that was said is kept, and the last words awaited")
    func closedTerminal() async throws {
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating(environment: ["TERM": "xterm"])
            let text = dictating.program.path("visit.txt")
            let script = "\(StenoProgram.package)/Tests/Fixtures/closed_terminal.py"
            let command = [StenoProgram.binary, "live", sandbox.option, "--output", text]
            let running = try Running(script, ["Bella is"] + command, dictating.program.environment)
            let result = await running.result()
            // Its output is gone with the terminal.
            #expect([0, 74, 75].contains(result.code), "\(result.errors)")
            let id = try #require(await dictating.recording())
            #expect(try await dictating.program.run("recordings", "verify", id).code == 0)
            let kept = dictating.program.path("kept.wav")
            #expect(try await dictating.program.run("recordings", "export", id, "--output", kept).code == 0)
            let heard = try Data(contentsOf: URL(filePath: kept)).dropFirst(44)
            #expect(heard.count > 2 * 16_000 && heard.elementsEqual(Dictation.raw.prefix(heard.count)))
            #expect(try String(contentsOfFile: text, encoding: .utf8).hasPrefix("Good morning.\nBella is"))
        }
    }
}
