import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

/// `scripts/powercut` runs the same with many more seeds: `STENO_POWERCUT_SEEDS` and `STENO_POWERCUT_FROM`.
@Suite("Recording when the power goes")
struct PowerCutTests {
    private static func number(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }

    /// Frames of a row and of what may be handed over at once: all that a power cut may cost.
    private static let bound = 4_000 + CutRecording.periodLimit

    @Test("Whatever is left of what was not synced: what was durable is there, nothing is wrong, all can be recovered")
    func states() throws {
        let first = Self.number("STENO_POWERCUT_FROM") ?? 0
        let seeds = Self.number("STENO_POWERCUT_SEEDS")
        var figures = PowerCutFigures()
        for seed in first..<first + (seeds ?? 6) {
            let recording = try CutRecording(seed: seed, rows: seeds == nil ? 12 : 40)
            var random = SplitMix64(seed: ~seed)
            var disk = PowerCut(recording.log)
            for cut in recording.log.cuts(using: &random) where seeds != nil || random.next() % 100 < 38 {
                disk.advance(to: cut)
                // Watched only because syncs then cost nothing.
                let found = WatchedDisk()
                try disk.write(to: found.folder.path, using: &random)
                let promise = recording.log.promise(at: cut)
                let state = CutState(found, promise: promise, recording: recording)
                for problem in state.check() {
                    Issue.record(
                        "seed \(seed), cut \(cut), \(recording.course), sealed \(recording.isSealed): \(problem)"
                    )
                }
                figures.add(state, promise)
            }
            figures.recordings += 1
        }
        print("powercut: \(figures)")
        #expect(figures.states >= 200)
        #expect(figures.worstLoss <= Self.bound)
    }

    @Test("The disk of the rig really loses what was not synced, tears it and forgets names")
    func rig() throws {
        let disk = WatchedDisk(keepsLog: true)
        try PrivateFiles.makeFolder(disk.folder.path("a"))
        let descriptor = open(disk.folder.path("a/file"), O_RDWR | O_CREAT, 0o600)
        let block = [UInt8](repeating: 7, count: 4_096)
        #expect(write(descriptor, block, 4_096) == 4_096 && fsync(descriptor) == 0)
        let synced = disk.log.events.count
        PrivateFiles.settle(disk.folder.path("a"))
        let named = disk.log.events.count
        #expect(pwrite(descriptor, [UInt8](repeating: 9, count: 4_096), 4_096, 0) == 4_096)
        close(descriptor)
        var contents: Set<[UInt8]> = []
        var isMissing: Set<Bool> = []
        for seed in UInt64(0)..<40 {
            var random = SplitMix64(seed: seed)
            var state = PowerCut(disk.log)
            let (early, late) = (TemporaryFolder(), TemporaryFolder())
            state.advance(to: synced)
            try state.write(to: early.path, using: &random)
            isMissing.insert(early.read("a/file").isEmpty)
            state.advance(to: disk.log.events.count)
            try state.write(to: late.path, using: &random)
            contents.insert(late.read("a/file"))
        }
        #expect(named > synced && isMissing == [true, false])
        #expect(contents.contains(block) && contents.contains([UInt8](repeating: 9, count: 4_096)))
        #expect(contents.count > 10 && contents.allSatisfy { $0.count == 4_096 })
    }
}

/// What many cuts came to.
struct PowerCutFigures: CustomStringConvertible {
    var recordings = 0
    var states = 0
    /// Cut before the recording had begun, so that nobody had been told anything.
    var unborn = 0
    var finished = 0
    var worstLoss: Int64 = 0

    mutating func add(_ state: CutState, _ promise: DiskLog.Promise) {
        self.states += 1
        if !promise.hasBegun { self.unborn += 1 }
        if promise.isFinished || promise.isConcluded { self.finished += 1 }
        if let end = state.end, !state.recording.course.isFull {
            self.worstLoss = max(self.worstLoss, promise.taken - end)
        }
    }

    var description: String {
        """
        \(self.states) states of \(self.recordings) recordings, \(self.unborn) of them before it began, \
        \(self.finished) after its end; at most \(self.worstLoss * 1_000 / 16_000) ms lost
        """
    }
}
