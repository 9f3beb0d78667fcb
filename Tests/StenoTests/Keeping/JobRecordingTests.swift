import Glibc
import StenoAudio
import StenoCore
import StenoStore
import StenoTesting
import Testing

@testable import Steno

@Suite("Job recording")
struct JobRecordingTests {
    private let folder = TemporaryFolder()
    private static let utterance = RunFixture.utterance("Good morning.", 0...1)

    private func writer(_ id: String = "visit") throws(StoreError) -> RecordingWriter {
        let description = RecordingDescription(
            id: id,
            begun: 1,
            engine: "local",
            realm: "local",
            source: .file,
            program: "0.0.0"
        )
        return try RecordingWriter(description, in: self.folder.path)
    }

    private func reader(_ id: String = "visit") throws -> RecordingReader {
        try RecordingReader(try RecordingPlace(id: id, in: self.folder.path))
    }

    private func recording(
        _ source: any SampleSource,
        from origin: AudioOrigin,
        replacing replaced: [Utterance.ID]? = nil,
        _ open: @escaping @Sendable () throws(StoreError) -> RecordingWriter
    ) throws -> JobRecording {
        try JobRecording(SharedSource(source), from: origin, id: "visit", replacing: replaced, open: open)
    }

    @Test("What is told before there is a recording is in it afterwards")
    func early() async throws {
        let gate = TestPipe()
        let folder = self
        let recording = try self.recording(ScriptedSource(Signal.indexed(0..<16_000)), from: .decoded) {
            () throws(StoreError) in
            var byte: UInt8 = 0
            while read(gate.readEnd, &byte, 1) < 0, errno == EINTR {}
            return try folder.writer()
        }
        recording.receive(RunFixture.completed(Self.utterance))
        gate.write([1])
        #expect(await recording.conclude(isComplete: true) == nil)
        let reader = try self.reader()
        #expect(try reader.utterances() == [Self.utterance])
        #expect(try reader.allSamples() == Signal.indexed(0..<16_000))
        #expect(reader.info.isComplete)
    }

    @Test("A file that can be read again is stored only when the job was not finished")
    func reference() async throws {
        for isComplete in [true, false] {
            let id = isComplete ? "done" : "open"
            let folder = self
            let recording = try self.recording(ScriptedSource(Signal.indexed(0..<9_000)), from: .referenced) {
                () throws(StoreError) in try folder.writer(id)
            }
            #expect(await recording.conclude(isComplete: isComplete) == nil)
            let reader = try self.reader(id)
            #expect(try reader.allSamples().count == (isComplete ? 0 : 9_000))
            #expect(reader.info.isComplete == isComplete)
        }
    }

    @Test("Where nothing can be kept the job goes on, and its end tells why")
    func refused() async throws {
        let recording = try self.recording(ScriptedSource(Signal.indexed(0..<9_000)), from: .piped) {
            () throws(StoreError) in throw StoreError(.full, "visit")
        }
        recording.receive(RunFixture.completed(Self.utterance))
        #expect(await recording.audioEnded() == AudioSpan(0..<9_000))
        #expect(await recording.conclude(isComplete: true)?.code == .storageRefused)
    }

    @Test(
        "A repetition replaces the earlier text when it is done, and leaves it when it is not",
        arguments: [true, false]
    )
    func replacing(isDone: Bool) async throws {
        let earlier = RunFixture.utterance("Good evening.", 0...1, id: "9")
        let writer = try self.writer()
        writer.keep(.utterance(earlier))
        let source = ScriptedSource(Signal.indexed(0..<100))
        let recording = try self.recording(source, from: .stored, replacing: [earlier.id]) { () throws(StoreError) in
            writer
        }
        recording.receive(RunFixture.completed(Self.utterance))
        #expect(await recording.conclude(isComplete: isDone) == nil)
        #expect(try self.reader().utterances() == [isDone ? Self.utterance : earlier])
    }
}
