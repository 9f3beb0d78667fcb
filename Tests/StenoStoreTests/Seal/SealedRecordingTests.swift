import GRDB
import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Sealed recording")
struct SealedRecordingTests {
    private let fixture = RecordingFixture()

    @Test("It reads, verifies and recovers like any other, while it is written and afterwards")
    func readable() throws {
        let writer = try self.fixture.sealedWriter()
        self.fixture.speak(into: writer)
        try writer.appendIndexed(0..<22_000)
        #expect(try writer.samples(0..<30_000) == Signal.indexed(0..<20_000))
        try writer.missed(AudioGap(22_000..<50_000, .overrun))
        try writer.appendIndexed(50_000..<61_000)
        let other = try RecordingReader(writer.place)
        #expect(try other.utterances() == RecordingFixture.spoken)

        try writer.conclude(isComplete: true)
        let reader = try RecordingReader(writer.place)
        #expect(reader.info.isSealed && !reader.info.isKeyAbsent)
        let truth = Signal.indexed(0..<22_000) + Signal.silence(frames: 28_000) + Signal.indexed(50_000..<61_000)
        #expect(try reader.allSamples() == truth)
        #expect(reader.damaged.isEmpty)
        #expect(try reader.utterances() == RecordingFixture.spoken)
        #expect(try reader.information() == RecordingFixture.learned)
        let verification = try RecordingVerification(writer.place)
        #expect(verification.isSound && verification.trouble == nil && verification.lockedRows == 0)
    }

    @Test("No word and no sample stands in any file of it, while it is written and afterwards")
    func canary() throws {
        let writer = try self.fixture.sealedWriter()
        // A constant is stored by FLAC as it is, noise nearly so: both would be found.
        let loud = [Int16](repeating: 0x5A3C, count: 8_000)
        var random = SplitMix64(seed: 7)
        let noise = (0..<8_000).map { _ in Int16.random(in: .min ... .max, using: &random) }
        for round in Int64(0)..<3 {
            self.fixture.speak(into: writer)
            try writer.append(loud + noise, at: SamplePosition(frames: round * 16_000))
            self.expectNothing(in: writer.place, loud, noise)
        }
        writer.keep(.withdrawn(RecordingFixture.spoken[0].id))
        try writer.finish()
        self.expectNothing(in: writer.place, loud, noise)
        try writer.conclude(isComplete: true)
        self.expectNothing(in: writer.place, loud, noise)
        #expect(try RecordingReader(writer.place).allSamples().prefix(16_000) == (loud + noise)[...])
    }

    private func expectNothing(in place: RecordingPlace, _ loud: [Int16], _ noise: [Int16]) {
        let needles = Self.needles(loud, noise)
        let names = TemporaryFolder.names(in: place.folder).filter { $0.hasPrefix("recording.sqlite") }
        #expect(!names.isEmpty)
        for name in names {
            let bytes = self.fixture.folder.read("recordings/\(place.id)/\(name)")
            for (what, needle) in needles { #expect(!bytes.contains(needle), "\(what) in \(name)") }
        }
    }

    /// What would be found in a recording that is not sealed: the word, and the sound as FLAC and as samples.
    private static func needles(_ loud: [Int16], _ noise: [Int16]) -> [(String, [UInt8])] {
        let frame = loud.prefix(4_000).withUnsafeBufferPointer { try? FLACFrameEncoder().encode($0) }
        let noisy = noise.prefix(4_000).withUnsafeBufferPointer { try? FLACFrameEncoder().encode($0) }
        let samples = noise.prefix(8).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        return [
            ("the word", Array(RecordingFixture.canary.utf8)), ("a part of it", Array("Ysbrandt".utf8)),
            ("sound", frame ?? []), ("noise", Array((noisy ?? []).dropFirst(100).prefix(16))), ("samples", samples),
        ]
    }

    @Test("The same needles are found where nothing is sealed")
    func unsealedCanary() throws {
        let loud = [Int16](repeating: 0x5A3C, count: 8_000)
        var random = SplitMix64(seed: 7)
        let noise = (0..<8_000).map { _ in Int16.random(in: .min ... .max, using: &random) }
        let writer = try self.fixture.writer()
        self.fixture.speak(into: writer)
        try writer.append(loud + noise, at: .zero)
        try writer.conclude(isComplete: true)
        let bytes = self.fixture.folder.read("recordings/\(writer.place.id)/recording.sqlite")
        for (what, needle) in Self.needles(loud, noise).dropLast() { #expect(bytes.contains(needle), "\(what)") }
        #expect(try !RecordingInfo(writer.place).isSealed)
    }

    @Test("One flipped bit in a sealed row costs that row, which is reported exactly; everything else stays")
    func flippedBit() throws {
        let place = try self.fixture.sealed()
        for seed in UInt64(0)..<20 {
            var random = SplitMix64(seed: seed)
            let copy = try self.fixture.sealedCopy(place, to: "flipped-\(seed)")
            let row = Int64.random(in: 0..<10, using: &random) * 4_000
            try DatabaseQueue(path: copy.file(part: 1)).inDatabase { database in
                let select = "SELECT sound FROM audio WHERE position = ?"
                var sound = try database.first(select, SQLValue(row)) { $0.bytes(0) } ?? []
                sound[Int.random(in: 0..<sound.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                try database.run("UPDATE audio SET sound = ? WHERE position = ?", .bytes(sound), SQLValue(row))
            }
            try self.expectDamage(copy, [row], "seed \(seed)")
        }
    }

    private func expectDamage(_ place: RecordingPlace, _ rows: [Int64], _ comment: Comment) throws {
        let damage = SpanSet(rows.map { AudioSpan($0..<$0 + 4_000) })
        let verification = try RecordingVerification(place)
        #expect(verification.damaged == damage && verification.holes.isEmpty, comment)
        #expect(verification.soundRows == 10 - rows.count && verification.problems.isEmpty, comment)
        let reader = try RecordingReader(place)
        let samples = try reader.allSamples()
        #expect(reader.damaged == damage, comment)
        for position in stride(from: Int64(0), to: 40_000, by: 4_000) {
            let row = Array(samples[Int(position)..<Int(position) + 4_000])
            let truth =
                rows.contains(position) ? Signal.silence(frames: 4_000) : Signal.indexed(position..<position + 4_000)
            #expect(row == truth, comment)
        }
        #expect(try reader.utterances() == RecordingFixture.spoken, comment)
    }

    @Test("A row that was moved to another place, or taken from another recording, is one damaged row there")
    func moved() throws {
        let place = try self.fixture.sealed()
        let other = try self.fixture.sealed("20261122-004200-other")
        let swapped = try self.fixture.sealedCopy(place, to: "swapped")
        try self.fixture.change(swapped, "UPDATE audio SET position = -1 WHERE position = 8000")
        try self.fixture.change(swapped, "UPDATE audio SET position = 8000 WHERE position = 20000")
        try self.fixture.change(swapped, "UPDATE audio SET position = 20000 WHERE position = -1")
        try self.expectDamage(swapped, [8_000, 20_000], "swapped")

        let copied = try self.fixture.sealedCopy(place, to: "copied")
        let sounds = "(SELECT sound FROM audio WHERE position = 0)"
        try self.fixture.change(copied, "UPDATE audio SET sound = \(sounds) WHERE position = 4000")
        try self.expectDamage(copied, [4_000], "copied within")

        let mixed = try self.fixture.sealedCopy(place, to: "mixed")
        let foreign = try DatabaseQueue(path: other.file(part: 1)).inDatabase { database in
            try database.first("SELECT sound FROM audio WHERE position = 12000") { $0.bytes(0) } ?? []
        }
        try DatabaseQueue(path: mixed.file(part: 1)).inDatabase { database in
            try database.run("UPDATE audio SET sound = ? WHERE position = 12000", .bytes(foreign))
        }
        try self.expectDamage(mixed, [12_000], "from another recording")

        let segment = try self.fixture.sealedCopy(place, to: "segment")
        try self.fixture.change(segment, "UPDATE audio SET segment = 1 WHERE position = 16000")
        try self.expectDamage(segment, [16_000], "another segment")
    }

    @Test("An utterance that was changed, moved or put where sound was is left out and reported, and the others stay")
    func movedText() throws {
        let place = try self.fixture.sealed()
        let all = RecordingFixture.spoken
        for (index, change) in [
            "UPDATE utterances SET body = (SELECT body FROM utterances WHERE id = '1-u0') WHERE id = '1-u1'",
            "UPDATE utterances SET start = start + 1 WHERE id = '1-u1'",
            "UPDATE utterances SET flags = 0 WHERE id = '1-u1'",
            "UPDATE utterances SET body = (SELECT sound FROM audio WHERE position = 0) WHERE id = '1-u1'",
            "UPDATE utterances SET body = (SELECT body FROM information) WHERE id = '1-u1'",
            "UPDATE utterances SET body = x'' WHERE id = '1-u1'",
        ].enumerated() {
            let copy = try self.fixture.sealedCopy(place, to: "text-\(index)")
            try self.fixture.change(copy, change)
            #expect(try RecordingReader(copy).utterances() == [all[0], all[2]], "\(change)")
            let verification = try RecordingVerification(copy)
            #expect(verification.problems.count == 1 && verification.damaged.isEmpty, "\(change)")
            #expect(!verification.problems.joined().contains(RecordingFixture.canary))
        }
        let information = try self.fixture.sealedCopy(place, to: "information")
        try self.fixture.change(information, "UPDATE information SET body = (SELECT body FROM utterances LIMIT 1)")
        #expect(try RecordingReader(information).information() == Information())
        #expect(try RecordingVerification(information).problems == ["The information cannot be read."])
    }

    @Test("When the disk fails, what goes on in the next file is sealed with the same key, and belongs there alone")
    func parts() throws {
        let writer = try self.fixture.sealedWriter()
        try writer.appendIndexed(0..<22_000, period: 4_000)
        let file = writer.place.file(part: 1)
        rename(file, file + ".moved")
        let stranger = self.fixture.folder.write([1], to: "recordings/\(writer.place.id)/recording.sqlite")
        try writer.appendIndexed(22_000..<50_000, period: 4_000)
        #expect(writer.parts == 2)
        try writer.conclude(isComplete: true)
        unlink(stranger)
        rename(file + ".moved", file)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<50_000))
        #expect(try RecordingVerification(writer.place).isSound)
        #expect(TemporaryFolder.names(in: self.fixture.keys).count == 1)
        try self.fixture.change(writer.place, "UPDATE meta SET value = 2 WHERE key = 'part'")
        let verification = try RecordingVerification(writer.place)
        #expect(verification.damaged.frames == 20_000 && verification.soundRows > 0)
    }
}
