import Logging
import NIOPosix
import StenoAudio
import StenoCore
import StenoHTTP
import StenoJuvoly
import StenoSandbox
import StenoTesting
import Synchronization
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

/// A session with a sandbox of its own.
private struct SessionRun {
    struct Handler: Sendable {
        var call: @Sendable (RecognitionEvent) -> Void
    }

    let server: SandboxServer
    let session: JuvolySession
    let onEvent: MutexBox
    private let transport: HTTPTransport

    /// As long as the scripted dictation, and speech wherever the script has words.
    static let samples: [Int16] = {
        var samples = Signal.silence(frames: 13 * SamplePosition.rate)
        for (start, end) in [(0.4, 1.2), (2.08, 4.16), (5.04, 6.88), (7.76, 9.44), (10.24, 11.44)] {
            let first = Int(start * 16_000)
            let voice = Signal.voice(frames: Int(end * 16_000) - first)
            samples.replaceSubrange(first..<first + voice.count, with: voice)
        }
        return samples
    }()

    static var policy: SessionPolicy {
        var policy = SessionPolicy()
        policy.pace = .unlimited
        policy.firstDelay = .milliseconds(20)
        return policy
    }

    init(
        _ script: String,
        faults: [String] = [],
        policy: SessionPolicy = Self.policy,
        samples: [Int16] = Self.samples
    ) async throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        var switches = SandboxFaults()
        for fault in faults { try switches.apply(fault) }
        let recognition = SandboxRecognition.scripted([try ScriptedSession(path: "/\(root)/samples/sessions/\(script)")]
        )
        self.server = try await SandboxServer.start(
            SandboxConfiguration(recognition: recognition, faults: switches),
            on: MultiThreadedEventLoopGroup.singleton
        )
        let transport = HTTPTransport()
        self.transport = transport
        let client = JuvolySessionClient(transport: transport)
        let tickets = SessionSource.service(
            rest: try ServiceURL(self.server.juvolyREST),
            apiKey: Secret(SandboxCredentials.juvolyUserKey),
            clientID: SandboxCredentials.juvolyClientID
        )
        let box = MutexBox()
        self.onEvent = box
        self.session = JuvolySession(
            source: ScriptedSource(samples),
            configuration: JuvolyConfiguration(
                socketBase: try ServiceURL(self.server.juvolySocket, family: .socket),
                policy: policy
            ),
            tickets: {
                do throws(ServiceError) {
                    return .success(try await client.createSession(from: tickets))
                } catch {
                    return .failure(error)
                }
            },
            eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            seed: 1,
            onEvent: { box.call($0) }
        )
    }

    func end() async -> [String] {
        await self.transport.shutdown()
        let violations = self.server.violations.map { "\($0)" }
        await self.server.stop()
        return violations
    }

    /// Lets a test say, after the session was made, what happens on its events.
    final class MutexBox: Sendable {
        private let handler = Mutex(Handler(call: { _ in }))

        func set(_ call: @escaping @Sendable (RecognitionEvent) -> Void) {
            self.handler.withLock { $0 = Handler(call: call) }
        }

        func call(_ event: RecognitionEvent) { self.handler.withLock { $0 }.call(event) }
    }
}
