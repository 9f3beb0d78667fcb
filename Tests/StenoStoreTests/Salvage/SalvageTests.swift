import GRDB
import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Salvaging a damaged file")
struct SalvageTests {
    private static let frames = RecordingFixture.salvageFrames
    private let fixture = RecordingFixture()

    @Test("A table that cannot be read costs what was in it; the rest goes on in a new file, also without the key")
    func table() throws {
        for table in ["coverage", "gaps", "deliveries", "events", "information", "meta", "segments"] {
            let place = try self.fixture.forSalvage("20261122-004100-\(table)")
            let damaged = try self.fixture.damage(table, of: place)
            let keyless = try RecordingPlace(path: place.folder)
            let info = try self.fixture.library.recover(keyless)
            #expect(info.setAside == ["recording.sqlite.bad"] && info.isRecovered && info.isSealed, "\(table)")
            #expect(info.salvage?.tables.filter(\.isDamaged).map(\.name) == [table], "\(table)")
            #expect(info.end.frames == Self.frames && info.coverage?.totals.missing == 0, "\(table)")
            #expect(try RecordingReader(place).allSamples() == Signal.indexed(0..<Self.frames), "\(table)")
            #expect(try RecordingReader(place).utterances() == RecordingFixture.spoken, "\(table)")
            #expect(self.fixture.folder.read("recordings/\(place.id)/recording.sqlite.bad") == damaged, "\(table)")
            #expect(try self.fixture.library.recover(keyless) == info, "\(table)")
        }
    }

    @Test("Audio that nothing leads to any more is missing to the sample, and the words stay")
    func audio() throws {
        let place = try self.fixture.forSalvage()
        try self.fixture.damage("audio", of: place)
        let verification = try RecordingVerification(place)
        #expect(verification.problems.contains { $0.hasPrefix("'steno recordings recover' keeps the file") })
        let info = try self.fixture.library.recover(place)
        #expect(info.end.frames == Self.frames && info.unreadable.frames == Self.frames)
        #expect(try RecordingReader(place).utterances() == RecordingFixture.spoken)
        #expect(info.salvage?.lines.contains { $0.hasPrefix("Some of the audio is lost.") } == true)
    }

    @Test("Text that is lost leaves its speech unconfirmed, so that it is had again from the sound")
    func utterances() throws {
        let place = try self.fixture.forSalvage()
        let confirmed = try #require(try RecordingInfo(place).coverage?.totals.confirmed)
        #expect(confirmed > 18_000)
        try self.fixture.damage("utterances", of: place)
        let info = try self.fixture.library.recover(place)
        #expect(info.utterances == 0 && info.needsText && !info.isComplete)
        #expect(info.coverage?.totals.confirmed == 0)
        #expect(info.coverage?.unconfirmed.frames(in: RecordingFixture.spoken[1].span) == 6_000)
        #expect(try RecordingReader(place).allSamples() == Signal.indexed(0..<Self.frames))
    }

    @Test("Pages in the middle cost what lies on them, also several, and what lies between them is there")
    func between() throws {
        let place = try self.fixture.forSalvage()
        let pages = try self.fixture.leaves(place.file(part: 1))
        try #require(pages.count > 20)
        for index in [3, 4, 9, pages.count - 1] { try self.fixture.overwrite(place, page: pages[index]) }
        let info = try self.fixture.library.recover(place)
        let missing = info.unreadable
        #expect(info.end.frames == Self.frames && missing.spans.count == 3 && missing.frames <= 14 * 4_000)
        #expect(missing.spans.last?.end.frames == Self.frames)
        let reader = try RecordingReader(place)
        for start in stride(from: Int64(0), to: Self.frames, by: 4_000) {
            let span = AudioSpan(start..<start + 4_000)
            let samples = try reader.samples(span)
            let isMissing = missing.frames(in: span) > 0
            #expect(samples == (isMissing ? Signal.silence(frames: 4_000) : Signal.indexed(span)), "\(start)")
        }
    }

    @Test("A full disk changes nothing, and with room it is recovered")
    func full() throws {
        let disk = WatchedDisk()
        let writer = try disk.writer()
        try writer.append(Signal.indexed(0..<Self.frames), at: .zero)
        try writer.conclude(isComplete: true)
        let place = writer.place
        let path = "recordings/rec/recording.sqlite"
        var bytes = disk.folder.read(path)
        let page = try #require(try self.fixture.leaves(place.file(part: 1)).dropFirst(8).first)
        for index in (page - 1) * 4_096..<page * 4_096 { bytes[index] = 0 }
        _ = disk.folder.write(bytes, to: path)
        for room in [10_000, 200_000, 700_000] {
            disk.setRoom(disk.used + Int64(room))
            #expect(throws: StoreError.self) { try disk.library().recover(place) }
            #expect(disk.folder.read(path) == bytes, "\(room)")
            #expect(TemporaryFolder.names(in: place.folder).allSatisfy { !$0.contains("bad") && !$0.contains(".new") })
        }
        disk.setRoom(nil)
        let info = try disk.library().recover(place)
        #expect(info.salvage != nil && info.unreadable.frames <= 12_000 && info.end.frames == Self.frames)
    }

    /// Left by its writer with nearly all of it in the log, and then a page of the file itself is damaged.
    private func left(_ disk: WatchedDisk, _ id: String) throws -> RecordingPlace {
        let writer = try disk.writer(id)
        try writer.append(Signal.indexed(0..<20_000), at: .zero)
        let file = open(writer.place.file(part: 1), O_WRONLY)
        defer { close(file) }
        #expect(pwrite(file, [UInt8](repeating: 0xA5, count: 4_096), 4_096, 4 * 4_096) == 4_096)
        return writer.place
    }

    @Test("Whatever call fails, nothing is lost, and the next attempt ends it")
    func failing() throws {
        let disk = WatchedDisk()
        var failures = 0
        for skip in stride(from: 0, to: 40, by: 3) {
            let place = try self.left(disk, "rec-\(skip)")
            disk.fail(.changing, after: skip, times: 1, with: EIO)
            let first = try? disk.library().recover(place)
            failures += disk.failures
            disk.mend()
            let info = try first ?? disk.library().recover(place)
            #expect(info.end.frames == 20_000 && info.setAside == ["recording.sqlite.bad"], "\(skip)")
            #expect(try RecordingReader(place).allSamples() == Signal.indexed(0..<20_000), "\(skip)")
        }
        #expect(failures > 6)
    }

    @Test("Interrupted between any two steps, it is ended with the log that was beside the file")
    func interrupted() throws {
        let disk = WatchedDisk()
        for step in 0..<3 {
            let place = try self.left(disk, "rec-\(step)")
            let path = place.file(part: 1)
            let log = PrivateFiles.content(of: path + "-wal", limit: 1 << 20)
            #expect(link(path, path + ".bad") == 0)
            if step > 0 { #expect(rename(path + "-wal", path + ".bad-wal") == 0) }
            if step > 1 { _ = try PrivateFiles.place([1, 2, 3], at: path + ".salvaged", name: "it") }
            let info = try disk.library().recover(place)
            #expect(info.end.frames == 20_000 && info.setAside == ["recording.sqlite.bad"], "\(step)")
            #expect(try RecordingReader(place).allSamples() == Signal.indexed(0..<20_000), "\(step)")
            #expect(PrivateFiles.content(of: path + ".bad-wal", limit: 1 << 20) == log, "\(step)")
            #expect(!TemporaryFolder.names(in: place.folder).contains("recording.sqlite.salvaged"))
        }
    }

    @Test("Damage in an earlier file of a recording that went on in another one is told too")
    func earlierPart() throws {
        let place = try self.fixture.forSalvage()
        try PrivateFiles.makeFolder("\(place.folder)/2")
        let path = "recordings/\(place.id)"
        _ = self.fixture.folder.write(
            self.fixture.folder.read("\(path)/recording.sqlite"),
            to: "\(path)/2/recording.sqlite"
        )
        try self.fixture.change(place, "DELETE FROM audio WHERE position >= 200000")
        try self.fixture.change(place, "DELETE FROM meta WHERE key IN ('finished', 'complete')")
        try DatabaseQueue(path: place.file(part: 2)).inDatabase { database in
            try database.run("DELETE FROM audio WHERE position < 200000")
        }
        try self.fixture.overwrite(
            place,
            page: try #require(try self.fixture.leaves(place.file(part: 1)).dropFirst(8).first)
        )
        let info = try self.fixture.library.recover(place)
        #expect(info.parts == 2 && info.salvage != nil && info.end.frames == Self.frames && info.isRecovered)
        #expect(!info.unreadable.isEmpty && info.unreadable.frames <= 12_000)
        #expect(info.utterances == 6 && info.coverage?.totals.confirmed ?? 0 > 18_000)
        #expect(try self.fixture.library.recover(place) == info)
    }
}
