import GRDB
import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Recovering a recording")
struct RecordingRecoveryTests {
    private let fixture = RecordingFixture()
    private var library: RecordingLibrary {
        RecordingLibrary(home: self.fixture.folder.path) { RecordingFixture.begun + 100_000 }
    }

    /// A recording whose writer is gone.
    private func left(_ id: String = "20261122-004100-abcdefgh", frames: Int64) throws -> RecordingPlace {
        let writer = try self.fixture.writer(id)
        try writer.appendIndexed(0..<frames, period: 4_000)
        return writer.place
    }

    @Test("A damaged row stays, is told to the sample, and is missing from then on")
    func damaged() throws {
        let place = try self.left(frames: 40_000)
        try self.fixture.change(place, "UPDATE audio SET crc = crc + 1 WHERE position = 16000")
        let info = try self.library.recover(place)
        #expect(info.unreadable.spans == [AudioSpan(16_000..<20_000)])
        #expect(info.coverage?.totals.missing == 4_000 && info.gaps.isEmpty)
        #expect(info.coverage?.total.frames == 40_000)
        let verification = try RecordingVerification(place)
        #expect(verification.damaged.spans == [AudioSpan(16_000..<20_000)])
        #expect(verification.soundRows == 9 && verification.problems.isEmpty)
    }

    @Test("A part that cannot be opened is set aside as it is, told, and the rest is the recording")
    func secondPart() throws {
        let place = try self.left(frames: 20_000)
        try PrivateFiles.makeFolder("\(place.folder)/2")
        let garbage = [UInt8](repeating: 7, count: 9_000)
        _ = self.fixture.folder.write(garbage, to: "recordings/\(place.id)/2/recording.sqlite")
        let info = try self.library.recover(place)
        #expect(info.end.frames == 20_000 && info.isRecovered && info.parts == 1)
        #expect(info.setAside == ["2/recording.sqlite.bad"])
        #expect(self.fixture.folder.read("recordings/\(place.id)/2/recording.sqlite.bad") == garbage)
        #expect(try RecordingReader(place).allSamples() == Signal.indexed(0..<20_000))
        #expect(try !RecordingVerification(place).isSound)
    }

    @Test("When nothing can be opened the recording stays listed, empty, and what was there is beside it")
    func onlyPart() throws {
        let place = try self.left(frames: 20_000)
        let garbage = [UInt8](repeating: 7, count: 9_000)
        _ = self.fixture.folder.write(garbage, to: "recordings/\(place.id)/recording.sqlite")
        unlink(place.file(part: 1) + "-wal")
        let info = try self.library.recover(place)
        #expect(info.salvage == nil)
        #expect(info.end == .zero && info.isRecovered && info.setAside == ["recording.sqlite.bad"])
        #expect(self.fixture.folder.read("recordings/\(place.id)/recording.sqlite.bad") == garbage)
        #expect(self.library.places() == [place])
    }

    @Test("A first part that cannot be opened leaves the second one, and the time that it held is missing")
    func firstPart() throws {
        let place = try self.left(frames: 20_000)
        try PrivateFiles.makeFolder("\(place.folder)/2")
        for suffix in ["", "-wal"] {
            let bytes = self.fixture.folder.read("recordings/\(place.id)/recording.sqlite\(suffix)")
            _ = self.fixture.folder.write(bytes, to: "recordings/\(place.id)/2/recording.sqlite\(suffix)")
        }
        try DatabaseQueue(path: place.file(part: 2)).inDatabase {
            try $0.run("DELETE FROM audio WHERE position < 8000")
        }
        _ = self.fixture.folder.write(
            [UInt8](repeating: 7, count: 9_000),
            to: "recordings/\(place.id)/recording.sqlite"
        )
        unlink(place.file(part: 1) + "-wal")
        let info = try self.library.recover(place)
        #expect(info.setAside == ["recording.sqlite.bad"] && info.isRecovered && info.parts == 1)
        #expect(info.end.frames == 20_000 && info.unreadable.spans == [AudioSpan(0..<8_000)])
        let samples = try RecordingReader(place).allSamples()
        #expect(samples[8_000...] == Signal.indexed(8_000..<20_000)[...])
        #expect(try self.library.recover(place) == info)
    }

    @Test("What another program made is not touched")
    func foreign() throws {
        let place = try self.fixture.recorded(frames: 10)
        try self.fixture.change(place, "PRAGMA application_id = 0")
        #expect(throws: StoreError.self) { try self.library.recover(place) }
        #expect(TemporaryFolder.names(in: place.folder).allSatisfy { !$0.contains(".bad") })
    }

    @Test("A copy is recovered on another machine, with nothing but its folder")
    func copy() throws {
        let writer = try self.fixture.writer()
        try writer.append(Signal.silence(frames: 32_000) + Signal.voice(frames: 32_000), at: .zero)
        try writer.append(Signal.silence(frames: 32_000), at: .init(frames: 64_000))
        let copy = try self.fixture.copy(writer.place, to: "machine")
        let elsewhere = RecordingLibrary(home: self.fixture.folder.path("nothing/here"))
        let info = try elsewhere.recover(copy)
        #expect((info.coverage?.unconfirmed.frames(in: AudioSpan(32_000..<64_000)) ?? 0) > 24_000)
        #expect(try RecordingVerification(copy).isSound)
    }

    @Test("A recording of the first format that was left is completed by listening to what nobody listened to")
    func firstFormat() throws {
        let place = try self.fixture.firstFormat()
        try self.fixture.change(place, "DELETE FROM meta WHERE key = 'finished'")
        try self.fixture.change(place, "UPDATE meta SET value = 8000 WHERE key = 'coverage_total'")
        let before = try RecordingReader(place).allSamples()
        let info = try self.library.recover(place)
        #expect(info.schema == RecordingSchema.version)
        #expect(info.coverage?.total.frames == Int64(before.count))
        #expect(info.memory?.lastConfirmed?.frames == 5_000)
        #expect(try RecordingVerification(place).isSound)
        #expect(try RecordingReader(place).allSamples() == before)
    }
}
