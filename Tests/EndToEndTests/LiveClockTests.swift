import Foundation
import Glibc
import StenoTesting
import Testing

/// The program on a machine whose wall clock jumps while it runs.
@Suite("A wall clock that jumps")
struct LiveClockTests {
    private static let day = 86_400
    /// What makes the clock of the program show that it is 1970.
    private static var toTheBeginning: Int { 10 - time(nil) }
    /// By how many seconds the clock is wrong from the end of each utterance on: 1970 at first, then it is set right, then
    /// the days and the hour that people and name servers get wrong.
    private static let jumps = [0, Self.day, -Self.day, -3_600, Self.toTheBeginning]

    /// The clock jumps whenever a sentence has been heard.
    private static func jump(_ host: FaultyHost, with running: Running) async {
        let sentences = Dictation.text.split(separator: "\n")
        for (sentence, error) in zip(sentences, Self.jumps) {
            guard let last = sentence.split(separator: " ").last, await running.prints(String(last)) else { return }
            host.setClock(wrongBy: error)
        }
    }

    private static func expectWhole(_ result: StenoProgram.Result, _ program: StenoProgram) async throws {
        try HostileNetwork.expectAllWords(result)
        let events = try result.events()
        let ends = events.filter { $0.type == "utterance" }.compactMap { $0.number("end") }
        #expect(ends.count == Dictation.ends.count)
        for (end, said) in zip(ends, Dictation.ends) { #expect(abs(end - said) < 0.3, "\(ends)") }
        let id = try #require(result.recording)
        #expect(id.hasPrefix("19700101-"))
        for command in ["show", "verify"] { #expect(try await program.run("recordings", command, id).code == 0) }
        let lines = try await program.run("recordings", "list", "--json").events()
        #expect(lines.map { $0.text("id") } == [id] && lines.map { $0.bool("complete") } == [true])
        #expect(lines.first?.text("state") == "finished")
    }

    @Test("However it jumps during a dictation: all words, once, where they were said, and the length is right")
    func live() async throws {
        try await HostileNetwork.run { network in
            let host = FaultyHost()
            host.setClock(wrongBy: Self.toTheBeginning)
            let dictating = try Dictating(environment: host.environment)
            let running = try dictating.start(network.option, "--duration", "14s", "--format", "jsonl")
            await Self.jump(host, with: running)
            let result = await running.result()
            try await Self.expectWhole(result, dictating.program)
            let total = try #require(try result.events().last?.object("coverage")?["total"] as? Int)
            #expect((14 * 16_000..<15 * 16_000).contains(total))
        }
    }

    @Test("However it jumps while a file is streamed: the same")
    func stream() async throws {
        try await HostileNetwork.run { network in
            let host = FaultyHost()
            host.setClock(wrongBy: Self.toTheBeginning)
            let program = try StenoProgram(host.environment)
            let arguments = ["stream", program.dictation(), network.option, "--speed", "2", "--format", "jsonl"]
            let running = try program.start(arguments)
            await Self.jump(host, with: running)
            try await Self.expectWhole(await running.result(), program)
        }
    }

    @Test("Two recordings of the same second and one of the day before are three, and a jump ahead removes none")
    func library() async throws {
        try await SandboxProcess.run(session: "empty") { sandbox in
            let host = FaultyHost()
            let program = try StenoProgram(host.environment)
            let noon = time(nil) / 3_600 * 3_600
            for begun in [noon, noon, noon - Self.day, noon + 400 * Self.day, noon, noon + 400 * Self.day] {
                host.setClock(wrongBy: begun - time(nil))
                let result = try await program.run(
                    ["stream", program.silence(), sandbox.option, "--no-resume", "--keep", "1", "--format", "jsonl"]
                )
                #expect(result.code == 0, "\(result.errors)")
            }
            host.setClock(wrongBy: 0)
            let ids = try await program.run("recordings", "list", "--json").events().compactMap { $0.text("id") }
            #expect(Set(ids).count == 6 && ids == ids.sorted())
            for id in ids { #expect(try await program.run("recordings", "verify", id).code == 0) }
        }
    }
}
