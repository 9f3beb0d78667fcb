import Logging
import NIOPosix
import StenoAudio
import StenoCore
import StenoHTTP
import StenoJuvoly
import StenoSandbox
import StenoTesting
import Synchronization

/// A session with a sandbox of its own.
struct SessionRun {
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
        samples: [Int16] = Self.samples,
        isHeardByContent: Bool = false,
        resuming memory: RecordingMemory = RecordingMemory()
    ) async throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        var switches = SandboxFaults()
        for fault in faults { try switches.apply(fault) }
        var scripted = try ScriptedSession(path: "/\(root)/samples/sessions/\(script)")
        if isHeardByContent { scripted.audio = ScriptedAudio(samples: samples) }
        let recognition = SandboxRecognition.scripted([scripted])
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
            resuming: memory,
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
