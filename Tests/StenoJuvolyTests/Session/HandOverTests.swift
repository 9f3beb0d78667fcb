import StenoAudio
import StenoCore
import StenoJuvoly
import StenoSandbox
import StenoTesting
import Testing

@Suite("Juvoly session whose connections are limited")
struct HandOverTests {
    @Test("Each connection is followed by the next one without a break: every word once, and each is closed in order")
    func overlapped() async throws {
        var policy = SessionRun.policy
        policy.pace = .realTime(speed: 4, catchUp: 1.5)
        policy.connectionLimit = .milliseconds(1_200)
        let run = try await SessionRun(
            "dictation.session",
            policy: policy,
            samples: ResumedSessionTests.samples,
            isHeardByContent: true
        )
        let events = Locked<[RecognitionEvent]>([])
        run.onEvent.set { event in events.withLock { $0.append(event) } }
        let outcome = await run.session.run()

        #expect(outcome.reason == .finished(.complete))
        #expect(outcome.ledger.transcript.utterances.count == 5)
        #expect(outcome.ledger.transcript.utterances.allSatisfy { $0.isConfirmed && !$0.isDoubtful })
        #expect(outcome.ledger.isComplete)
        let heard = run.server.journal.connections.filter { $0.audioFrames > 0 }
        #expect(heard.count > 1)
        #expect(heard.allSatisfy { $0.closeCode == 1000 })
        let all = events.withLock { $0 }
        #expect(!all.contains(.connectionLost))
        #expect(!all.contains(.state(.waiting)))
        _ = await run.end()
    }

    @Test("A service that gives no second session does not disturb the first connection")
    func refused() async throws {
        var policy = SessionRun.policy
        policy.pace = .realTime(speed: 8, catchUp: 1.5)
        policy.connectionLimit = .milliseconds(800)
        let run = try await SessionRun("dictation.session", faults: ["sessionStatus=503@2+"], policy: policy)
        let outcome = await run.session.run()
        #expect(outcome.reason == .finished(.complete))
        #expect(outcome.ledger.isComplete)
        #expect(run.server.journal.connections.count == 1)
        _ = await run.end()
    }
}
