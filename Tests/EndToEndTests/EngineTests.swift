import Testing

@Suite("Embedded engine", .enabled(if: InstalledEngine.isThere, "scripts/setup installs the engine"))
struct EngineTests {
    @Test("English is recognised in this process, and that it is only English is said")
    func local() async throws {
        let program = try StenoProgram(hasEngine: true)
        let result = try await program.run("stream", StenoProgram.sample("audio/short.wav"), "--engine", "local")
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.lowercased().contains("ear dry"))
        #expect(result.errorLines.dropFirst().first == "The local engine understands English only.")
    }

    @Test("Recorded speech through the sandbox of this process is complete to the sample, with its summary")
    func ownSandbox() async throws {
        let program = try StenoProgram(hasEngine: true)
        let arguments = ["stream", StenoProgram.sample("audio/librivox.wav"), "--sandbox", "--summary", "soep"]
        let result = try await program.run(arguments + ["--format", "jsonl"])
        let events = try result.events()
        let end = try #require(events.last)
        #expect(result.code == 0, "\(result.errors)")
        #expect(end.type == "end" && end.bool("complete") == true)
        let coverage = try #require(end.object("coverage"))
        StreamTests.expectWhole(coverage, frames: coverage["total"] as? Int ?? 0)
        #expect(events.contains { $0.type == "summary" })
        #expect(!result.errors.contains("contract"))
    }

    @Test("Without being told the language, the local engine makes no summary")
    func language() async throws {
        let program = try StenoProgram(hasEngine: true)
        let path = StenoProgram.sample("audio/short.wav")
        let result = try await program.run(
            "stream",
            path,
            "--engine",
            "local",
            "--upload",
            "connectvets",
            "--patient",
            "B"
        )
        #expect(result.code == 64)
        #expect(result.errors.contains("--language en"))
    }
}
