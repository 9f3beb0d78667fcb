import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("WAV writer")
struct WAVWriterTests {
    private let folder = TemporaryFolder()

    @Test("What was written is read back bit for bit, and only its owner may read it")
    func roundTrip() throws {
        let samples = Signal.indexed(0..<50_000)
        let path = self.folder.path("a.wav")
        #expect(try WAVWriter.write(ScriptedSource(samples), to: path) == 50_000)
        #expect(TemporaryFolder.permissions(of: path) == 0o600)
        #expect(self.folder.read("a.wav") == WAVFixture(samples).bytes)
        let source = try AudioFile.open(path, spoolFolder: self.folder.path("spool"))
        #expect(source is ReferencedWAV)
        #expect(try source.allSamples() == samples)
        #expect(source.warnings == [])
    }

    @Test("A part is written as it lies on the timeline, clamped to what is there")
    func part() throws {
        let source = ScriptedSource(Signal.indexed(0..<1_000), isComplete: false)
        let path = self.folder.path("a.wav")
        #expect(try WAVWriter.write(source, AudioSpan(100..<200), to: path) == 100)
        #expect(self.folder.read("a.wav") == WAVFixture(Signal.indexed(100..<200)).bytes)
        #expect(try WAVWriter.write(source, AudioSpan(-50..<5_000), to: path) == 1_000)
        #expect(try WAVWriter.write(ScriptedSource([]), to: path) == 0)
        #expect(self.folder.read("a.wav") == WAVFixture([]).bytes)
    }

    @Test("Up to 4 GiB the header is plain, above it is RF64 with the sizes in ds64")
    func longHeader() {
        let limit = (Int64(UInt32.max) - 36) / 2
        #expect(self.parse(WAVWriter.header(frames: limit))?.dataOffset == 44)
        #expect(self.parse(WAVWriter.header(frames: limit))?.declaredBytes == limit * 2)
        #expect(WAVWriter.header(frames: limit + 1).starts(with: Array("RF64".utf8)))
        #expect(self.parse(WAVWriter.header(frames: limit + 1))?.dataOffset == 80)
        #expect(self.parse(WAVWriter.header(frames: limit + 1))?.declaredBytes == (limit + 1) * 2)
    }

    @Test("A file that cannot be written is an error that names it, and leaves nothing")
    func refused() {
        let path = self.folder.path("none/a.wav")
        let error = #expect(throws: AudioError.self) { try WAVWriter.write(ScriptedSource([1]), to: path) }
        #expect(error == AudioError(.storage(folder: path), path: path, cause: "open: 2"))
        #expect(self.folder.names == [])
    }

    private func parse(_ bytes: [UInt8]) -> WAVHeader? {
        var parser = WAVHeaderParser()
        var step = parser.next
        while case .read(let offset, let count) = step {
            let start = min(bytes.count, Int(offset))
            step = Array(bytes[start...].prefix(count)).withUnsafeBytes { parser.received($0) }
        }
        guard case .finished(let header) = step else { return nil }
        return header
    }
}
