import Foundation
import StenoTesting
import Testing

@Suite("Stream")
struct StreamTests {
    @Test("The text is on standard output, one utterance per line and nothing else")
    func text() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let path = program.dictation()
            let result = try await program.run("stream", path, sandbox.option)
            #expect(result.output == Dictation.text)
            #expect(result.code == 0)
            #expect(result.errorLines.first == "'\(path)': 00:13 of audio, expected to take less than 16 s.")
            #expect(result.errorLines.dropFirst().first?.hasPrefix("Sandbox: ") == true)
            #expect(result.errorLines.last?.hasSuffix("every word is confirmed.") == true)
        }
    }

    @Test("The address of a sandbox may follow its option, and a bare option swallows no file")
    func sandboxOption() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let result = try await program.run("stream", "--sandbox", sandbox.address, program.dictation())
            #expect(result.output == Dictation.text)
            let bare = try await program.run("stream", "--sandbox", program.path("none.wav"))
            #expect(bare.code == 66)
        }
    }

    @Test("Every line of jsonl is an event, the first is the recording, and the last and only end counts every sample")
    func jsonl() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let result = try await program.run("stream", program.dictation(), sandbox.option, "--format", "jsonl")
            let events = try result.events()
            #expect(result.code == 0)
            #expect(events.allSatisfy { $0.number("v") == 1 && !$0.type.isEmpty })
            #expect(events.first?.type == "recording")
            #expect(events.first?.bool("sandbox") == true)
            #expect(events.first?.number("duration") == 13)
            #expect(events.filter { $0.type == "recording" }.count == 1)
            #expect(events.filter { $0.type == "end" }.count == 1)
            let end = try #require(events.last)
            #expect(end.type == "end" && end.bool("complete") == true)
            Self.expectWhole(try #require(end.object("coverage")), frames: Dictation.frames)
            let texts = events.filter { $0.type == "utterance" }.compactMap { $0.text("text") }
            #expect(texts.map { $0 + "\n" }.joined() == Dictation.text)
            #expect(events.contains { $0.type == "interim" })
        }
    }

    static func expectWhole(_ coverage: [String: Any], frames: Int) {
        func samples(_ name: String) -> Int { coverage[name] as? Int ?? -1 }
        #expect(samples("rate") == 16_000)
        #expect(samples("total") == frames)
        #expect(
            samples("confirmed") + samples("silent") + samples("unconfirmed") + samples("missing") == samples("total")
        )
        #expect(samples("sent") == frames)
    }

    @Test("States follow each other without repeats")
    func states() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let result = try await program.run("stream", program.dictation(), sandbox.option, "--format", "jsonl")
            let states = try result.events().filter { $0.type == "state" }.compactMap { $0.text("state") }
            #expect(states == ["connecting", "waiting-for-ready", "streaming", "draining", "closed"])
        }
    }

    @Test("An utterance has its words and their times, in order, inside the recording")
    func words() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let result = try await program.run("stream", program.dictation(), sandbox.option, "--format", "jsonl")
            let utterances = try result.events().filter { $0.type == "utterance" }
            let second = try #require(utterances.dropFirst().first)
            #expect(second.number("start") == 2.08 && second.number("end") == 4.16)
            #expect(second.bool("confirmed") == true)
            let words = try #require(second["words"] as? [[String: Any]])
            #expect(words.compactMap { $0["word"] as? String }.joined(separator: " ") == second.text("text"))
            #expect(words.first?["start"] as? Double == 2.08)
            #expect(Set(utterances.compactMap { $0.text("id") }).count == 5)
        }
    }

    @Test("Several files are one sequence each, in their order")
    func severalFiles() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let files = [program.dictation("a.wav"), program.dictation("b.wav")]
            let result = try await program.run(["stream", sandbox.option, "--format", "jsonl"] + files)
            let events = try result.events()
            #expect(result.code == 0)
            #expect(events.filter { $0.type == "recording" }.compactMap { $0.text("source") } == files)
            #expect(Set(events.compactMap { $0.type == "recording" ? $0.text("id") : nil }).count == 2)
            let order = events.map(\.type).filter { $0 == "recording" || $0 == "end" }
            #expect(order == ["recording", "end", "recording", "end"])
        }
    }

    @Test("Raw PCM and WAV on standard input give the same text as a file", arguments: [true, false])
    func standardInput(isRaw: Bool) async throws {
        try await SandboxProcess.run { sandbox in
            let input = isRaw ? Dictation.raw : Dictation.wav
            let result = try await StenoProgram().run("stream", "-", sandbox.option, input: input)
            #expect(result.output == Dictation.text)
            #expect(result.code == 0)
        }
    }

    @Test("Raw stereo at another rate is what --rate and --channels say")
    func rawForm() async throws {
        try await SandboxProcess.run { sandbox in
            // Each sample four times: two channels at twice the rate.
            let samples = Dictation.samples.flatMap { [$0, $0, $0, $0] }
            let arguments = ["stream", "-", sandbox.option, "--rate", "32000", "--channels", "2", "--format", "jsonl"]
            let result = try await StenoProgram().run(arguments, input: WAVFixture(samples).data)
            let end = try #require(try result.events().last)
            Self.expectWhole(try #require(end.object("coverage")), frames: Dictation.frames)
            #expect(result.code == 0)
        }
    }

    @Test("The FLAC uplink gives the same text")
    func flacUplink() async throws {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram()
            let result = try await program.run("stream", program.dictation(), sandbox.option, "--uplink", "flac")
            #expect(result.output == Dictation.text)
            #expect(result.code == 0)
        }
    }

    @Test("A lost connection loses and doubles no word", arguments: ["byte:200000:reset", "message:12:1011"])
    func lostConnection(drop: String) async throws {
        let program = try StenoProgram()
        let path = program.dictation()
        let script = program.file("visit.session", try Dictation.script(for: "visit.wav"))
        try await SandboxProcess.run(session: script, faults: ["drop=\(drop)@1"]) { sandbox in
            let copy = program.path("visit.txt")
            let arguments = ["stream", path, sandbox.option, "--format", "jsonl", "--output", copy]
            let result = try await program.run(arguments)
            let states = try result.events().filter { $0.type == "state" }.compactMap { $0.text("state") }
            #expect(states.contains("reconnecting"))
            #expect(program.files()["visit.txt"] == Dictation.text)
            #expect(result.code == 0, "\(result.errors)")
        }
    }
}
