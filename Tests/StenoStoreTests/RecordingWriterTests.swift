import Glibc
import StenoAudio
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Recording writer")
struct RecordingWriterTests {
    private let fixture = RecordingFixture()

    @Test("What is read is what was written, to the bit, however it came")
    func roundTrip() throws {
        for (index, period) in [Int64(320), 1, 4_000, 4_001, 31_999].enumerated() {
            let id = "period-\(period)"
            let writer = try self.fixture.writer(id)
            let frames = Int64(index == 1 ? 9_001 : 50_123)
            try writer.appendIndexed(0..<frames, period: period)
            try writer.conclude(isComplete: true)

            let reader = try RecordingReader(writer.place)
            #expect(reader.info.end.frames == frames)
            #expect(try reader.allSamples() == Signal.indexed(0..<frames))
            #expect(try RecordingVerification(writer.place).isSound)
        }
    }

    @Test("Full scale, silence and single samples survive")
    func extremes() throws {
        let sounds: [[Int16]] = [
            [.min, .max, .min], Signal.silence(frames: 12_000), [5], Signal.voice(frames: 30_000),
        ]
        for (index, sound) in sounds.enumerated() {
            let writer = try self.fixture.writer("sound-\(index)")
            try writer.append(sound, at: .zero)
            try writer.conclude(isComplete: true)
            #expect(try RecordingReader(writer.place).allSamples() == sound)
        }
    }

    @Test("Everything but the last 250 ms is durable as soon as it was handed over")
    func lossBound() throws {
        let writer = try self.fixture.writer()
        for start in stride(from: Int64(0), to: 48_000, by: 320) {
            try writer.appendIndexed(start..<start + 320)
            #expect(start + 320 - writer.durable.frames < 4_000)
        }
    }

    @Test("A process killed at any moment leaves everything that was durable, in a copy too")
    func kill() throws {
        for seed in UInt64(0)..<6 {
            var random = SplitMix64(seed: seed)
            let writer = try self.fixture.writer("killed-\(seed)")
            let end = Int64.random(in: 1..<100_000, using: &random)
            try writer.appendIndexed(0..<end, period: 4_000)
            let durable = writer.durable
            let copy = try self.fixture.copy(writer.place, to: "killed-\(seed)")

            let reader = try RecordingReader(copy)
            #expect(reader.info.state == .unfinished, "seed \(seed)")
            #expect(reader.info.end >= durable, "seed \(seed)")
            #expect(end - reader.info.end.frames < 4_000, "seed \(seed)")
            #expect(try reader.allSamples() == Signal.indexed(0..<reader.info.end.frames), "seed \(seed)")
            #expect(try RecordingVerification(copy).isSound, "seed \(seed)")
        }
    }

    @Test("It can be read while it is written, up to what is durable")
    func readWhileWriting() throws {
        let writer = try self.fixture.writer()
        try writer.appendIndexed(0..<10_000)
        #expect(writer.durable.frames == 8_000)
        #expect(try writer.samples(3_999..<8_001) == Signal.indexed(3_999..<8_000))
        #expect(try writer.samples(8_000..<9_000) == [])
        let other = try RecordingReader(writer.place)
        #expect(other.info.state == .running(process: getpid()))
        #expect(try other.allSamples() == Signal.indexed(0..<8_000))
        try writer.appendIndexed(10_000..<20_000)
        #expect(try writer.samples(0..<20_000) == Signal.indexed(0..<20_000))
        #expect(try RecordingReader(writer.place).info.end.frames == 20_000)
    }

    @Test("A reader on another thread sees only whole rows while they are written")
    func concurrentReader() async throws {
        let writer = try self.fixture.writer()
        let isDone = Flag()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? writer.appendIndexed(0..<160_000, period: 4_000)
                isDone.raise()
            }
            group.addTask {
                var last = Int64(0)
                while !isDone.isRaised || last < writer.durable.frames {
                    let samples = (try? writer.samples(last..<last + 3_000)) ?? [1]
                    #expect(samples == Signal.indexed(last..<last + Int64(samples.count)))
                    last += Int64(samples.count)
                    await Task.yield()
                }
                #expect(last == 160_000)
            }
        }
    }

    @Test("A finished recording is one file, and still readable")
    func oneFile() throws {
        let writer = try self.fixture.writer()
        try writer.appendIndexed(0..<10_000)
        #expect(TemporaryFolder.names(in: writer.place.folder).contains("recording.sqlite-wal"))
        try writer.finish()
        #expect(TemporaryFolder.names(in: writer.place.folder) == ["recording.sqlite", "reserve", "writer"])
        #expect(writer.durable.frames == 10_000)
        #expect(try writer.samples(0..<20_000) == Signal.indexed(0..<10_000))
        try writer.conclude(isComplete: true)
        #expect(TemporaryFolder.names(in: writer.place.folder) == ["complete", "recording.sqlite"])
        #expect(try RecordingReader(writer.place).info.state == .finished)
    }

    @Test("A reader that stays does not keep a recording from being finished")
    func finishWithReader() throws {
        let writer = try self.fixture.writer()
        try writer.appendIndexed(0..<10_000)
        let reader = try RecordingReader(writer.place)
        _ = try reader.allSamples()
        try writer.conclude(isComplete: true)
        #expect(try RecordingReader(writer.place).info.state == .finished)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<10_000))
    }

    @Test("A second writer is refused and told who writes; after the first it is told that nothing is overwritten")
    func secondWriter() throws {
        let first = try self.fixture.writer()
        #expect(throws: StoreError(.inUse(process: getpid()), first.place.id)) { try self.fixture.writer() }
        try first.append([1, 2, 3], at: .zero)
        try first.conclude(isComplete: true)
        #expect(throws: StoreError(.exists, first.place.id)) { try self.fixture.writer() }
        #expect(try RecordingReader(first.place).allSamples() == [1, 2, 3])
    }

    @Test("Only the owner can look into folders and files, while it is written and afterwards")
    func permissions() throws {
        let writer = try self.fixture.writer()
        try writer.appendIndexed(0..<10_000)
        #expect(TemporaryFolder.permissions(of: self.fixture.recordings) == 0o700)
        #expect(TemporaryFolder.permissions(of: writer.place.folder) == 0o700)
        for name in ["recording.sqlite", "recording.sqlite-wal", "recording.sqlite-shm", "writer"] {
            #expect(TemporaryFolder.permissions(of: "\(writer.place.folder)/\(name)") == 0o600, "\(name)")
        }
        try writer.conclude(isComplete: true)
        #expect(TemporaryFolder.permissions(of: "\(writer.place.folder)/recording.sqlite") == 0o600)
    }

    @Test("What is kept beside the audio is there with the next row, and replaces what it is to replace")
    func facts() throws {
        let writer = try self.fixture.writer()
        let id = Utterance.ID(connection: 1, recogniserID: "7-a")
        var utterance = Utterance(id: id, span: AudioSpan(0..<3_000), text: "hel", isConfirmed: false)
        writer.keep(.utterance(utterance))
        utterance.text = "hello “you”"
        utterance.isConfirmed = true
        utterance.words = [Word(text: "hello", span: AudioSpan(0..<1_000))]
        writer.keep(.utterance(utterance))
        writer.keep(.event(RecordingEvent("paused", at: .zero, time: 5, detail: "key")))
        let information = Information(codings: [.init(system: "icpc", code: "R05", description: "cough")])
        writer.keep(.information(information))
        try writer.appendIndexed(0..<4_000)

        let reader = try RecordingReader(writer.place)
        #expect(try reader.utterances() == [utterance])
        #expect(try reader.events() == [RecordingEvent("paused", at: .zero, time: 5, detail: "key")])
        #expect(try reader.information() == information)
        writer.keep(.withdrawn(id))
        try writer.settle()
        #expect(try RecordingReader(writer.place).utterances() == [])
    }

    @Test("Coverage is kept as it was said last, whatever changed in it")
    func coverage() throws {
        let writer = try self.fixture.writer()
        try writer.append(Signal.silence(frames: 100_000), at: .zero)
        for seed in UInt64(0)..<40 {
            var random = SplitMix64(seed: seed)
            var machine = CoverageStateMachine()
            machine.captured(upTo: SamplePosition(frames: 100_000))
            for _ in 0..<20 {
                let start = Int64.random(in: 0..<90_000, using: &random)
                let span = AudioSpan(start..<start + Int64.random(in: 1..<9_000, using: &random))
                switch Int.random(in: 0..<4, using: &random) {
                case 0: machine.confirmed(span)
                case 1: machine.missed(span)
                case 2: machine.sent(span)
                default: machine.spoke(span)
                }
            }
            writer.keep(.coverage(machine))
            try writer.settle()
            let kept = try #require(try RecordingReader(writer.place).info.coverage)
            #expect(kept == RecordingCoverage(machine), "seed \(seed)")
            #expect(kept.totals.confirmed == machine.totals.confirmed, "seed \(seed)")
            #expect(kept.totals.silent == machine.totals.silent, "seed \(seed)")
        }
    }
}
