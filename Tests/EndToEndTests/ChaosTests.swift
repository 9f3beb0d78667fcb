import ChaosProxy
import Foundation
import StenoTesting
import Testing

/// Nearly all of this is waiting, so it runs side by side, and not beside tests that take the processor.
@Suite("A hostile network")
struct ChaosTests {
    /// So many bytes are half of the frames.
    private static let half = Dictation.frames

    @Test(
        "A connection that ends after half of the frames, with a fresh one waiting: all frames, all words, once",
        arguments: [ChaosLine.Fate.reset, .close, .halfClose]
    )
    func ended(fate: ChaosLine.Fate) async throws {
        try await HostileNetwork.run([.after(Self.half, fate)]) { network in
            let program = try StenoProgram()
            let result = try await program.run("stream", program.dictation(), network.option, "--format", "jsonl")
            try HostileNetwork.expectAllWords(result)
            #expect(network.firstFate != nil)
        }
    }

    @Test("The same for a microphone, whose recording is whole too", arguments: [ChaosLine.Fate.reset, .halfClose])
    func endedLive(fate: ChaosLine.Fate) async throws {
        try await HostileNetwork.run([.after(Self.half, fate)]) { network in
            let dictating = try Dictating()
            let result = try await dictating.run(network.option, "--duration", "14s", "--format", "jsonl")
            try HostileNetwork.expectAllWords(result)
            #expect(network.firstFate != nil)
            let id = try #require(await dictating.recording())
            #expect(try await dictating.program.run("recordings", "verify", id).code == 0)
        }
    }

    @Test(
        "A line that forwards nothing, and one whose far side reads nothing, are found within twelve seconds",
        arguments: [ChaosLine.Fate.blackHole(nil), .stopReading(nil)]
    )
    func silent(fate: ChaosLine.Fate) async throws {
        try await HostileNetwork.run([.after(Self.half, fate)]) { network in
            let program = try StenoProgram()
            let arguments = ["stream", program.dictation(), network.option, "--format", "jsonl"]
            let running = try program.start(arguments)
            #expect(await running.prints("reconnecting"))
            let fate = try #require(network.firstFate)
            #expect(ContinuousClock.now - fate < .seconds(13), "twelve, and a moment to tell")
            try HostileNetwork.expectAllWords(await running.result())
        }
    }

    @Test("The service closes with 1011 before it is ready, three times, and then works: all words, once")
    func failing() async throws {
        try await HostileNetwork.run(faults: ["drop=message:1:1011@1-3"]) { network in
            let program = try StenoProgram()
            let result = try await program.run("stream", program.dictation(), network.option, "--format", "jsonl")
            try HostileNetwork.expectAllWords(result)
        }
    }

    @Test(
        "The service closes each connection at once as refused: 77 after three, and no more",
        arguments: [1008, 4403]
    )
    func refused(code: Int) async throws {
        try await HostileNetwork.run(faults: ["drop=message:1:\(code)"]) { network in
            let program = try StenoProgram()
            let result = try await program.run("stream", program.dictation(), network.option, "--format", "jsonl")
            #expect(result.code == 77, "\(result.errors)")
            #expect(result.ended - result.began < .seconds(20))
            let states = try result.events().filter { $0.type == "state" }.compactMap { $0.text("state") }
            #expect(states.filter { $0 == "waiting-for-ready" }.count == 3)
        }
    }

    @Test(
        "Refused in the middle of a dictation, the recording goes on to its end, and 77 tells it",
        arguments: [1008, 4403]
    )
    func refusedLater(code: Int) async throws {
        let faults = ["drop=byte:100000:reset@1", "drop=message:1:\(code)@2+"]
        try await HostileNetwork.run(faults: faults) { network in
            let dictating = try Dictating()
            let result = try await dictating.run(network.option, "--duration", "14s", "--format", "jsonl")
            #expect(result.code == 77, "\(result.errors)")
            #expect(result.errors.contains("the recording goes on"))
            let id = try #require(await dictating.recording())
            let file = dictating.program.path("kept.wav")
            #expect(try await dictating.program.run("recordings", "export", id, "--output", file).code == 0)
            let kept = try Data(contentsOf: URL(filePath: file)).dropFirst(44)
            #expect(kept.starts(with: Dictation.raw))
        }
    }

    @Test("Nobody listens for some seconds after a reset: all words, once")
    func nobodyListens() async throws {
        try await HostileNetwork.run([.after(Self.half, .refusal(.seconds(3)))]) { network in
            let program = try StenoProgram()
            let result = try await program.run("stream", program.dictation(), network.option, "--format", "jsonl")
            try HostileNetwork.expectAllWords(result)
        }
    }

    @Test("The segments in which an answer comes do not matter, be they of one byte")
    func segments() async throws {
        for line in [ChaosLine.segments(of: 1), .segments(of: 7), .cut(at: 100), .cut(at: 1_000)] {
            try await HostileNetwork.run(rest: line) { network in
                let program = try StenoProgram()
                let result = try await program.run("stream", program.dictation(), network.option, "--format", "jsonl")
                try HostileNetwork.expectAllWords(result, "\(line)")
            }
        }
    }

    @Test("On a line that is too slow the person is told how far it is behind, and then that it catches up")
    func slowLine() async throws {
        // Half of what a microphone gives.
        try await HostileNetwork.run(rest: .uplink(bitsPerSecond: 128_000)) { network in
            let dictating = try Dictating()
            let terminal = try Terminal(columns: 120)
            let running = try dictating.start(
                network.option,
                "--duration",
                "14s",
                "--format",
                "jsonl",
                terminal: terminal
            )
            #expect(await running.says(" behind"))
            #expect(await running.says("catching up"))
            try HostileNetwork.expectAllWords(await running.result())
        }
    }
}
