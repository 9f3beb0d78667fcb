import Foundation
import StenoTesting

/// A stream of the dictation that can be interrupted at any point and taken up again, beside a sandbox that tells by
/// the sound what it hears, wherever a connection begins.
struct Interrupted {
    let program: StenoProgram
    let path: String
    let sandbox: SandboxProcess

    static func run(
        faults: [String] = [],
        isolation: isolated (any Actor)? = #isolation,
        body: (Interrupted) async throws -> Void
    ) async throws {
        let program = try StenoProgram()
        let path = program.dictation()
        let script = program.file("visit.session", try Dictation.script(for: "visit.wav"))
        try await SandboxProcess.run(session: script, faults: faults) { sandbox in
            try await body(Interrupted(program: program, path: path, sandbox: sandbox))
        }
    }

    /// Slow enough to be interrupted in the middle.
    func start(_ arguments: String..., speed: String = "1") throws -> Running {
        let common = ["stream", self.path, self.sandbox.option, "--format", "jsonl", "--speed", speed]
        return try self.program.start(common + arguments)
    }

    func resume(_ arguments: String...) async throws -> StenoProgram.Result {
        try await self.program.run(["stream", self.path, self.sandbox.option, "--format", "jsonl"] + arguments)
    }

    func deliver(_ id: String, _ arguments: String...) async throws -> StenoProgram.Result {
        try await self.program.run(["deliver", id, "--to", "transcript", self.sandbox.option] + arguments)
    }

    /// Ids and states of what is kept.
    func recordings() async throws -> [(id: String, state: String, isComplete: Bool)] {
        try await self.program.run("recordings", "list", "--json", self.sandbox.option).events().map { line in
            (line.text("id") ?? "", line.text("state") ?? "", line.bool("complete") ?? false)
        }
    }
}

extension StenoProgram.Result {
    /// The id that `recording` told.
    var recording: String? { try? self.events().first { $0.type == "recording" }?.text("id") }

    /// What the events say was said: the last word on each utterance, in the order of the timeline.
    var words: String {
        var last: [String: JSONLine] = [:]
        for event in (try? self.events()) ?? [] where event.type == "utterance" { last[event.text("id") ?? ""] = event }
        return last.values
            .filter { $0.bool("confirmed") == true && $0.text("text")?.isEmpty == false }
            .sorted { ($0.number("start") ?? 0) < ($1.number("start") ?? 0) }
            .map { ($0.text("text") ?? "") + "\n" }
            .joined()
    }
}
