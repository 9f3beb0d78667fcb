import Glibc
import StenoCore
import StenoTesting
import Synchronization
import Testing

@testable import StenoAudio

@Suite("Spooled source")
struct SpooledSourceTests {
    private let folder = TemporaryFolder()

    /// Gives indexed samples in blocks, as many as the test allows.
    private final class ScriptedProducer: SampleProducer {
        let expectedFrames: Int64?
        let warnings: [AudioWarning.Kind] = [.damaged]
        private let frames: Int64
        private let failure: AudioError?
        private let hasGone: GrowingProgress?
        private var position: Int64 = 0

        init(frames: Int64, expected: Int64? = nil, failure: AudioError? = nil, hasGone: GrowingProgress? = nil) {
            self.frames = frames
            self.expectedFrames = expected
            self.failure = failure
            self.hasGone = hasGone
        }

        deinit {
            self.hasGone?.finish()
        }

        func next(into buffer: UnsafeMutableBufferPointer<Int16>) throws(AudioError) -> Int {
            let end = min(self.frames, self.position + Int64(min(1_000, buffer.count)))
            if end == self.position, let failure = self.failure { throw failure }
            let count = buffer.update(fromContentsOf: Signal.indexed(self.position..<end))
            self.position = end
            return count
        }
    }

    private func source(_ producer: sending ScriptedProducer, isPrimed: Bool = true) throws -> SpooledSource {
        let stop = try StopSignal(path: "a.mp3")
        let spool = try Spool(path: "a.mp3", folder: self.folder.path("spool"), stop: stop)
        return try SpooledSource(producer, spool: spool, path: "a.mp3", isPrimed: isPrimed)
    }

    @Test("What was produced can be read, any part at any time, while more comes")
    func reads() async throws {
        let source = try self.source(ScriptedProducer(frames: 50_500, expected: 60_000))
        #expect(try source.samples(at: .zero, count: 1_000) == Signal.indexed(0..<1_000))
        let progress = await source.completed()
        #expect(progress == SourceProgress(available: SamplePosition(frames: 50_500), isComplete: true))
        #expect(source.totalFrames == 50_500)
        #expect(source.warnings == [AudioWarning(.damaged, path: "a.mp3")])
        #expect(try source.allSamples() == Signal.indexed(0..<50_500))
        #expect(try source.samples(at: SamplePosition(frames: 50_400), count: 500) == Signal.indexed(50_400..<50_500))
        for frame in [-1, 50_500, .max, .min] as [Int64] {
            #expect(try source.samples(at: SamplePosition(frames: frame), count: 10) == [])
        }
    }

    @Test("A failure ends the source and keeps what came before it")
    func failure() async throws {
        let failure = AudioError(.readFailed, path: "a.mp3")
        let source = try self.source(ScriptedProducer(frames: 2_500, failure: failure))
        let progress = await source.completed()
        #expect(progress.failure == failure)
        #expect(try source.allSamples() == Signal.indexed(0..<2_500))
    }

    @Test("An input without sound fails at once")
    func nothing() {
        #expect(throws: AudioError(.noFrames, path: "a.mp3")) { try self.source(ScriptedProducer(frames: 0)) }
    }

    @Test("A full disk is an error that names the folder")
    func fullDisk() async throws {
        let full = FileHandle(owning: Glibc.open("/dev/full", O_RDWR | O_CLOEXEC))
        let spool = Spool(path: "a.mp3", folder: "spool", stop: try StopSignal(path: "a.mp3"), file: full)
        let producer = ScriptedProducer(frames: 5_000)
        let source = try SpooledSource(producer, spool: spool, path: "a.mp3", isPrimed: false)
        let progress = await source.completed()
        #expect(progress.failure == AudioError(.storage(folder: "spool"), path: "a.mp3", cause: "pwrite: \(ENOSPC)"))
        #expect(progress.available == .zero)
    }

    @Test("A source that is let go stops its thread")
    func letGo() async throws {
        let hasGone = GrowingProgress()
        var source: SpooledSource? = try self.source(ScriptedProducer(frames: .max, hasGone: hasGone))
        #expect(source?.progress.isComplete == false)
        source = nil
        await withCheckedContinuation { continuation in
            let waiting = Mutex<CheckedContinuation<Void, Never>?>(continuation)
            hasGone.observe { waiting.withLock { $0.take() }?.resume() }
        }
    }

    @Test("Readers on several threads see the same samples while they grow")
    func manyReaders() async throws {
        let source = try self.source(ScriptedProducer(frames: 100_000))
        await withTaskGroup(of: Bool.self) { group in
            for seed in UInt64(1)...4 {
                group.addTask {
                    var random = SplitMix64(seed: seed)
                    for _ in 0..<100 {
                        let available = source.progress.available.frames
                        let start = Int64.random(in: 0..<available, using: &random)
                        let piece = try? source.samples(at: SamplePosition(frames: start), count: 500)
                        guard let piece, !piece.isEmpty else { return false }
                        guard piece == Signal.indexed(start..<(start + Int64(piece.count))) else { return false }
                    }
                    return true
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
