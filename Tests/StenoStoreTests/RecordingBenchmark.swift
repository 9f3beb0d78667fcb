import Glibc
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

/// Opt-in: `STENO_BENCHMARK=1`, in a release build, for figures that mean something.
@Suite("Recording benchmark", .enabled(if: getenv("STENO_BENCHMARK") != nil), .serialized)
struct RecordingBenchmark {
    private let fixture = RecordingFixture()

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Bytes that the process has in memory.
    private static func residentBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, file) != nil else { return 0 }
        let fields = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return (Int(fields.split(separator: " ").dropFirst().first ?? "") ?? 0) * 4_096
    }

    @Test("An hour of speech costs less than 0.15 % of a core, and no memory that grows")
    func cost() throws {
        let speech = Signal.mixed(
            Signal.voice(frames: 160_000),
            Signal.noise(level: -60, frames: 160_000)
        )
        let writer = try self.fixture.writer()
        let frames = Int64(3_600 * 16_000)
        let before = Self.processorSeconds()
        var early = 0
        try speech.withUnsafeBufferPointer { speech in
            for start in stride(from: Int64(0), to: frames, by: 4_000) {
                let piece = UnsafeBufferPointer(rebasing: speech[Int(start % 160_000)...].prefix(4_000))
                try writer.append(piece, at: SamplePosition(frames: start))
                if start == frames / 10 { early = Self.residentBytes() }
            }
        }
        let spent = Self.processorSeconds() - before
        let grown = Self.residentBytes() - early
        try writer.conclude(isComplete: true)
        print(
            "recording an hour: \(spent) s of processor time, \(spent / 36) % of a core; memory grew by \(grown / 1_024) KiB"
        )
        #expect(grown < 1 << 20)
        #expect(spent / 3_600 < 0.0015)
    }
}
