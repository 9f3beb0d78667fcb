import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Synchronization
import Testing

@testable import StenoStore

@Suite("Recording on a full disk")
struct FullDiskTests {
    private let disk = WatchedDisk()

    @Test("It goes on in the space kept for this, then in memory, and by itself when there is room; nothing is lost")
    func whole() throws {
        self.disk.setRoom(400 << 20)
        let writer = try self.disk.writer()
        let notices = Notices(of: writer)
        #expect(TemporaryFolder.names(in: writer.place.folder).contains("reserve"))
        #expect(self.disk.used > DiskReserve.size)
        try writer.appendIndexed(0..<40_000, period: 4_000)
        self.disk.setRoom(self.disk.used)
        var end = Int64(40_000)
        while (try? writer.appendIndexed(end..<end + 4_000, period: 4_000)) != nil { end += 4_000 }
        #expect(end > 160 * 16_000, "the reserve held \(end / 16_000) s")
        #expect(notices.taken.map(\.isAlarm) == [true, true])
        #expect(!TemporaryFolder.names(in: writer.place.folder).contains("reserve"))
        let durable = writer.durable
        #expect(durable.frames >= end)
        for _ in 0..<5 {
            #expect(throws: AudioError.self) {
                try writer.append(Signal.indexed(end..<end + 80_000), at: SamplePosition(frames: end))
            }
        }
        #expect(notices.taken == [])
        self.disk.setRoom(self.disk.used + (400 << 20))
        try writer.append(Signal.indexed(end..<end + 80_000), at: SamplePosition(frames: end))
        #expect(notices.taken == [.goesOn, .roomAgain])
        #expect(TemporaryFolder.names(in: writer.place.folder).contains("reserve"))
        try writer.conclude(isComplete: true)
        #expect(TemporaryFolder.names(in: writer.place.folder) == ["complete", "recording.sqlite"])
        #expect(writer.parts == 1)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<end + 80_000))
        #expect(try RecordingVerification(writer.place).isSound)
    }

    @Test("What memory cannot hold either is a measured gap, and the rest is whole", .timeLimit(.minutes(3)))
    func gap() async throws {
        let writer = try self.disk.writer()
        let (notices, tell) = AsyncStream<CaptureNotice>.makeStream()
        let live = try LiveSource(recording: writer, ringFrames: 64_000) { tell.yield($0) }
        var microphone = live.makeWriter()
        microphone.appendIndexed(32_000)
        self.disk.setRoom(0)
        // Twice what memory and ring hold, so that some of it is lost however much time the recorder gets.
        microphone.appendIndexed(2_000_000)
        let lost = microphone.position
        // It must have met the full disk before there is room again.
        #expect(await notices.contains { if case .recordingFailing = $0 { true } else { false } })
        self.disk.setRoom(nil)
        microphone.appendIndexed(64_000)
        microphone.finish()
        let report = await live.recorded()
        try writer.conclude(isComplete: false)
        #expect(report.failure == nil && !report.isWhole)
        let reader = try RecordingReader(writer.place)
        let gaps = reader.info.gaps
        #expect(gaps.allSatisfy { $0.cause == .diskStalled && $0.span.end <= lost + 64_000 })
        let missing = gaps.reduce(0) { $0 + $1.span.frames }
        // What the ring held was kept.
        #expect(missing > 0 && missing <= 2_096_000 - 64_000 && reader.info.end.frames == 2_096_000)
        let samples = try reader.allSamples()
        let holes = SpanSet(gaps.map(\.span))
        for frame in stride(from: Int64(0), to: 2_096_000, by: 37) {
            let isMissing = holes.contains(SamplePosition(frames: frame))
            #expect(samples[Int(frame)] == (isMissing ? 0 : Signal.indexedSample(frame)))
        }
        #expect(try RecordingVerification(writer.place).isSound)
    }

    @Test("A disk with little room is told at the start, and keeps no more than a quarter of it")
    func little() throws {
        self.disk.setRoom(4 << 20)
        let writer = try self.disk.writer()
        #expect(Notices(of: writer).taken.count == 1)
        #expect(self.disk.used < 2 << 20)
        try writer.appendIndexed(0..<16_000)
        try writer.conclude(isComplete: true)
    }

    @Test("No room for the first file is told in words, and nothing is left that looks like a recording")
    func noRoom() throws {
        self.disk.setRoom(2_000)
        #expect { try self.disk.writer() } throws: { ($0 as? StoreError)?.reason == .full }
        #expect(RecordingLibrary(home: self.disk.folder.path).places().isEmpty)
        self.disk.setRoom(nil)
        let writer = try self.disk.writer()
        try writer.appendIndexed(0..<8_000)
        try writer.conclude(isComplete: true)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<8_000))
    }

    @Test("A log that cannot be copied for want of room waits in its place, and what was committed stays committed")
    func checkpoint() throws {
        let writer = try self.disk.writer()
        for row in Int64(0)..<200 {
            // Room for the log now and then, and never for the file.
            self.disk.setRoom(row % 3 == 0 ? self.disk.used + 40_000 : 0)
            try? writer.appendIndexed(writer.end.frames..<row * 4_000, period: 4_000)
        }
        #expect(writer.parts == 1)
        self.disk.setRoom(nil)
        try writer.appendIndexed(writer.end.frames..<800_000, period: 4_000)
        try writer.conclude(isComplete: true)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<800_000))
    }

    @Test("What was kept for a full disk and left by a crash goes with the recovery")
    func left() throws {
        var writer: RecordingWriter? = try self.disk.writer()
        try writer?.appendIndexed(0..<8_000)
        let place = try #require(writer?.place)
        writer = nil
        #expect(TemporaryFolder.names(in: place.folder).contains("reserve"))
        _ = try RecordingLibrary(home: self.disk.folder.path).recover(place)
        #expect(TemporaryFolder.names(in: place.folder) == ["recording.sqlite"])
    }
}

/// What a writer told of its disk since the last look.
final class Notices: Sendable {
    private let notices = Mutex<[DiskNotice]>([])

    init(of writer: RecordingWriter) {
        writer.observeDisk { notice in self.notices.withLock { $0.append(notice) } }
    }

    var taken: [DiskNotice] {
        self.notices.withLock { notices in
            defer { notices = [] }
            return notices
        }
    }
}
