import Dispatch
import Foundation
import StenoCore
import StenoStore
import StenoTesting
import Testing

/// `kill -9` at seeded instants of a dictation. `scripts/kill` runs many more of them, with the same code.
@Suite("Killed while recording", .serialized)
struct KillTests {
    /// `STENO_KILLS=FIRST-LAST` asks for other seeds.
    private static let seeds: ClosedRange<UInt64> = {
        let asked = ProcessInfo.processInfo.environment["STENO_KILLS"]?.split(separator: "-").compactMap { UInt64($0) }
        guard let asked, asked.count == 2, asked[0] <= asked[1] else { return 1...25 }
        return asked[0]...asked[1]
    }()
    /// At once: each needs a microphone in real time.
    private static let width = 3

    @Test("What was durable survives, verifies, loses no more than it may, and is finished with the right words")
    func kills() async throws {
        // It finds by its sound which part of the dictation it hears.
        let folder = TemporaryFolder()
        _ = folder.write(Dictation.wav, to: "visit.wav")
        let session = folder.write(Array(try Dictation.script(for: "visit.wav").utf8), to: "dictation.session")
        let probe = DiskProbe(folder.path)
        defer { probe.stop() }
        try await SandboxProcess.run(session: session) { sandbox in
            try await withThrowingTaskGroup(of: Killing.Outcome.self) { group in
                var seeds = Self.seeds.makeIterator()
                for seed in (0..<Self.width).compactMap({ _ in seeds.next() }) {
                    group.addTask { try await Killing(seed: seed, sandbox.option, probe).run() }
                }
                while let outcome = try await group.next() {
                    Self.judge(outcome)
                    if let seed = seeds.next() {
                        group.addTask { try await Killing(seed: seed, sandbox.option, probe).run() }
                    }
                }
            }
        } violations: { _ in
            // A connection that is cut off breaks the rules of its end, which is what is done here.
            true
        }
        withExtendedLifetime(folder) {}
    }

    private static func judge(_ outcome: Killing.Outcome) {
        let comment: Comment = "\(outcome.line)"
        if let path = ProcessInfo.processInfo.environment["STENO_KILL_LOG"] { Self.append(outcome.line, to: path) }
        #expect(outcome.code == 137, comment)
        #expect(outcome.verification == 0, comment)
        #expect(outcome.kept >= outcome.durable, "what was durable is gone: \(outcome.line)")
        #expect(outcome.loss <= outcome.lossLimit, "more is lost than may be: \(outcome.line)")
        #expect(outcome.isSoundRight, "the audio is not what was said: \(outcome.line)")
        #expect([0, 75].contains(outcome.delivery), comment)
        #expect(outcome.areWordsRight, "the words are not what was said: \(outcome.line)")
    }

    private static func append(_ line: String, to path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        let bytes = Array("\(line)\n".utf8)
        _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
        close(file)
    }
}

/// One dictation that is killed, and what is found afterwards.
private struct Killing {
    private static let speed = 2.0

    struct Outcome {
        var seed: UInt64
        /// Where the microphone was, as far as a clock beside it can tell.
        var heard: Int64
        /// What another process could read the moment before.
        var durable: Int64
        /// What is there afterwards.
        var kept: Int64
        /// The longest that this disk took to sync a page beside it.
        var sync: Duration
        var code: Int32
        var verification: Int32
        var delivery: Int32
        var isSoundRight: Bool
        var areWordsRight: Bool

        var loss: Int64 { self.heard - self.kept }

        /// A row, a period of 100 ms, and the commit in progress: a sync or two, and 250 ms for a busy machine. In
        /// frames of a microphone whose clock runs at `speed`.
        var lossLimit: Int64 {
            let commit = Duration.milliseconds(250) + self.sync * 2
            return Int64(4_000 + 1_600) + Int64(commit / .seconds(1) * Double(SamplePosition.rate) * Killing.speed)
        }

        /// Times in milliseconds of audio.
        var line: String {
            let times =
                "heard \(self.heard / 16) durable \(self.durable / 16) kept \(self.kept / 16) loss \(self.loss / 16)"
            let codes = "killed \(self.code) verify \(self.verification) deliver \(self.delivery)"
            let right = "sound \(self.isSoundRight) words \(self.areWordsRight)"
            return "seed \(self.seed) \(times) \(codes) \(right) sync \(self.sync / .milliseconds(1))"
        }
    }

    private let seed: UInt64
    private let option: String
    private let dictating: Dictating
    private let probe: DiskProbe

    init(seed: UInt64, _ option: String, _ probe: DiskProbe) throws {
        self.seed = seed
        self.probe = probe
        self.option = option
        self.dictating = try Dictating { $0.speed = Self.speed }
    }

    func run() async throws -> Outcome {
        var random = SplitMix64(seed: self.seed)
        let target = Int64.random(in: 4_000..<Int64(Dictation.frames), using: &random)
        let delay = Double.random(in: 0..<0.3, using: &random)
        let running = try self.dictating.start(self.option)
        let watch = try #require(await DurableWatch(self.dictating))
        #expect(await watch.reached(target), "seed \(self.seed)")
        let durable = await watch.kill(running, after: delay)
        let result = await running.result()
        let heard = watch.heard(at: result.ended, speed: Self.speed)
        // What the disk did is asked for now: later it may be busy with something else.
        let sync = self.probe.longest(since: result.ended - .seconds(5))
        return try await self.examine(result.code, heard: heard, durable: durable, sync: sync)
    }

    private func examine(_ code: Int32, heard: Int64, durable: Int64, sync: Duration) async throws -> Outcome {
        let program = self.dictating.program
        let id = try #require(await self.dictating.recording())
        let verification = try await program.run("recordings", "verify", id)
        let file = program.path("kept.wav")
        _ = try await program.run("recordings", "export", id, "--output", file)
        let kept = try Data(contentsOf: URL(filePath: file)).dropFirst(44)
        let said = Dictation.raw.prefix(kept.count)
        let delivery = try await program.run("deliver", id, "--to", "transcript", self.option)
        return Outcome(
            seed: self.seed,
            heard: heard,
            durable: durable,
            kept: Int64(kept.count / 2),
            sync: sync,
            code: code,
            verification: verification.code,
            delivery: delivery.code,
            isSoundRight: kept.prefix(said.count).elementsEqual(said)
                && kept.dropFirst(said.count).allSatisfy { $0 == 0 },
            areWordsRight: Self.areRight(delivery.output, upTo: Double(kept.count) / 32_000)
        )
    }

    /// Every word that is wholly in the recording, in order and once; one that was cut off may be there or not.
    private static func areRight(_ text: String, upTo end: Double) -> Bool {
        let words = text.replacing(" [unconfirmed]", with: "").split { $0.isWhitespace }
        let said = Dictation.text.split { $0.isWhitespace }
        let whole = zip(Dictation.text.split(separator: "\n"), Dictation.ends).filter { $0.1 < end - 0.3 }
        return words.count >= whole.flatMap { $0.0.split { $0.isWhitespace } }.count
            && said.prefix(words.count).elementsEqual(words)
    }
}

/// Reads, as any other process may, how far a recording is durable.
private final class DurableWatch: Sendable {
    private let dictating: Dictating
    private let queue = DispatchQueue(label: "durable")
    /// When the microphone was first read from.
    private let start: ContinuousClock.Instant

    /// Waits for the microphone to start.
    init?(_ dictating: Dictating) async {
        self.dictating = dictating
        guard await Self.wait(for: { dictating.microphone.journal.contains { $0.name == "start" } }) else { return nil }
        self.start = .now
    }

    func reached(_ frames: Int64) async -> Bool {
        // Opening a recording costs something, and what is looked at must not be slowed down by the look.
        await Self.wait(every: .milliseconds(50)) { self.durable >= frames }
    }

    /// - Returns: what was durable immediately before.
    func kill(_ running: Running, after delay: Double) async -> Int64 {
        await withCheckedContinuation { continuation in
            self.queue.asyncAfter(deadline: .now() + delay) {
                let durable = self.durable
                running.signal(SIGKILL)
                continuation.resume(returning: durable)
            }
        }
    }

    func heard(at time: ContinuousClock.Instant, speed: Double) -> Int64 {
        Int64((time - self.start) / .seconds(1) * speed * Double(SamplePosition.rate))
    }

    private var durable: Int64 {
        let home = self.dictating.program.path(".local/share/steno/sandbox")
        guard let place = RecordingLibrary(home: home).places().first, let info = try? RecordingInfo(place) else {
            return 0
        }
        return info.end.frames
    }

    /// Looked at again and again, because a process that will be killed tells nothing.
    private static func wait(
        every interval: DispatchTimeInterval = .milliseconds(10),
        for condition: @escaping @Sendable () -> Bool
    ) async -> Bool {
        let timer = DispatchSource.makeTimerSource()
        let (ticks, tick) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        timer.setEventHandler { tick.yield() }
        timer.schedule(deadline: .now(), repeating: interval)
        timer.activate()
        defer { timer.cancel() }
        let limit = ContinuousClock.now + .seconds(60)
        for await _ in ticks {
            if condition() { return true }
            if ContinuousClock.now > limit { return false }
        }
        return false
    }
}
