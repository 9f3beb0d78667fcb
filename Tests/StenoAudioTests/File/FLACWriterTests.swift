import StenoAudio
import StenoCore
import StenoTesting
import Testing

@Suite("FLAC writer")
struct FLACWriterTests {
    private let folder = TemporaryFolder()

    @Test("What is decoded is what was written, and the header knows length and checksum")
    func roundTrip() async throws {
        for samples in [Signal.indexed(0..<40_001), Signal.voice(frames: 16_000), [7], Signal.silence(frames: 100_000)]
        {
            let path = self.folder.path("a.flac")
            #expect(try FLACWriter.write(ScriptedSource(samples), to: path) == Int64(samples.count))
            let source = try AudioFile.open(path, spoolFolder: self.folder.path("spool"))
            #expect(source.totalFrames == Int64(samples.count))
            #expect(await source.completed().failure == nil)
            #expect(try source.allSamples() == samples)
            // Bytes 26 to 41 are the checksum, which is left zero when it is not known.
            #expect(self.folder.read("a.flac")[26..<42].contains { $0 != 0 })
            #expect(TemporaryFolder.permissions(of: path) == 0o600)
        }
    }

    @Test("A part is written from where it begins to where it ends")
    func part() async throws {
        let path = self.folder.path("b.flac")
        let source = ScriptedSource(Signal.indexed(0..<50_000))
        #expect(try FLACWriter.write(source, AudioSpan(10_000..<30_000), to: path) == 20_000)
        let file = try AudioFile.open(path, spoolFolder: self.folder.path("spool"))
        _ = await file.completed()
        #expect(try file.allSamples() == Signal.indexed(10_000..<30_000))
    }

    @Test("What cannot be written is an error of the disk, and leaves nothing behind")
    func refused() {
        let path = self.folder.path("absent/c.flac")
        #expect(throws: AudioError.self) { try FLACWriter.write(ScriptedSource([1]), to: path) }
        #expect(self.folder.names == [])
    }
}
