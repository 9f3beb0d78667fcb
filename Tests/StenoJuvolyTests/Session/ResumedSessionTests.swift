import StenoAudio
import StenoCore
import StenoJuvoly
import StenoSandbox
import StenoTesting
import Testing

@Suite("Juvoly session that goes on where another one ended")
struct ResumedSessionTests {
    /// Noise in the room, so that the server can tell every place by its sound, wherever a connection begins.
    static let samples = zip(
        SessionRun.samples,
        Signal.noise(level: -80, frames: SessionRun.samples.count)
    ).map { $0 &+ $1 }

    /// A process that ends without a word when it was given so many utterances: what it had told is all there is.
    private func first(_ completed: Int) async throws -> (
        memory: RecordingMemory, sent: Int64, events: [RecognitionEvent]
    ) {
        var policy = SessionRun.policy
        policy.pace = .realTime(speed: 8, catchUp: 1)
        let run = try await SessionRun(
            "dictation.session",
            policy: policy,
            samples: Self.samples,
            isHeardByContent: true
        )
        let session = run.session
        let events = Locked<[RecognitionEvent]>([])
        run.onEvent.set { event in
            let count = events.withLock { events in
                events.append(event)
                return events.count { if case .transcript(.complete) = $0 { true } else { false } }
            }
            if count == completed { session.requestStop(atOnce: true) }
        }
        let outcome = await session.run()
        #expect(outcome.reason == .stopped)
        _ = await run.end()
        return (outcome.ledger.memory, outcome.ledger.coverage.totals.sent, events.withLock { $0 })
    }

    @Test(
        "Stopped anywhere, the text is whole and nothing is doubled, and no more is sent again than a replay",
        arguments: 1...4
    )
    func whole(completed: Int) async throws {
        let first = try await self.first(completed)
        let undisturbed = try await SessionRun("dictation.session", samples: Self.samples, isHeardByContent: true)
        let expected = await undisturbed.session.run().ledger.transcript.utterances.map(\.text)
        _ = await undisturbed.end()

        let run = try await SessionRun(
            "dictation.session",
            samples: Self.samples,
            isHeardByContent: true,
            resuming: first.memory
        )
        let delivered = Locked<[Utterance]>([])
        run.onEvent.set { event in
            if case .transcript(.deliver(let utterance)) = event { delivered.withLock { $0.append(utterance) } }
        }
        let outcome = await run.session.run()
        #expect(outcome.reason == .finished(.complete))
        #expect(outcome.ledger.transcript.utterances.map(\.text) == expected)
        #expect(outcome.ledger.isComplete)
        #expect(outcome.ledger.coverage.totals.sent == Int64(SessionRun.samples.count))
        #expect(Set(outcome.ledger.transcript.utterances.map(\.id)).count == expected.count)
        #expect(delivered.withLock { $0.map(\.text) } == Array(expected.dropFirst(completed)))

        let connection = try #require(run.server.journal.connections.first)
        let again =
            connection.audioFrames - connection.trailingSilentFrames + first.sent - Int64(SessionRun.samples.count)
        let begun = RecordingLedger(resuming: first.memory).beginning
        #expect(again <= SamplePosition(frames: first.sent) - begun)
        #expect(await run.end() == [])
    }

    @Test("Coverage is told while it runs and once more at the very end, as it then is")
    func coverage() async throws {
        var policy = SessionRun.policy
        policy.pace = .realTime(speed: 8, catchUp: 1)
        let run = try await SessionRun(
            "dictation.session",
            policy: policy,
            samples: Self.samples,
            isHeardByContent: true
        )
        let events = Locked<[RecognitionEvent]>([])
        run.onEvent.set { event in events.withLock { $0.append(event) } }
        let outcome = await run.session.run()
        _ = await run.end()

        let all = events.withLock { $0 }
        #expect(all.last == .coverage(outcome.ledger.coverage))
        let told = all.compactMap { if case .coverage(let coverage) = $0 { coverage.totals } else { nil } }
        #expect(told.count > 2)
        for totals in told {
            #expect(totals.confirmed + totals.silent + totals.unconfirmed + totals.missing == totals.total)
        }
        #expect(zip(told, told.dropFirst()).allSatisfy { $0.sent <= $1.sent && $0.confirmed <= $1.confirmed })
    }

    @Test("What was told last before a process was killed is enough to go on with")
    func killed() async throws {
        let first = try await self.first(2)
        // What a store keeps: completed utterances, and the last coverage before the stop was known.
        var memory = RecordingMemory()
        for event in first.events {
            switch event {
            case .transcript(.complete(let utterance)): memory.utterances.append(utterance)
            case .coverage(let coverage): if memory.utterances.count < 2 { memory.coverage = coverage.memory }
            default: break
            }
        }
        let run = try await SessionRun(
            "dictation.session",
            samples: Self.samples,
            isHeardByContent: true,
            resuming: memory
        )
        let outcome = await run.session.run()
        #expect(outcome.ledger.transcript.utterances.count == 5)
        #expect(outcome.ledger.isComplete)
        #expect(await run.end() == [])
    }
}
