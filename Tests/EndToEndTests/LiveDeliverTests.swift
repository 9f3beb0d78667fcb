import Glibc
import StenoTesting
import Testing

@Suite("Deliver a dictation")
struct LiveDeliverTests {
    @Test("A dictation that was killed is finished: what was recorded has its text, each word once")
    func live() async throws {
        let script = TemporaryFolder()
        _ = script.write(Dictation.wav, to: "visit.wav")
        let session = script.write(Array(try Dictation.script(for: "visit.wav").utf8), to: "visit.session")
        try await SandboxProcess.run(session: session) { sandbox in
            let dictating = try Dictating()
            let running = try dictating.start(sandbox.option, "--format", "jsonl")
            #expect(await running.prints("The left front paw is"))
            running.signal(SIGKILL)
            _ = await running.result()
            let id = try #require(await dictating.recording())
            let result = try await dictating.program.run("deliver", id, "--to", "transcript", sandbox.option)
            #expect(result.code == 0, "\(result.errors)")
            let said = result.output.split { $0.isWhitespace }
            let words = Dictation.text.split { $0.isWhitespace }
            // How much was recorded by then is a matter of milliseconds; none of it is missing or doubled.
            #expect(said.count >= 17 && said[...] == words.prefix(said.count), "\(result.output)")
            let verified = try await dictating.program.run("recordings", "verify", id)
            #expect(verified.code == 0)
        }
    }

    @Test("A dictation without any service is recognised afterwards, with the same text as live")
    func offline() async throws {
        let script = TemporaryFolder()
        _ = script.write(Dictation.wav, to: "visit.wav")
        let session = script.write(Array(try Dictation.script(for: "visit.wav").utf8), to: "visit.session")
        try await SandboxProcess.run(session: session) { sandbox in
            let dictating = try Dictating()
            let port = ClosedPort()
            let running = try dictating.start("--sandbox=\(port.url)")
            // Plain lines tell the position every ten seconds; the fourth utterance is over by then.
            #expect(await running.says(" elapsed: "))
            running.signal(SIGINT)
            #expect(await running.says("Stopping"))
            running.signal(SIGINT)
            let stopped = await running.result()
            #expect(stopped.code == 130 && stopped.output.isEmpty)
            let id = try #require(await dictating.recording())
            #expect(stopped.errors.contains("To finish it: steno deliver \(id) --to transcript"))
            let result = try await dictating.program.run("deliver", id, "--to", "transcript", sandbox.option)
            #expect(result.code == 0, "\(result.errors)")
            #expect(result.output.split(separator: "\n").prefix(4) == Dictation.text.split(separator: "\n").prefix(4))
        }
    }
}
