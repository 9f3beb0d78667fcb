import Foundation
import StenoTesting
import Testing

@Suite("Live")
struct LiveTests {
    @Test("What is said into a microphone is on standard output, one utterance per line and nothing else")
    func text() async throws {
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating()
            let result = try await dictating.run(sandbox.option, "--duration", "14s")
            #expect(result.output == Dictation.text)
            #expect(result.code == 0)
            #expect(result.errorLines.contains { $0.hasSuffix("every word is confirmed.") })
            #expect(!result.errors.contains("Bella"))
        }
    }

    @Test("jsonl begins with the recording, tells interims before their utterance, and counts every sample")
    func jsonl() async throws {
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating()
            let result = try await dictating.run(sandbox.option, "--duration", "14s", "--format", "jsonl")
            let events = try result.events()
            #expect(result.code == 0)
            #expect(events.first?.type == "recording")
            let texts = events.filter { $0.type == "utterance" }.compactMap { $0.text("text") }
            #expect(texts.map { $0 + "\n" }.joined() == Dictation.text)
            let interim = try #require(events.firstIndex { $0.type == "interim" })
            let utterance = try #require(events.firstIndex { $0.type == "utterance" })
            #expect(interim < utterance)
            let coverage = try #require(events.last?.object("coverage"))
            let total = try #require(coverage["total"] as? Int)
            #expect((14 * 16_000..<15 * 16_000).contains(total))
            StreamTests.expectWhole(coverage, frames: total)
            #expect(coverage["missing"] as? Int == 0)
        }
    }

    @Test("The first Ctrl-C waits for the last words, which are never cut off", arguments: [SIGINT, SIGTERM, SIGHUP])
    func firstSignal(number: Int32) async throws {
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating()
            let running = try dictating.start(sandbox.option, "--format", "jsonl")
            // The second utterance is being spoken.
            #expect(await running.prints("\"text\":\"Bella"))
            running.signal(number)
            let result = await running.result()
            let events = try result.events()
            #expect(result.code == 0 || result.code == 75)
            #expect(events.last?.type == "end")
            #expect(events.last?.bool("complete") == (result.code == 0))
            let texts = events.filter { $0.type == "utterance" }.compactMap { $0.text("text") }
            #expect(texts.first == "Good morning.")
            #expect(texts.contains { $0.hasPrefix("Bella") })
        }
    }

    @Test("The second Ctrl-C stops at once, and the audio is kept to the end")
    func secondSignal() async throws {
        try await SandboxProcess.run(faults: ["juvoly.ready=never"]) { sandbox in
            let dictating = try Dictating()
            let running = try dictating.start(sandbox.option, "--format", "jsonl")
            #expect(await running.says("Waiting for the service"))
            running.signal(SIGINT)
            #expect(await running.says("Stopping"))
            running.signal(SIGINT)
            let result = await running.result()
            #expect(result.code == 130)
            let id = try #require(await dictating.recording())
            let file = dictating.program.path("kept.wav")
            let export = try await dictating.program.run("recordings", "export", id, "--output", file)
            #expect(export.code == 0)
            let kept = try Data(contentsOf: URL(filePath: file))
            #expect(kept.count > 44)
            #expect(kept.dropFirst(44).elementsEqual(Dictation.raw.prefix(kept.count - 44)))
        }
    }

    @Test("The recording is kept as it was spoken, readable by nobody else, and verifies")
    func kept() async throws {
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating()
            let result = try await dictating.run(sandbox.option, "--duration", "14s")
            #expect(result.code == 0)
            let id = try #require(await dictating.recording())
            #expect(result.errors.contains(id))
            let verified = try await dictating.program.run("recordings", "verify", id)
            #expect(verified.code == 0)
            let file = dictating.program.path("kept.wav")
            _ = try await dictating.program.run("recordings", "export", id, "--output", file)
            let kept = try Data(contentsOf: URL(filePath: file)).dropFirst(44)
            #expect(kept.prefix(Dictation.raw.count).elementsEqual(Dictation.raw))
            #expect(kept.dropFirst(Dictation.raw.count).allSatisfy { $0 == 0 })
        }
    }

    @Test("With --no-store nothing stays behind once everything is done")
    func noStore() async throws {
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating()
            let result = try await dictating.run(sandbox.option, "--until-silence", "4s", "--no-store")
            #expect(result.code == 0)
            #expect(try await dictating.recording() == nil)
        }
    }

    @Test("It stops by itself when nobody has spoken for as long as was said, and misses nothing before")
    func untilSilence() async throws {
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating()
            let result = try await dictating.run(sandbox.option, "--until-silence", "4s")
            #expect(result.code == 0)
            #expect(result.output == Dictation.text)
        }
    }

    @Test("A silence gives no note: deliveries are skipped, and the person is told why there is no sound")
    func silence() async throws {
        try await SandboxProcess.run(session: "empty") { sandbox in
            let dictating = try Dictating(hearing: [])
            let result = try await dictating.run(
                sandbox.option,
                "--duration",
                "5s",
                "--format",
                "jsonl",
                "--summary",
                "soep",
                "--upload",
                "connectvets",
                "--patient",
                "Demo"
            )
            let events = try result.events()
            #expect(result.code == 0)
            let deliveries = events.filter { $0.type == "delivery" }
            #expect(deliveries.count == 2)
            #expect(deliveries.allSatisfy { $0.text("state") == "skipped" })
            #expect(events.contains { $0.text("microphone") == "digital-zero" })
            #expect(events.contains { $0.type == "warning" && $0.text("text")?.contains("exact zeros") == true })
        }
    }
}
