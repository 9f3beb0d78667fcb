import Glibc
import StenoCore
import StenoTesting

@testable import StenoStore

/// A recording as it is made in a surgery, with what may happen to it, on a disk that remembers everything.
struct CutRecording {
    /// What is special about it; chosen by the seed.
    enum Course: Int, CaseIterable {
        case plain, failedSync, fullForAWhile, killedAndRecovered, readAtTheEnd, killedAndResumed
    }

    let seed: UInt64
    let course: Course
    /// Half of them are sealed; then the keys are on the same disk.
    let isSealed: Bool
    let log: DiskLog
    /// What was recorded, with zeros where it was not.
    let truth: [Int16]
    /// Frames that are handed over at once at most.
    static let periodLimit: Int64 = 1_600
    /// Keeps the log, and the folder that it speaks of.
    private let disk: WatchedDisk

    init(seed: UInt64, rows: Int) throws {
        var random = SplitMix64(seed: seed)
        let disk = WatchedDisk(keepsLog: true)
        let course = Course.allCases[Int(seed % UInt64(Course.allCases.count))]
        let isSealed = (seed + seed / UInt64(Course.allCases.count)) % 2 == 1
        var session = try Session(disk, course, isSealed: isSealed)
        let length = Int64(rows) * 4_000 + Int64.random(in: 0..<4_000, using: &random)
        while session.end < length { session.step(before: length, using: &random) }
        try session.end(using: &random)
        (self.seed, self.course, self.truth, self.disk) = (seed, course, session.truth, disk)
        self.isSealed = isSealed
        self.log = disk.log
    }

    private struct Session {
        let disk: WatchedDisk
        let course: Course
        private let library: RecordingLibrary
        private var writer: RecordingWriter?
        private(set) var truth: [Int16] = []
        private var events: Int64 = 0

        init(_ disk: WatchedDisk, _ course: Course, isSealed: Bool) throws {
            self.disk = disk
            self.course = course
            self.library = disk.library(isSealed: isSealed)
            self.writer = try disk.writer(vault: self.library.vault)
            disk.mark(.begun)
        }

        var end: Int64 { Int64(self.truth.count) }

        mutating func step(before limit: Int64, using random: inout SplitMix64) {
            let frames = min(limit - self.end, Int64.random(in: 1...CutRecording.periodLimit, using: &random))
            let span = AudioSpan(self.end..<self.end + frames)
            self.trouble(using: &random)
            switch Int.random(in: 0..<100, using: &random) {
            case 0: try? self.writer?.deviceChanged(to: "Other")
            case 1..<4:
                self.truth += Signal.silence(frames: Int(frames))
                self.disk.mark(.taken, self.end)
                if self.offer(upTo: span.start) { try? self.writer?.missed(AudioGap(span, cause: .overrun)) }
            default:
                self.truth += Signal.indexed(span)
                self.disk.mark(.taken, self.end)
                _ = self.offer(upTo: span.end)
            }
            self.markDurable()
            if Int.random(in: 0..<20, using: &random) == 0 { self.keepEvent() }
        }

        /// What the disk did not take before is offered again, as the ring of a live recording does.
        private func offer(upTo end: SamplePosition) -> Bool {
            guard let writer = self.writer, writer.end < end else { return true }
            let samples = Array(self.truth[Int(writer.end.frames)..<Int(end.frames)])
            return (try? writer.append(samples, at: writer.end)) != nil
        }

        private mutating func keepEvent() {
            self.events += 1
            self.writer?.keep(.event(RecordingEvent("event", at: .zero, time: self.events)))
            // What was kept before comes before.
            if (try? self.writer?.settle()) != nil { self.disk.mark(.events, self.events) }
            self.markDurable()
        }

        mutating func end(using random: inout SplitMix64) throws {
            self.disk.mend()
            self.disk.setRoom(nil)
            if self.course == .killedAndRecovered { try self.recover() }
            guard let writer = self.writer else { return }
            let reader = self.course == .readAtTheEnd ? try RecordingReader(writer.place) : nil
            try writer.finish()
            self.disk.mark(.durable, writer.durable.frames)
            self.disk.mark(.finished)
            writer.keep(.event(RecordingEvent("event", at: .zero, time: 0)))
            try writer.conclude(isComplete: true)
            self.disk.mark(.events, self.events + 1)
            self.disk.mark(.concluded)
            withExtendedLifetime(reader) {}
        }

        /// The writer is gone without a word, and the next start finishes what it left.
        private mutating func recover() throws {
            let place = self.writer?.place
            self.writer = nil
            guard let place else { return }
            _ = try self.library.recover(place)
            self.disk.mark(.concluded)
        }

        private func markDurable() { self.disk.mark(.durable, self.writer?.durable.frames ?? 0) }

        private mutating func trouble(using random: inout SplitMix64) {
            switch self.course {
            case .failedSync where Int.random(in: 0..<60, using: &random) == 0:
                self.disk.fail(.sync, after: Int.random(in: 0..<3, using: &random), times: 1, with: EIO)
            case .fullForAWhile:
                switch Int.random(in: 0..<30, using: &random) {
                case 0: self.disk.setRoom(self.disk.used + Int64.random(in: 0..<9_000, using: &random))
                case 1...5: self.disk.setRoom(nil)
                default: break
                }
            case .killedAndResumed where Int.random(in: 0..<30, using: &random) == 0:
                let place = self.writer?.place
                self.writer = nil
                // What was not durable is recorded again, at the same place.
                self.writer = place.flatMap { try? RecordingWriter(resuming: $0) { RecordingFixture.begun + 60_000 } }
            default: break
            }
        }
    }
}
