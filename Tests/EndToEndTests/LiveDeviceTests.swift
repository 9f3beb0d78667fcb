import Foundation
import StenoTesting
import Testing

@Suite("Live, and a device that fails")
struct LiveDeviceTests {
    @Test("A device that is not there is 66, with what to do, and nothing on standard output")
    func absent() async throws {
        let dictating = try Dictating()
        let result = try await dictating.run("--sandbox=http://127.0.0.1:1", "--device", "hw:7,0")
        #expect(result.code == 66)
        #expect(result.output.isEmpty)
        #expect(result.errorLines.count <= 2)
        #expect(result.errors.contains("'hw:7,0'"))
        #expect(result.errors.contains("steno devices"))
    }

    @Test("A device that another program has, or that this user may not use, is 77", arguments: ["busy", "denied"])
    func refused(command: String) async throws {
        let dictating = try Dictating()
        dictating.microphone.send(command == "busy" ? .busy() : .denied())
        let result = try await dictating.run("--sandbox=http://127.0.0.1:1")
        #expect(result.code == 77)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(command == "busy" ? "in use by" : "group 'audio'"))
    }

    @Test("A channel that the device does not have is 66")
    func channel() async throws {
        let dictating = try Dictating()
        let result = try await dictating.run("--sandbox=http://127.0.0.1:1", "--channel", "3")
        #expect(result.code == 66)
        #expect(result.errors.contains("channel 3"))
    }

    @Test("Missing credentials are found before any microphone is opened")
    func credentials() async throws {
        let dictating = try Dictating()
        let result = try await dictating.run()
        #expect(result.code == 78)
        #expect(result.errors.contains("--sandbox"))
        #expect(dictating.microphone.journal.isEmpty)
    }

    @Test("Refused credentials end it with 77 at once, because nothing was ever recognised")
    func refusedKey() async throws {
        try await SandboxProcess.run { sandbox in
            let microphone = VirtualMicrophone()
            let program = try StenoProgram(
                sandbox.environment(key: "wrong").merging(microphone.environment) { $1 }
            )
            let result = try await program.run("live")
            #expect(result.code == 77)
            #expect(result.ended - result.began < .seconds(20))
        } violations: {
            // Wrong credentials are a contract broken.
            $0.code >= 0
        }
    }

    @Test("A device that is pulled out and comes back leaves one gap with its cause, and the words go on")
    func pulledOut() async throws {
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating()
            // In the pause between the third and the fourth utterance.
            dictating.microphone.send(.gone, at: 112_000)
            let running = try dictating.start(sandbox.option, "--duration", "14s", "--format", "jsonl")
            #expect(await running.says("The microphone is gone."))
            dictating.microphone.send(.back)
            let result = await running.result()
            let events = try result.events()
            let gaps = events.filter { $0.type == "gap" }
            #expect(gaps.count == 1)
            #expect(gaps.first?.text("cause") == "device-gone")
            let start = try #require(gaps.first?.number("start"))
            #expect(abs(start - 7) < 0.1)
            let coverage = try #require(events.last?.object("coverage"))
            let missing = try #require(coverage["missing"] as? Int)
            #expect(missing > 0)
            let texts = events.filter { $0.type == "utterance" }.compactMap { $0.text("text") }
            #expect(texts.starts(with: ["Good morning.", "Bella is a six year old retriever."]))
            #expect(events.contains { $0.type == "warning" && $0.text("text") == "The microphone is back." })
        }
    }

    @Test("The keys of a terminal pause and go on, and end it")
    func keys() async throws {
        guard Terminal.isThere else { return }
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating(environment: ["TERM": "xterm", "NO_COLOR": "1"])
            let terminal = try Terminal()
            let running = try dictating.start(sandbox.option, "--format", "jsonl", terminal: terminal)
            #expect(await running.prints("\"text\":\"Good morning.\""))
            terminal.type(" ")
            #expect(await running.prints("\"paused\":true"))
            // A pause that is shorter than a period of the sound leaves no gap.
            #expect(await terminal.showsPause())
            terminal.type(" ")
            #expect(await running.prints("\"cause\":\"paused\""))
            terminal.type("q")
            let result = await running.result()
            let events = try result.events()
            #expect([0, 75].contains(result.code))
            let gaps = events.filter { $0.type == "gap" }
            #expect(gaps.map { $0.text("cause") } == ["paused"])
            #expect(result.errors.contains("space"))
        }
    }

    @Test("A summary is made in the middle when a person presses its key")
    func summaryKey() async throws {
        guard Terminal.isThere else { return }
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating()
            let terminal = try Terminal()
            let running = try dictating.start(sandbox.option, "--format", "jsonl", terminal: terminal)
            #expect(await running.prints("\"confirmed\":true"))
            terminal.type("s")
            #expect(await running.prints("\"type\":\"summary\""))
            terminal.type("q")
            let result = await running.result()
            let summaries = try result.events().filter { $0.type == "summary" }
            #expect(summaries.count == 1)
            #expect(summaries.first?.bool("partial") == true || summaries.first?.number("covers") ?? 0 > 0)
        }
    }
}
