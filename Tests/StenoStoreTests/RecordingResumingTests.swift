import StenoAudio
import StenoCore
import StenoTesting
import Testing

@testable import StenoStore

@Suite("Going on with a recording")
struct RecordingResumingTests {
    private let fixture = RecordingFixture()

    private static func utterance(_ id: String, _ span: Range<Int64>, _ text: String) -> Utterance {
        Utterance(
            id: Utterance.ID(connection: 1, recogniserID: id),
            span: AudioSpan(span),
            text: text,
            words: [Word(text: text, span: AudioSpan(span))],
            isConfirmed: true
        )
    }

    @Test("Coverage is on the disk with the audio it is about, at every moment, whoever looks")
    func live() throws {
        let writer = try self.fixture.writer()
        var position = SamplePosition.zero
        var machine = CoverageStateMachine()
        for seed in UInt64(0)..<60 {
            var random = SplitMix64(seed: seed)
            if Int.random(in: 0..<5, using: &random) == 0 {
                let gap = AudioGap(
                    AudioSpan(start: position, end: position + .random(in: 1..<9_000, using: &random)),
                    cause: .overrun
                )
                try writer.missed(gap)
                position = gap.span.end
            } else {
                let samples = Signal.voice(frames: .random(in: 1..<9_000, using: &random))
                try writer.append(samples, at: position)
                position = position + Int64(samples.count)
            }
            // A session is ahead or behind.
            machine.captured(upTo: position + 5_000)
            let start = SamplePosition(frames: .random(in: 0...position.frames, using: &random))
            let span = AudioSpan(start: start, end: start + 2_000)
            machine.sent(span)
            if Bool.random(using: &random) { machine.confirmed(span) }
            #expect(writer.keep(.coverage(machine)))
            let info = try RecordingInfo(writer.place)
            let coverage = try #require(
                info.coverage ?? (info.end == .zero ? RecordingCoverage(CoverageStateMachine()) : nil)
            )
            #expect(coverage.total == info.end, "seed \(seed)")
            let totals = coverage.totals
            #expect(
                totals.confirmed + totals.silent + totals.unconfirmed + totals.missing == totals.total,
                "seed \(seed)"
            )
            #expect(try RecordingVerification(writer.place).isSound, "seed \(seed)")
        }
    }

    @Test("Speech that no session has looked at yet is known all the same: in an outage nobody else listens")
    func outage() throws {
        let writer = try self.fixture.writer()
        try writer.append(Signal.silence(frames: 32_000) + Signal.voice(frames: 32_000), at: .zero)
        try writer.append(Signal.silence(frames: 32_000), at: .init(frames: 64_000))
        let coverage = try #require(try RecordingInfo(writer.place).coverage)
        #expect(coverage.unconfirmed.frames(in: AudioSpan(32_000..<64_000)) > 24_000)
        #expect(coverage.unconfirmed.frames(in: AudioSpan(0..<28_000)) == 0)
        #expect(coverage.sent.isEmpty)
    }

    @Test("What a session knew is there for the next one, to the sample")
    func memory() throws {
        let writer = try self.fixture.writer()
        try writer.append(Signal.silence(frames: 100_000), at: .zero)
        var machine = CoverageStateMachine()
        machine.captured(upTo: .init(frames: 100_000))
        machine.spoke(AudioSpan(10_000..<50_000))
        machine.sent(AudioSpan(0..<60_000))
        machine.confirmed(AudioSpan(12_560..<20_000))
        machine.connectionHeard(AudioSpan(0..<30_000))
        machine.connectionBroke(AudioSpan(30_000..<60_000))
        writer.keep(.utterance(Self.utterance("a", 12_560..<20_000, "Bella")))
        writer.keep(.coverage(machine))
        try writer.conclude(isComplete: false)
        let memory = try RecordingReader(writer.place).memory()
        #expect(memory.utterances.map(\.text) == ["Bella"])
        #expect(memory.coverage == machine.memory)
    }

    @Test(
        "A recording is continued on its own timeline, in a segment of its own, and is unfinished meanwhile",
        arguments: [true, false]
    )
    func continued(wasConcluded: Bool) throws {
        var writer: RecordingWriter? = try self.fixture.writer()
        let place = try #require(writer?.place)
        try writer?.append(Signal.indexed(0..<10_000), at: .zero)
        writer?.keep(.utterance(Self.utterance("a", 0..<4_000, "one")))
        if wasConcluded { try writer?.conclude(isComplete: true) } else { try writer?.settle() }
        writer = nil
        let end = wasConcluded ? Int64(10_000) : 8_000

        let next = try RecordingWriter(resuming: place)
        #expect(next.durable.frames == end)
        #expect(try RecordingInfo(place).finished == nil)
        #expect(!place.isMarkedComplete)
        #expect(throws: StoreError.self) { try RecordingWriter(resuming: place) }
        try next.append(Signal.indexed(end..<20_000), at: .init(frames: end))
        next.keep(.utterance(Self.utterance("a", 0..<4_000, "two")))
        try next.conclude(isComplete: true)

        let reader = try RecordingReader(place)
        #expect(reader.info.state == .finished && reader.info.isComplete && reader.info.gaps.isEmpty)
        #expect(try reader.allSamples() == Signal.indexed(0..<20_000))
        #expect(try reader.utterances().map(\.text) == ["two"])
        #expect(try reader.events().contains { $0.kind == "resumed" })
        #expect(try RecordingVerification(place).isSound)
    }

    @Test("A crash in the middle of going on leaves it unfinished, and nothing of it lost")
    func crashed() throws {
        let place = try self.fixture.recorded(frames: 10_000)
        var next: RecordingWriter? = try RecordingWriter(resuming: place)
        try next?.append(Signal.indexed(10_000..<15_000), at: .init(frames: 10_000))
        next = nil
        let info = try RecordingInfo(place)
        #expect(info.state == .unfinished)
        #expect(info.end.frames == 12_000)
        #expect(try RecordingReader(place).allSamples() == Signal.indexed(0..<12_000))
    }

    @Test("Many rows go into one commit where audio can be read again")
    func commits() throws {
        let writer = try RecordingWriter(self.fixture.description(), in: self.fixture.recordings, commitEvery: 40)
        try writer.append(Signal.indexed(0..<159_999), at: .zero)
        #expect(writer.durable == .zero)
        try writer.append(Signal.indexed(159_999..<160_001), at: .init(frames: 159_999))
        #expect(writer.durable.frames == 160_000)
        try writer.conclude(isComplete: true)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<160_001))
    }

    @Test("A file that is referred to is as long as was said of it, and only its name is in the recording")
    func reference() throws {
        var description = self.fixture.description()
        description.content = "c0ffee"
        description.wants = ["transcript", "soep"]
        description.reference = RecordedFile(path: "/tmp/a b\n.wav", bytes: 5, modified: 6, content: "c0ffee")
        let writer = try RecordingWriter(description, in: self.fixture.recordings)
        var machine = CoverageStateMachine()
        machine.captured(upTo: .init(frames: 50_000))
        machine.sent(AudioSpan(0..<40_000))
        writer.keep(.coverage(machine))
        try writer.settle()
        let info = try RecordingInfo(writer.place)
        #expect(info.description == description)
        #expect(info.end.frames == 50_000 && !info.hasAudio)
        #expect(info.coverage?.sent.frames == 40_000)
        // Nobody has listened to it: it is not silent because nothing is known of it.
        #expect(info.coverage?.unconfirmed.spans == [AudioSpan(40_000..<50_000)])
        #expect(info.coverage?.totals.silent == 40_000 && info.memory?.speech.isEmpty == true)
        try writer.append(Signal.indexed(0..<50_000), at: .zero)
        try writer.conclude(isComplete: false)
        #expect(try RecordingVerification(writer.place).isSound)
        #expect(try RecordingReader(writer.place).allSamples() == Signal.indexed(0..<50_000))
        // The detector listened to what is here, and these samples are no speech.
        #expect(try RecordingInfo(writer.place).coverage?.unconfirmed.isEmpty == true)
    }

    @Test("What of a referred file nobody has listened to stays unconfirmed when it is recovered")
    func recoveredReference() throws {
        var description = self.fixture.description()
        description.reference = RecordedFile(path: "/tmp/gone.wav", bytes: 5, modified: 6, content: "c0ffee")
        var writer: RecordingWriter? = try RecordingWriter(description, in: self.fixture.recordings)
        let place = try #require(writer?.place)
        var machine = CoverageStateMachine()
        machine.captured(upTo: .init(frames: 50_000))
        machine.sent(AudioSpan(0..<40_000))
        writer?.keep(.coverage(machine))
        try writer?.settle()
        writer = nil
        let info = try RecordingLibrary(home: self.fixture.folder.path).recover(place)
        #expect(info.isRecovered && info.end.frames == 50_000)
        #expect(info.coverage?.unconfirmed.spans == [AudioSpan(40_000..<50_000)])
    }

    @Test("What is not complete is found at every start, by its content too, and what is complete costs one look")
    func unfinished() throws {
        let library = RecordingLibrary(home: self.fixture.folder.path)
        #expect(library.recordings == self.fixture.recordings)
        try self.fixture.recorded("complete", frames: 4_000)
        var description = self.fixture.description("open")
        description.content = "c0ffee"
        var writer: RecordingWriter? = try RecordingWriter(description, in: self.fixture.recordings)
        try writer?.append(Signal.indexed(0..<4_000), at: .zero)
        #expect(library.unfinished().isEmpty)
        #expect(library.running().map(\.description.id) == ["open"])
        writer = nil
        #expect(library.unfinished().map(\.description.id) == ["open"])
        func found(_ content: String) -> String? {
            library.resumable(
                content: content,
                engine: description.engine,
                model: description.model,
                realm: description.realm
            )?.id
        }
        #expect(found("c0ffee") == "open")
        #expect(found("other") == nil)
        #expect(try RecordingPlace(id: "complete", in: self.fixture.recordings).isMarkedComplete)
    }

    @Test("A recording of the first format is read, and can be gone on with")
    func firstFormat() throws {
        let place = try self.fixture.firstFormat()
        let before = try RecordingReader(place).allSamples()
        #expect(!before.isEmpty)
        let memory = try RecordingReader(place).memory()
        #expect(memory.coverage.total.frames == Int64(before.count))
        let writer = try RecordingWriter(resuming: place)
        try writer.append(Signal.indexed(0..<4_000), at: writer.durable)
        try writer.conclude(isComplete: true)
        #expect(try RecordingReader(place).allSamples() == before + Signal.indexed(0..<4_000))
        #expect(try RecordingInfo(place).schema == RecordingSchema.version)
        #expect(try RecordingVerification(place).isSound)
    }
}
