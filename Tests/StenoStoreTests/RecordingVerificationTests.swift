import GRDB
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Recording verification")
struct RecordingVerificationTests {
    private let fixture = RecordingFixture()

    @Test("One flipped bit costs one row, which is reported exactly; everything else stays")
    func flippedBit() throws {
        let place = try self.fixture.recorded(frames: 40_000)
        for seed in UInt64(0)..<20 {
            var random = SplitMix64(seed: seed)
            let copy = try self.fixture.copy(place, to: "flipped-\(seed)")
            let row = Int64.random(in: 0..<10, using: &random) * 4_000
            try DatabaseQueue(path: copy.file(part: 1)).inDatabase { database in
                var sound = try database.first("SELECT sound FROM audio WHERE position = ?", SQLValue(row)) {
                    $0.bytes(0)
                }
                let byte = Int.random(in: 0..<(sound?.count ?? 0), using: &random)
                sound?[byte] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                try database.run("UPDATE audio SET sound = ? WHERE position = ?", .bytes(sound ?? []), SQLValue(row))
            }
            let verification = try RecordingVerification(copy)
            #expect(verification.damaged.spans == [AudioSpan(row..<row + 4_000)], "seed \(seed)")
            #expect(verification.soundRows == 9 && verification.holes.isEmpty && verification.problems.isEmpty)
            let reader = try RecordingReader(copy)
            let samples = try reader.allSamples()
            #expect(reader.damaged == verification.damaged)
            #expect(samples[Int(row)..<Int(row) + 4_000].allSatisfy { $0 == 0 }, "seed \(seed)")
            #expect(Array(samples[..<Int(row)]) == Signal.indexed(0..<row), "seed \(seed)")
            #expect(Array(samples[(Int(row) + 4_000)...]) == Signal.indexed(row + 4_000..<40_000), "seed \(seed)")
        }
    }

    @Test("A row that is gone is a hole, a wrong length or checksum is damage")
    func rows() throws {
        let place = try self.fixture.recorded(frames: 40_000)
        try self.fixture.change(place, "DELETE FROM audio WHERE position = 8000")
        try self.fixture.change(place, "UPDATE audio SET crc = crc + 1 WHERE position = 16000")
        try self.fixture.change(place, "UPDATE audio SET frames = 3000 WHERE position = 24000")
        try self.fixture.change(place, "UPDATE audio SET frames = -9223372036854775808 WHERE position = 32000")
        let verification = try RecordingVerification(place)
        #expect(verification.holes.spans == [AudioSpan(8_000..<12_000)])
        #expect(
            verification.damaged.spans == [
                AudioSpan(16_000..<20_000), AudioSpan(24_000..<28_000), AudioSpan(32_000..<36_000),
            ]
        )
        #expect(verification.soundRows == 6 && !verification.isSound)
        #expect(verification.end.frames == 40_000)
    }

    @Test("A file that was overwritten in the middle is reported, and the rows on its other pages are kept")
    func garbage() throws {
        let place = try self.fixture.recorded(frames: 400_000)
        for seed in UInt64(0)..<15 {
            var random = SplitMix64(seed: seed)
            let copy = try self.fixture.copy(place, to: "garbage-\(seed)")
            var bytes = self.fixture.folder.read("copies/garbage-\(seed)/recording.sqlite")
            // The first pages are those of the tables; without them SQLite has no way in.
            let sector = Int.random(in: 400..<bytes.count / 512, using: &random) * 512
            for index in sector..<sector + 512 { bytes[index] = UInt8.random(in: 0...255, using: &random) }
            _ = self.fixture.folder.write(bytes, to: "copies/garbage-\(seed)/recording.sqlite")
            let verification = try RecordingVerification(copy)
            #expect(!verification.isSound, "seed \(seed)")
            #expect(verification.soundRows >= 92, "seed \(seed)")
            let samples = try RecordingReader(copy).allSamples()
            let wrong = verification.damaged.union(verification.holes)
            for index in stride(from: 0, to: samples.count, by: 100) where !wrong.contains(.init(frames: Int64(index)))
            {
                #expect(samples[index] == Signal.indexedSample(Int64(index)), "seed \(seed) at \(index)")
            }
        }
    }

    @Test("Coverage that does not add up is found")
    func coverage() throws {
        let writer = try self.fixture.writer()
        try writer.append(Signal.indexed(0..<10_000), at: .zero)
        try writer.missed(AudioGap(10_000..<12_000, .overrun))
        var machine = CoverageStateMachine()
        machine.captured(upTo: .init(frames: 12_000))
        machine.missed(AudioSpan(10_000..<12_000))
        machine.confirmed(AudioSpan(3_000..<6_000))
        writer.keep(.coverage(machine))
        try writer.conclude(isComplete: true)
        #expect(try RecordingVerification(writer.place).isSound)

        for (index, change) in [
            "INSERT INTO coverage VALUES ('settled', 12000, 100)", "DELETE FROM coverage WHERE state = 'missing'",
            "INSERT INTO coverage VALUES ('confirmed', 11000, 9000)",
            "UPDATE meta SET value = 11999 WHERE key = 'coverage_total'",
        ].enumerated() {
            let copy = try self.fixture.copy(writer.place, to: "coverage-\(index)")
            try self.fixture.change(copy, change)
            let verification = try RecordingVerification(copy)
            #expect(!verification.problems.isEmpty && verification.damaged.isEmpty, "\(change)")
        }
    }

    @Test("What is no recording is refused in words")
    func foreign() throws {
        let place = try self.fixture.recorded("real", frames: 10)
        _ = try self.fixture.copy(place, to: "text")
        _ = self.fixture.folder.write(
            Array("hello".utf8) + [UInt8](repeating: 7, count: 9_000),
            to: "copies/text/recording.sqlite"
        )
        let text = try RecordingPlace(path: self.fixture.folder.path("copies/text"))
        #expect(throws: StoreError.self) { try RecordingReader(text) }
        let other = try self.fixture.copy(place, to: "other")
        try self.fixture.change(other, "PRAGMA application_id = 0")
        #expect { try RecordingReader(other) } throws: { ($0 as? StoreError)?.reason == .notARecording }
    }
}
