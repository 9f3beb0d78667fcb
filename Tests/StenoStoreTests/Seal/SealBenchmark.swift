import Glibc
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

/// Opt-in: `STENO_BENCHMARK=1`, in a release build, for figures that mean something.
@Suite("Seal benchmark", .enabled(if: getenv("STENO_BENCHMARK") != nil), .serialized)
struct SealBenchmark {
    private let fixture = RecordingFixture()

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func measure(_ body: () throws -> Void) rethrows -> Double {
        let before = Self.processorSeconds()
        try body()
        return Self.processorSeconds() - before
    }

    @Test("Sealing and opening a row costs less than 100 µs: 0.04 % of the time that it lasts")
    func row() throws {
        let seal = RowSeal(RecordingKey(for: "one"), part: 1)
        // 250 ms of speech in FLAC.
        let row = (0..<4_500).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let count = Int64(10_000)
        var sealed: [[UInt8]] = []
        let sealing = try Self.measure {
            for number in 0..<count {
                sealed.append(try seal.seal(row, as: .audio(segment: 0, position: number * 4_000, frames: 4_000)))
            }
        }
        let opening = Self.measure {
            for number in 0..<count {
                let identity = RowIdentity.audio(segment: 0, position: number * 4_000, frames: 4_000)
                let opened = sealed[Int(number)].withUnsafeBytes { seal.open($0, as: identity) }
                #expect(opened?.count == row.count)
            }
        }
        let (first, second) = (sealing / Double(count) * 1e6, opening / Double(count) * 1e6)
        print("a row of 250 ms: sealed in \(first) µs, opened in \(second) µs")
        #expect(first + second < 100)
    }

    @Test("An hour is written and exported with little more work than unsealed")
    func hour() throws {
        let speech = Signal.mixed(Signal.voice(frames: 160_000), Signal.noise(level: -60, frames: 160_000))
        for (name, vault) in [("unsealed", nil), ("sealed", self.fixture.vault)] {
            let writer = try RecordingWriter(self.fixture.description(name), in: self.fixture.recordings, vault: vault)
            let writing = try Self.measure {
                for start in stride(from: Int64(0), to: 3_600 * 16_000, by: 4_000) {
                    let piece = Array(speech[Int(start % 160_000)...].prefix(4_000))
                    try writer.append(piece, at: SamplePosition(frames: start))
                }
                try writer.conclude(isComplete: true)
            }
            let path = self.fixture.folder.path("\(name).wav")
            let exporting = try Self.measure { try RecordingExport.wav.write(RecordingReader(writer.place), to: path) }
            let verifying = try Self.measure { _ = try RecordingVerification(writer.place) }
            let bytes = try RecordingInfo(writer.place).bytes
            print(
                "an hour \(name): written in \(writing) s of processor time, exported in \(exporting) s,",
                terminator: " "
            )
            print("verified in \(verifying) s, \(bytes) bytes")
        }
    }
}
