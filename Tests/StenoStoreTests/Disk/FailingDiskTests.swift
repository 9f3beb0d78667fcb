import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Recording on a disk that fails")
struct FailingDiskTests {
    private let disk = WatchedDisk()

    @Test("After a failed sync the file is never touched again, not when it is closed either", arguments: 0..<6)
    func failedSync(skip: Int) throws {
        let writer = try self.disk.writer()
        try writer.appendIndexed(0..<20_000, period: 4_000)
        self.disk.fail(.sync, after: skip, times: 1, with: EIO)
        var end = Int64(20_000)
        while self.disk.failures == 0, end < 400_000 {
            try writer.appendIndexed(end..<end + 4_000, period: 4_000)
            end += 4_000
        }
        #expect(self.disk.failures == 1)
        let touched = self.disk.changes(of: "recordings/rec/recording.sqlite")
        try writer.appendIndexed(end..<end + 200_000, period: 4_000)
        try writer.conclude(isComplete: true)
        #expect(self.disk.changes(of: "recordings/rec/recording.sqlite") == touched)
        #expect(writer.parts == 2)
        let reader = try RecordingReader(writer.place)
        #expect(try reader.allSamples() == Signal.indexed(0..<end + 200_000))
        #expect(reader.info.parts == 2 && reader.info.state == .finished)
        #expect(try RecordingVerification(writer.place).isSound)
    }

    @Test("A sync of the copy of the log that fails is no failure of the commit, and ends the file all the same")
    func failedCheckpoint() throws {
        let writer = try self.disk.writer()
        // The 20th commit is followed by a checkpoint, whose syncs come after its own.
        try writer.appendIndexed(0..<19 * 4_000, period: 4_000)
        self.disk.fail(.sync, after: 1, times: 1, with: EIO)
        try writer.appendIndexed(19 * 4_000..<20 * 4_000, period: 4_000)
        #expect(self.disk.failures == 1 && writer.parts == 1 && writer.durable.frames == 80_000)
        let touched = self.disk.changes(of: "recordings/rec/recording.sqlite")
        try writer.appendIndexed(80_000..<100_000, period: 4_000)
        #expect(writer.parts == 2)
        try writer.conclude(isComplete: true)
        #expect(self.disk.changes(of: "recordings/rec/recording.sqlite") == touched)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<100_000))
    }

    @Test("A write that fails moves the recording to another file, from the first row that was not safe")
    func failedWrite() throws {
        let writer = try self.disk.writer()
        try writer.appendIndexed(0..<22_000, period: 4_000)
        self.disk.fail(.write, after: 3, times: 1, with: EIO)
        try writer.appendIndexed(22_000..<60_000, period: 4_000)
        #expect(self.disk.failures == 1 && writer.parts == 2)
        try writer.conclude(isComplete: true)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<60_000))
    }

    /// Every call that changes something fails once, one after the other, until none is left that could.
    @Test(
        "Whichever call fails, and however: what was durable is there, the rest is told, and all is readable",
        arguments: [EIO, ENOSPC, EROFS, EDQUOT]
    )
    func sweep(error: Int32) throws {
        // Far enough for the first copy of the log where that is worth it.
        let length: Int64 = error == EIO ? 88_000 : 24_000
        for skip in 0..<10_000 {
            let disk = WatchedDisk()
            disk.fail(.changing, after: skip, times: error == EIO ? 1 : 3, with: error)
            var durable = Int64(0)
            var errors: [String] = []
            var writer: RecordingWriter?
            do {
                writer = try disk.writer()
                for end in stride(from: Int64(4_000), through: length, by: 4_000) {
                    do {
                        let start = writer?.end.frames ?? 0
                        try writer?.append(Signal.indexed(start..<end), at: SamplePosition(frames: start))
                    } catch {
                        errors.append("\(error)")
                    }
                    durable = writer?.durable.frames ?? 0
                }
                let start = writer?.end.frames ?? 0
                try writer?.append(Signal.indexed(start..<length), at: SamplePosition(frames: start))
                try writer?.conclude(isComplete: true)
                durable = length
            } catch {
                errors.append("\(error)")
            }
            writer = nil
            let failures = disk.failures
            disk.mend()
            do {
                try self.check(disk, durable: durable, "error \(error), call \(skip): \(errors)")
            } catch {
                Issue.record("error \(error), call \(skip): \(error) after \(errors)")
            }
            #expect(errors.allSatisfy { $0.contains("rec") }, "call \(skip): \(errors)")
            if failures == 0 { return }
        }
        Issue.record("it never ended")
    }

    private func check(_ disk: WatchedDisk, durable: Int64, _ comment: Comment) throws {
        let library = RecordingLibrary(home: disk.folder.path)
        guard let place = library.places().first else {
            #expect(durable == 0, comment)
            return
        }
        let info = try library.recover(place)
        #expect(info.finished != nil && info.end.frames >= durable, "durable \(durable), \(comment)")
        #expect(try RecordingReader(place).allSamples() == Signal.indexed(0..<info.end.frames), comment)
        #expect(try RecordingVerification(place).isSound, comment)
    }

    @Test("Writes that are cut short or interrupted at every second call cost nothing")
    func stutter() throws {
        for every in [1, 2, 3, 7] {
            let disk = WatchedDisk()
            disk.stutter(every: every + 1)
            let writer = try disk.writer()
            try writer.appendIndexed(0..<120_000, period: 4_000)
            try writer.conclude(isComplete: true)
            #expect(writer.parts == 1)
            #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<120_000))
            #expect(try RecordingVerification(writer.place).isSound)
        }
    }

    @Test("A disk that becomes read-only is told in words; what comes meanwhile is kept and written when it is not")
    func readOnly() throws {
        let writer = try self.disk.writer()
        try writer.appendIndexed(0..<20_000, period: 4_000)
        self.disk.fail(.changing, with: EROFS)
        for _ in 0..<3 {
            #expect(throws: AudioError.self) {
                try writer.append(Signal.indexed(20_000..<40_000), at: SamplePosition(frames: 20_000))
            }
        }
        self.disk.mend()
        try writer.append(Signal.indexed(20_000..<60_000), at: SamplePosition(frames: 20_000))
        try writer.conclude(isComplete: true)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<60_000))
        self.disk.fail(.changing, with: EROFS)
        #expect { try self.disk.writer("another") } throws: { ($0 as? StoreError)?.reason == .notPermitted }
        self.disk.fail(.changing, with: EACCES)
        #expect { try self.disk.writer("another") } throws: { ($0 as? StoreError)?.reason == .notPermitted }
    }

    @Test("While a sync takes half a minute the microphone never waits, and nothing is lost")
    func slowSync() async throws {
        let writer = try self.disk.writer()
        let live = try LiveSource(recording: writer) { _ in }
        var microphone = live.makeWriter()
        microphone.appendIndexed(16_000)
        self.disk.hold()
        microphone.appendIndexed(8_000)
        self.disk.awaitHeld()
        // Would wait for ever if it waited for the disk.
        microphone.appendIndexed(30 * 16_000)
        #expect(live.recording.gaps.isEmpty)
        self.disk.release()
        microphone.finish()
        let report = await live.recorded()
        #expect(report.isWhole && report.failure == nil)
        try writer.conclude(isComplete: true)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<504_000))
    }

    @Test("When one of its files is lost the rest is listed and read, and what is missing is told exactly")
    func lostPart() throws {
        let writer = try self.disk.writer()
        try writer.appendIndexed(0..<40_000, period: 4_000)
        self.disk.fail(.sync, times: 1, with: EIO)
        try writer.appendIndexed(40_000..<80_000, period: 4_000)
        try writer.conclude(isComplete: true)
        let place = writer.place
        for file in TemporaryFolder.names(in: place.folder) where file.hasPrefix("recording.sqlite") {
            unlink("\(place.folder)/\(file)")
        }
        let library = RecordingLibrary(home: self.disk.folder.path)
        #expect(library.places() == [place])
        let verification = try RecordingVerification(place)
        #expect(verification.holes.spans == [AudioSpan(0..<40_000)] && verification.damaged.isEmpty)
        let samples = try RecordingReader(place).allSamples()
        #expect(samples == Signal.silence(frames: 40_000) + Signal.indexed(40_000..<80_000))
    }

    @Test("A recording whose second file of three is lost goes on in its third, and after that in a fourth")
    func lostMiddle() throws {
        var writer: RecordingWriter? = try self.disk.writer()
        let place = try #require(writer?.place)
        for start in [Int64(0), 40_000, 80_000] {
            if start > 0 { self.disk.fail(.sync, times: 1, with: EIO) }
            try writer?.appendIndexed(start..<start + 40_000, period: 4_000)
        }
        writer = nil
        try PrivateFiles.remove(place.folder(part: 2), name: "it")
        let resumed = try RecordingWriter(resuming: place)
        #expect(resumed.durable.frames == 120_000 && resumed.parts == 3)
        try resumed.appendIndexed(120_000..<160_000, period: 4_000)
        #expect(try resumed.samples(80_000..<160_000) == Signal.indexed(80_000..<160_000))
        self.disk.fail(.sync, times: 1, with: EIO)
        try resumed.appendIndexed(160_000..<200_000, period: 4_000)
        try resumed.conclude(isComplete: true)
        #expect(place.numberedFiles.map(\.part) == [1, 3, 4])
        let samples = try RecordingReader(place).allSamples()
        #expect(samples[80_000...] == Signal.indexed(80_000..<200_000)[...] && samples.count == 200_000)
    }

    @Test("A deletion that the disk refuses half-way can be repeated until it is done")
    func deletion() throws {
        for skip in 0..<100 {
            let disk = WatchedDisk()
            let writer = try disk.writer()
            try writer.appendIndexed(0..<8_000)
            try writer.conclude(isComplete: true)
            let library = RecordingLibrary(home: disk.folder.path)
            disk.fail([.unlink, .open, .write, .sync], after: skip, times: 1, with: EIO)
            let isDone = (try? library.delete(writer.place)) != nil
            let hasFailed = disk.failures > 0
            disk.mend()
            if !isDone { #expect(library.places() == [writer.place] || !writer.place.exists, "call \(skip)") }
            if library.places() == [writer.place] { try library.delete(writer.place) }
            #expect(library.places().isEmpty, "call \(skip)")
            if !hasFailed { return }
        }
    }
}
