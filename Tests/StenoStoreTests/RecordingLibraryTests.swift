import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Recording library")
struct RecordingLibraryTests {
    private let fixture = RecordingFixture()
    private var library: RecordingLibrary {
        RecordingLibrary(home: self.fixture.folder.path) { RecordingFixture.begun + 100_000 }
    }

    @Test("Recordings are listed in order, and one is named by as much of its id as tells it from the others")
    func naming() throws {
        #expect(self.library.places() == [])
        for id in ["20260102-b", "20260101-a", "20260102-bc"] { try self.fixture.recorded(id, frames: 10) }
        try PrivateFiles.makeFolder(self.fixture.folder.path("recordings/.hidden"))
        try PrivateFiles.makeFolder(self.fixture.folder.path("recordings/empty"))
        #expect(self.library.places().map(\.id) == ["20260101-a", "20260102-b", "20260102-bc"])
        #expect(try self.library.place("20260101").id == "20260101-a")
        #expect(try self.library.place("20260102-b").id == "20260102-b")
        #expect(try self.library.place("\(self.fixture.recordings)/20260101-a").id == "20260101-a")
        #expect(try self.library.place("\(self.fixture.recordings)/20260101-a/recording.sqlite").id == "20260101-a")
        #expect(throws: StoreError(.ambiguous(count: 2), "20260102")) { try self.library.place("20260102") }
        for unknown in ["", "x", "..", "../recordings", "/nowhere"] {
            #expect(throws: StoreError(.unknown, unknown)) { try self.library.place(unknown) }
        }
    }

    @Test("What is known of a recording is told while it runs, after a crash, and when it is finished")
    func info() throws {
        var writer: RecordingWriter? = try self.fixture.writer()
        let place = try #require(writer?.place)
        try writer?.append(Signal.indexed(0..<8_000), at: .zero)
        #expect(try RecordingInfo(place).state == .running(process: getpid()))
        writer = nil
        #expect(try RecordingInfo(place).state == .unfinished)

        let info = try self.library.recover(place)
        #expect(info.state == .finished && info.isRecovered && !info.isComplete)
        #expect(info.end.frames == 8_000 && info.hasAudio)
        #expect(info.description == self.fixture.description())
        #expect(TemporaryFolder.names(in: place.folder) == ["recording.sqlite"])
        #expect(try RecordingVerification(place).isSound)
        #expect(try RecordingReader(place).allSamples() == Signal.indexed(0..<8_000))
        #expect(try self.library.recover(place) == info)
    }

    @Test("A recording that is written is neither recovered nor deleted")
    func running() throws {
        let writer = try self.fixture.writer()
        let refusal = StoreError(.inUse(process: getpid()), writer.place.id)
        #expect(throws: refusal) { try self.library.recover(writer.place) }
        #expect(throws: refusal) { try self.library.delete(writer.place) }
        try writer.append([1], at: .zero)
        try writer.conclude(isComplete: true)
        #expect(try RecordingReader(writer.place).allSamples() == [1])
    }

    @Test("A copy of a running recording is recovered elsewhere")
    func recoverCopy() throws {
        let writer = try self.fixture.writer()
        try writer.append(Signal.indexed(0..<21_000), at: .zero)
        let copy = try self.fixture.copy(writer.place, to: "machine")
        #expect(try self.library.recover(copy).end.frames == 20_000)
        #expect(try RecordingReader(copy).allSamples() == Signal.indexed(0..<20_000))
        #expect(TemporaryFolder.names(in: copy.folder) == ["recording.sqlite"])
    }

    @Test("A deleted recording is gone with its folder, and a line says so")
    func delete() throws {
        let place = try self.fixture.recorded(frames: 16_000)
        try self.library.delete(place)
        #expect(self.library.places() == [])
        #expect(TemporaryFolder.names(in: self.fixture.recordings) == [])
        let line = String(decoding: self.fixture.folder.read("audit.log"), as: UTF8.self)
        let told = "2026-11-22T00:01:40Z deleted \(place.id) reason=asked user=\(getuid()) frames=16000 chain="
        #expect(line.hasPrefix(told) && line.count == told.count + 65)
        #expect(try self.library.auditState() == AuditState(lines: 1))
        #expect(TemporaryFolder.permissions(of: self.fixture.folder.path("audit.log")) == 0o600)
    }

    @Test("Only what is finished, complete and old is removed by age, and only at a second look a day later")
    func retention() throws {
        let day: Int64 = 86_400_000
        let now = WallClock.now()
        let old = now - 40 * day
        try self.record("old", begun: old, isComplete: true)
        try self.record("unfinished", begun: old, isComplete: false)
        try self.record("young", begun: now - 20 * day, isComplete: true)
        let crashed = try self.fixture.writer("crashed")
        try crashed.append([1], at: .zero)
        self.age(crashed.place, to: old)
        #expect(self.library.removeExpired(olderThan: 30, now: now) == [])
        #expect(self.library.removeExpired(olderThan: 30, now: now + day - 1) == [])
        #expect(self.library.removeExpired(olderThan: 30, now: now + day) == ["old"])
        #expect(self.library.places().map(\.id) == ["crashed", "unfinished", "young"])
        #expect(String(decoding: self.fixture.folder.read("audit.log"), as: UTF8.self).contains("old reason=expired"))
    }

    @Test(
        "A clock that ran ahead and was set right removes nothing, and neither does a file that is younger than it says"
    )
    func jumpedClock() throws {
        let day: Int64 = 86_400_000
        let now = WallClock.now()
        let place = try self.record("kept", begun: now - 5 * day, isComplete: true)
        #expect(self.library.removeExpired(olderThan: 30, now: now + 3_650 * day) == [])
        #expect(self.library.removeExpired(olderThan: 30, now: now) == [])
        #expect(self.library.removeExpired(olderThan: 30, now: now + 26 * day) == [])
        #expect(self.library.removeExpired(olderThan: 30, now: now + 27 * day) == ["kept"])
        #expect(!place.exists)
        let touched = try self.record("touched", begun: now - 90 * day, isComplete: true)
        self.age(touched, to: now - 2 * day)
        for later in 0..<5 { #expect(self.library.removeExpired(olderThan: 30, now: now + Int64(later) * day) == []) }
    }

    @Test("What was recorded before the machine knew the time is kept for its days, counted from when that is seen")
    func undated() throws {
        let day: Int64 = 86_400_000
        let now = WallClock.now()
        try self.record("19700101-000007-aaaaaaaa", begun: 7_000, isComplete: true)
        #expect(self.library.removeExpired(olderThan: 30, now: 40 * day) == [])
        for later in [Int64(0), 1, 2, 29] {
            #expect(self.library.removeExpired(olderThan: 30, now: now + later * day) == [], "\(later) days")
        }
        #expect(self.library.removeExpired(olderThan: 30, now: now + 30 * day) == ["19700101-000007-aaaaaaaa"])
    }

    @Test("Audio is exported as WAV and FLAC, gaps as silence, and appears whole or not at all")
    func export() async throws {
        let writer = try self.fixture.writer()
        try writer.append(Signal.indexed(0..<9_000), at: .zero)
        try writer.missed(AudioGap(9_000..<30_000, .deviceGone))
        try writer.append(Signal.indexed(30_000..<31_000), at: SamplePosition(frames: 30_000))
        try writer.conclude(isComplete: true)
        let truth = Signal.indexed(0..<9_000) + Signal.silence(frames: 21_000) + Signal.indexed(30_000..<31_000)
        for name in ["a.wav", "b.FLAC"] {
            let path = self.fixture.folder.path(name)
            let form = try #require(RecordingExport(fileName: path))
            #expect(try form.write(RecordingReader(writer.place), to: path) == 31_000)
            let file = try AudioFile.open(path, spoolFolder: self.fixture.folder.path("spool"))
            _ = await file.completed()
            #expect(try file.allSamples() == truth)
            #expect(TemporaryFolder.permissions(of: path) == 0o600)
        }
        #expect(RecordingExport(fileName: "a.txt") == nil && RecordingExport(fileName: ".wav") == nil)
        let absent = self.fixture.folder.path("absent/a.wav")
        for form in RecordingExport.allCases {
            #expect { try form.write(RecordingReader(writer.place), to: absent) } throws: { error in
                (error as? AudioError)?.reason == .storage(folder: absent)
            }
        }
    }

    @discardableResult
    private func record(_ id: String, begun: Int64, isComplete: Bool) throws -> RecordingPlace {
        var description = self.fixture.description(id)
        description.begun = begun
        let writer = try RecordingWriter(description, in: self.fixture.recordings) { begun }
        try writer.append([1, 2, 3], at: .zero)
        try writer.conclude(isComplete: isComplete)
        self.age(writer.place, to: begun)
        return writer.place
    }

    private func age(_ place: RecordingPlace, to time: Int64) {
        let moment = timespec(tv_sec: Int(time / 1_000), tv_nsec: 0)
        _ = [moment, moment].withUnsafeBufferPointer { utimensat(AT_FDCWD, place.file(part: 1), $0.baseAddress, 0) }
    }
}
