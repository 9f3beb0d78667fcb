import ChaosProxy
import Foundation
import Synchronization
import Testing

/// A sandbox that hears the dictation by its sound, behind a network that fails.
struct HostileNetwork: Sendable {
    let proxy: ChaosProxy
    /// When each fate came.
    private let fates: Fates

    private final class Fates: Sendable {
        let times = Mutex<[ContinuousClock.Instant]>([])
    }

    /// - Parameters:
    ///   - lines: what becomes of the first sockets, in turn.
    ///   - rest: of those after them.
    ///   - faults: switches of the sandbox.
    static func run(
        _ lines: [ChaosLine] = [],
        rest: ChaosLine = .clean,
        faults: [String] = [],
        isolation: isolated (any Actor)? = #isolation,
        body: (HostileNetwork) async throws -> Void
    ) async throws {
        let files = try StenoProgram()
        _ = files.dictation()
        let script = files.file("visit.session", try Dictation.script(for: "visit.wav"))
        try await SandboxProcess.run(session: script, faults: faults) { sandbox in
            let fates = Fates()
            let met: @Sendable (Int) -> Void = { _ in fates.times.withLock { $0.append(.now) } }
            try await ChaosProxy.run(to: sandbox.port, lines, rest: rest, met: met) { proxy in
                try await body(HostileNetwork(proxy: proxy, fates: fates))
            }
        }
    }

    /// The option that makes a command use it.
    var option: String { "--sandbox=\(self.proxy.url)" }

    /// When the first fate came.
    var firstFate: ContinuousClock.Instant? { self.fates.times.withLock { $0.first } }

    /// Every word once, in order, all audio sent and confirmed.
    static func expectAllWords(_ result: StenoProgram.Result, _ comment: Comment? = nil) throws {
        #expect(result.code == 0, "\(result.errors)")
        let events = try result.events()
        var texts: [String: (start: Double, text: String)] = [:]
        for event in events where event.type == "utterance" {
            texts[event.text("id") ?? ""] = (event.number("start") ?? 0, event.text("text") ?? "")
        }
        // Word by word: a service that hears nothing more completes an utterance where it is.
        let words = texts.values.sorted { $0.start < $1.start }.flatMap { $0.text.split(separator: " ") }
        #expect(words == Dictation.text.split { $0.isWhitespace }, comment)
        let end = try #require(events.last)
        let coverage = try #require(end.object("coverage"))
        let total = try #require(coverage["total"] as? Int)
        #expect(end.bool("complete") == true, comment)
        #expect(total >= Dictation.frames, comment)
        StreamTests.expectWhole(coverage, frames: total)
        #expect(coverage["unconfirmed"] as? Int == 0 && coverage["missing"] as? Int == 0, comment)
    }
}
