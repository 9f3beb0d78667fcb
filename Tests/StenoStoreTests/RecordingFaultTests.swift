import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Recording on a disk that refuses")
struct RecordingFaultTests {
    private let fixture = RecordingFixture()

    @Test("A full disk is told, nothing is lost while it lasts, and recording goes on by itself when there is room")
    func full() throws {
        let writer = try self.fixture.writer()
        try writer.appendIndexed(0..<20_000, period: 4_000)
        try writer.limit(pages: 1)
        let durable = writer.durable
        let samples = Signal.indexed(20_000..<40_000)
        for _ in 0..<5 { #expect(throws: AudioError.self) { try writer.append(samples, at: .init(frames: 20_000)) } }
        #expect(writer.durable == durable)
        #expect(try writer.samples(0..<20_000) == Signal.indexed(0..<20_000))
        try writer.limit(pages: 1_000_000)
        try writer.append(samples, at: .init(frames: 20_000))
        #expect(writer.durable.frames == 40_000)
        try writer.conclude(isComplete: true)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<40_000))
        #expect(writer.parts == 1)
    }

    @Test("A full disk costs no memory: what is offered again and again is kept once")
    func bounded() throws {
        let writer = try self.fixture.writer()
        try writer.limit(pages: 1)
        for round in Int64(0)..<20 {
            #expect(throws: AudioError.self) { try writer.append(Signal.indexed(0..<200_000), at: .zero) }
            writer.keep(.event(RecordingEvent("round", at: .zero, time: round)))
        }
        #expect(writer.end.frames <= Int64(RecordingJournal.rowLimit) * 4_000)
        try writer.limit(pages: 1_000_000)
        try writer.append(Signal.indexed(0..<200_000), at: .zero)
        try writer.conclude(isComplete: true)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<200_000))
        #expect(try RecordingReader(writer.place).events().count == 20)
    }

    @Test("When the file is gone the recording goes on in another, and what the person does not see is not lost")
    func removed() throws {
        let writer = try self.fixture.writer()
        try writer.appendIndexed(0..<20_000, period: 4_000)
        try PrivateFiles.remove(writer.place.folder, name: "it")
        try writer.appendIndexed(20_000..<60_001, period: 4_000)
        #expect(writer.parts == 2)
        #expect(try writer.samples(20_000..<60_000) == Signal.indexed(20_000..<60_000))
        try writer.conclude(isComplete: true)
        let part = "\(writer.place.folder)/2"
        #expect(TemporaryFolder.names(in: part) == ["recording.sqlite"])
        #expect(TemporaryFolder.permissions(of: part) == 0o700)
    }

    @Test("A file that fails is never touched again; its rows and those of the next are one recording")
    func failing() throws {
        let writer = try self.fixture.writer()
        try writer.appendIndexed(0..<22_000, period: 4_000)
        writer.keep(.event(RecordingEvent("late", at: .zero, time: 1)))
        // Another file under its name is as good as a failing one: neither may be written to.
        let file = writer.place.file(part: 1)
        rename(file, file + ".moved")
        let other = self.fixture.folder.write([1, 2, 3], to: "recordings/\(writer.place.id)/recording.sqlite")
        try writer.appendIndexed(22_000..<50_000, period: 4_000)
        #expect(writer.parts == 2 && writer.durable.frames == 48_000)
        try writer.missed(AudioGap(50_000..<60_000, .overrun))
        try writer.conclude(isComplete: true)
        #expect(self.fixture.folder.read("recordings/\(writer.place.id)/recording.sqlite") == [1, 2, 3])

        unlink(other)
        rename(file + ".moved", file)
        let reader = try RecordingReader(writer.place)
        #expect(reader.info.parts == 2 && reader.info.state == .finished)
        #expect(try reader.allSamples() == Signal.indexed(0..<50_000) + Signal.silence(frames: 10_000))
        #expect(try reader.events().map(\.kind) == ["late"])
        #expect(try RecordingVerification(writer.place).isSound)
    }

    @Test("When no file can be made the error names the folder, and nothing waits for what will never come")
    func nowhere() throws {
        let writer = try self.fixture.writer()
        try writer.appendIndexed(0..<5_000)
        try PrivateFiles.remove(self.fixture.recordings, name: "it")
        _ = self.fixture.folder.write([], to: "recordings")
        #expect { try writer.appendIndexed(5_000..<9_000) } throws: { error in
            (error as? AudioError)?.reason == .storage(folder: writer.place.folder)
        }
        #expect(throws: AudioError.self) { try writer.finish() }
        #expect(throws: AudioError.self) { try writer.samples(8_000..<8_100) }
        #expect(try writer.samples(9_000..<9_100) == [])
        #expect(throws: StoreError.self) { try self.fixture.writer("another") }
    }

    @Test("A file of a newer program can be read and exported, and is not written to")
    func newer() throws {
        let place = try self.fixture.recorded(frames: 9_000)
        try self.fixture.change(place, "UPDATE meta SET value = 99 WHERE key = 'schema'")
        try self.fixture.change(place, "DELETE FROM meta WHERE key = 'finished'")
        try self.fixture.change(place, "ALTER TABLE audio ADD COLUMN mystery TEXT")
        let reader = try RecordingReader(place)
        #expect(reader.info.schema == 99)
        #expect(try reader.allSamples() == Signal.indexed(0..<9_000))
        let library = RecordingLibrary(home: self.fixture.folder.path)
        #expect(throws: StoreError(.newer(schema: 99), place.id)) { try library.recover(place) }
        #expect(try RecordingReader(place).info.finished == nil)
    }
}
