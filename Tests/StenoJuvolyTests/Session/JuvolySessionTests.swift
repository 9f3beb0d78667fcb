import StenoAudio
import StenoCore
import StenoJuvoly
import StenoSandbox
import StenoTesting
import Testing

@Suite("Juvoly session, against the sandbox")
struct JuvolySessionTests {
    @Test("Every sample arrives, every word is confirmed, and no contract is broken")
    func cleanRun() async throws {
        let run = try await SessionRun("dictation.session")
        let outcome = await run.session.run()

        #expect(outcome.reason == .finished(.complete))
        #expect(outcome.ledger.transcript.utterances.map(\.text).first == "Good morning.")
        #expect(outcome.ledger.transcript.utterances.count == 5)
        #expect(outcome.ledger.isComplete)
        let totals = outcome.ledger.coverage.totals
        #expect(totals.confirmed + totals.silent + totals.unconfirmed + totals.missing == totals.total)
        #expect(totals.sent == totals.total)
        let connection = try #require(run.server.journal.connections.first)
        #expect(connection.audioFrames - connection.trailingSilentFrames <= Int64(SessionRun.samples.count))
        #expect(connection.audioFrames >= Int64(SessionRun.samples.count))
        #expect(connection.closeCode == 1000)
        #expect(await run.end() == [])
    }

    @Test("After a reset in the middle every sample is sent on, and all that was said is confirmed")
    func resetInTheMiddle() async throws {
        let run = try await SessionRun("dictation.session", faults: ["drop=byte:200000:reset@1"])
        let outcome = await run.session.run()

        #expect(outcome.reason == .finished(.complete))
        #expect(outcome.connections > 1)
        #expect(outcome.ledger.coverage.totals.sent == Int64(SessionRun.samples.count))
        #expect(outcome.ledger.coverage.unsettled.isEmpty)
        #expect(await run.end() == [])
    }

    @Test("Refused credentials end the session at once, and nothing is called silent that was not")
    func refused() async throws {
        let run = try await SessionRun("dictation.session", faults: ["sessionStatus=401"])
        let outcome = await run.session.run()

        #expect(outcome.reason == .refused)
        #expect(outcome.connections == 0)
        #expect(outcome.ledger.coverage.totals.unconfirmed > 0)
        #expect(outcome.ledger.coverage.totals.sent == 0)
        #expect(!outcome.ledger.isComplete)
        _ = await run.end()
    }

    @Test("A summary is asked for after the last word, and never from silence")
    func summaries() async throws {
        var policy = SessionRun.policy
        policy.wantsSummary = true
        let spoken = try await SessionRun("dictation.session", policy: policy)
        let outcome = await spoken.session.run()
        #expect(outcome.summary?.isPartial == false)
        #expect(outcome.summary?.summary.episodes.isEmpty == false)
        #expect(await spoken.end() == [])

        let silent = try await SessionRun(
            "empty.session",
            policy: policy,
            samples: Signal.silence(frames: 3 * SamplePosition.rate)
        )
        let quiet = await silent.session.run()
        #expect(quiet.reason == .finished(.complete))
        #expect(quiet.summary == nil && !quiet.isSummaryMissing)
        #expect(silent.server.journal.connections.first?.requests == [])
        #expect(await silent.end() == [])
    }

    @Test("A second stop ends it at once and keeps what was heard")
    func stopAtOnce() async throws {
        var policy = SessionRun.policy
        policy.pace = .live
        let run = try await SessionRun("dictation.session", policy: policy)
        let session = run.session
        run.onEvent.set { event in
            if case .transcript(.show) = event { session.requestStop(atOnce: true) }
        }
        let outcome = await session.run()
        #expect(outcome.reason == .stopped)
        #expect(!outcome.ledger.isComplete)
        _ = await run.end()
    }
}
