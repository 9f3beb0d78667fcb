import Logging
import NIOPosix
import StenoAudio
import StenoCore
import StenoHTTP
import StenoJuvoly
import StenoTesting
import StenoWire
import Testing

@Suite("Juvoly session with a live source", .timeLimit(.minutes(2)))
struct LiveSessionTests {
    @Test("A server that is late with ready hears every sample from the first to the stop, in order, once")
    func lateReady() async throws {
        for seconds in [10, 30] as [Int64] {
            let run = try await LiveRun()
            var writer = run.source.makeWriter()
            async let outcome = run.session.run()
            await run.untilConnected()
            writer.appendIndexed(seconds * 16_000)
            run.sendReady()
            #expect(await run.heard(seconds * 16_000) == Signal.indexed(0..<seconds * 16_000))
            writer.appendIndexed(32_123)
            writer.finish()

            let end = seconds * 16_000 + 32_123
            let rest = await run.heardToTheEnd()
            #expect(rest.starts(with: Signal.indexed(seconds * 16_000..<end)))
            #expect(rest.dropFirst(32_123).allSatisfy { $0 == 0 }, "a drain is silence")
            #expect(await outcome.sourceFailure == nil)
            #expect(await outcome.ledger.coverage.totals.sent == end)
            #expect(await run.source.recorded().isWhole)
            let isExact = run.recording.samples == Signal.indexed(0..<end)
            #expect(isExact)
        }
    }

    @Test("What the session's memory could not hold comes from the recording, in its place")
    func throughTheRecording() async throws {
        let run = try await LiveRun()
        var writer = run.source.makeWriter()
        async let outcome = run.session.run()
        await run.untilConnected()
        // More than a ring holds, with a disk that keeps up.
        for second in Int64(1)...80 {
            writer.appendIndexed(16_000)
            await Self.until { Int64(run.recording.samples.count) == second * 16_000 }
        }
        run.sendReady()
        writer.finish()
        let heard = await run.heardToTheEnd()
        #expect(heard.starts(with: Signal.indexed(0..<1_280_000)))
        #expect(await outcome.ledger.coverage.totals.missing == 0)
        #expect(await outcome.ledger.coverage.totals.sent == 1_280_000)
    }

    @Test("A session that needs what a stalled disk has not taken yet waits for it, and goes on by itself")
    func waitsForTheDisk() async throws {
        let run = try await LiveRun(ringFrames: 32_768)
        var writer = run.source.makeWriter()
        async let outcome = run.session.run()
        await run.untilConnected()
        writer.appendIndexed(32_000)
        await Self.until { run.recording.samples.count == 32_000 }
        run.recording.hold()
        writer.appendIndexed(28_000)
        await run.recording.held()
        run.sendReady()
        // Whole pieces only: the one that begins in memory and ends on the disk is not there yet.
        #expect(await run.heard(32_000) == Signal.indexed(0..<32_000))
        writer.finish()
        run.recording.release()
        #expect(await run.heardToTheEnd().starts(with: Signal.indexed(32_000..<60_000)))
        #expect(await outcome.sourceFailure == nil)
        #expect(await outcome.ledger.coverage.totals.missing == 0)
    }

    @Test("A gap is sent as zeros, counts as missing, and is told once, with its cause, when it is over")
    func gaps() async throws {
        let run = try await LiveRun()
        var writer = run.source.makeWriter()
        async let outcome = run.session.run()
        await run.untilConnected()
        run.sendReady()
        writer.appendIndexed(8_000)
        for _ in 0..<6 { writer.skip(800, cause: .overrun) }
        #expect(await run.heard(12_800) == Signal.indexed(0..<8_000) + Signal.silence(frames: 4_800))
        writer.appendIndexed(4_000)
        writer.skip(1_600, cause: .paused)
        writer.finish()
        #expect(await run.heardToTheEnd().starts(with: Signal.indexed(12_800..<16_800)))
        #expect(await outcome.ledger.coverage.totals.missing == 6_400)
        let gaps = run.events.all.compactMap { if case .gap(let gap) = $0 { gap } else { nil } }
        #expect(
            gaps == [
                AudioGap(AudioSpan(8_000..<12_800), cause: .overrun),
                AudioGap(AudioSpan(16_800..<18_400), cause: .paused),
            ]
        )
    }

    /// For what has no doorbell of its own.
    private static func until(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }
}

/// A session that follows a live source, a thousand times faster than life, and a server that hears it.
private final class LiveRun: Sendable {
    final class Events: Sendable {
        private let events = Locked<[RecognitionEvent]>([])

        func put(_ event: RecognitionEvent) { self.events.withLock { $0.append(event) } }
        var all: [RecognitionEvent] { self.events.withLock { $0 } }
    }

    let recording = ScriptedRecording()
    let events = Events()
    let source: LiveSource
    let session: JuvolySession
    private let server: ScriptedServer

    init(ringFrames: Int = SampleRing.minimumFrames) async throws {
        var policy = SessionPolicy()
        policy.pace = .following(catchUp: 1_000)
        policy.giveUp = nil
        policy.drainSilence = 3_200
        policy.drainQuiet = .milliseconds(20)
        self.server = try await ScriptedServer()
        self.source = try LiveSource(recording: self.recording, ringFrames: ringFrames) { _ in }
        let ticket = try #require(SessionTicket(clientID: "client", sessionID: "session"))
        self.session = JuvolySession(
            source: self.source,
            configuration: JuvolyConfiguration(
                socketBase: try ServiceURL("ws://127.0.0.1:\(self.server.port)/", family: .socket),
                policy: policy,
                discardsUnsentOnStop: false
            ),
            tickets: { .success(ticket) },
            eventLoop: MultiThreadedEventLoopGroup.singleton.next(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            seed: 1,
            onEvent: { [events] in events.put($0) }
        )
    }

    func untilConnected() async {
        _ = await self.server.inbox.next { if case .request = $0 { true } else { false } }
    }

    func sendReady() {
        self.server.send(WebSocketFrameWriter.frame(.text, payload: Array(#"{"type":"ready"}"#.utf8), mask: nil))
    }

    /// The next samples that the server hears, `count` of them; a piece that goes beyond is kept whole.
    func heard(_ count: Int64) async -> [Int16] {
        var samples: [Int16] = []
        while samples.count < Int(count) {
            guard case .binary(let bytes) = await self.server.inbox.next(where: \.isAudioOrEnd) else { break }
            samples += Self.samples(bytes)
        }
        return samples
    }

    func heardToTheEnd() async -> [Int16] { await self.heard(.max) }

    private static func samples(_ bytes: [UInt8]) -> [Int16] {
        bytes.withUnsafeBytes { buffer in
            (0..<buffer.count / 2).map {
                Int16(littleEndian: buffer.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self))
            }
        }
    }
}

extension ScriptedServer.Event {
    fileprivate var isAudioOrEnd: Bool {
        switch self {
        case .binary, .close, .ended, .fault: true
        case .request, .text, .ping, .pong: false
        }
    }
}
