import StenoCore
import StenoJuvoly
import StenoSandbox
import StenoTesting
import Testing

@Suite("Juvoly session, closed as refused after it was stable", .timeLimit(.minutes(1)))
struct StableSessionTests {
    /// Different everywhere, so that the sandbox can tell by its sound what it hears.
    private static let samples = Signal.mixed(
        SessionRun.samples,
        Signal.noise(level: -50, frames: SessionRun.samples.count, seed: 3)
    )

    @Test("1008 three times with a stable connection between is no refusal: every word is confirmed, once")
    func stableBetween() async throws {
        var policy = SessionRun.policy
        policy.pace = .realTime(speed: 8, catchUp: 1)
        policy.stableAfter = .milliseconds(200)
        policy.refusalWindow = .milliseconds(200)
        // Nobody is to think that it was too fast.
        policy.speedBlame = .seconds(-1)
        let run = try await SessionRun(
            "dictation.session",
            faults: ["drop=byte:100000:1008@1-3"],
            policy: policy,
            samples: Self.samples,
            isHeardByContent: true
        )
        let outcome = await run.session.run()
        #expect(outcome.reason == .finished(.complete))
        #expect(outcome.connections >= 4)
        #expect(
            outcome.ledger.transcript.utterances.map(\.text) == [
                "Good morning.", "Bella is a six year old retriever.", "She has been limping since Monday.",
                "The left front paw is swollen.", "Rest for one week.",
            ]
        )
        #expect(outcome.ledger.isComplete)
        #expect(await run.end() == [])
    }

    @Test("1008 at once, again and again, is a refusal at the third")
    func atOnce() async throws {
        for code in [1008, 4403] {
            let run = try await SessionRun("dictation.session", faults: ["drop=message:1:\(code)"])
            let outcome = await run.session.run()
            #expect(outcome.reason == .refused)
            #expect(run.server.journal.connections.count == 3)
            #expect(outcome.ledger.coverage.totals.sent == 0)
            _ = await run.end()
        }
    }
}
