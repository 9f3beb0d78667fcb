import StenoCore
import StenoTesting
import Testing

@testable import StenoAudio

@Suite("Spool recording")
struct SpoolRecordingTests {
    private let folder = TemporaryFolder()

    private func append(_ frames: Range<Int64>, to recording: SpoolRecording) throws {
        try Signal.indexed(frames).withUnsafeBufferPointer {
            try recording.append($0, at: SamplePosition(frames: frames.lowerBound))
        }
    }

    private func read(_ frames: Range<Int64>, from recording: SpoolRecording) throws -> [Int16] {
        try [Int16](unsafeUninitializedCapacity: frames.count) { buffer, initialized in
            initialized = try recording.read(at: SamplePosition(frames: frames.lowerBound), into: buffer)
        }
    }

    @Test("What was kept is read anywhere, gaps as zeros, and nothing before it is there")
    func reads() throws {
        let recording = try SpoolRecording(folder: self.folder.path("spool"))
        #expect(try self.read(0..<10, from: recording) == [])
        try self.append(0..<4_000, to: recording)
        recording.missed(AudioGap(AudioSpan(4_000..<9_000), cause: .overrun))
        #expect(
            try self.read(3_990..<4_010, from: recording) == Signal.indexed(3_990..<4_000) + Signal.silence(frames: 10)
        )
        try self.append(9_000..<9_500, to: recording)
        #expect(try self.read(8_999..<9_002, from: recording) == [0] + Signal.indexed(9_000..<9_002))
        #expect(try self.read(9_499..<9_600, from: recording) == Signal.indexed(9_499..<9_500))
        for frame in [-1, 9_500, .max - 10] as [Int64] {
            #expect(try self.read(frame..<frame + 5, from: recording) == [])
        }
        recording.finish()
        #expect(recording.durable == .zero)
        #expect(TemporaryFolder.names(in: self.folder.path("spool")) == [], "it has no name")
    }

    @Test("What is handed over again replaces what was there")
    func again() throws {
        let recording = try SpoolRecording(folder: self.folder.path)
        try self.append(0..<100, to: recording)
        try self.append(50..<200, to: recording)
        #expect(try self.read(0..<300, from: recording) == Signal.indexed(0..<200))
    }

    @Test("A place beyond what a file can hold is an error with the folder's name, and no trap")
    func beyond() throws {
        let recording = try SpoolRecording(folder: self.folder.path)
        #expect(throws: AudioError.self) { try self.append(.max / 8..<(.max / 8 + 10), to: recording) }
        #expect(throws: AudioError.self) { try SpoolRecording(folder: "/proc/nothing") }
    }
}
