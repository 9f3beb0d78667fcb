import StenoAudio
import Testing

@Suite("Input kinds")
struct InputKindTests {
    @Test("A pipe's kind is told by its first bytes")
    func kinds() {
        for (text, kind) in [
            ("RIFF....WAVE", .wav), ("RIFX", .wav), ("RF64", .wav), ("BW64", .wav), ("fLaC", .fileOnly("FLAC")),
            ("OggS", .fileOnly("OGG")), ("ID3\u{4}", .fileOnly("MP3")), ("FORM....AIFF", .fileOnly("AIFF")),
            ("FORM....AIFC", .fileOnly("AIFF")), ("caff", .fileOnly("CAF")), ("....ftypM4A ", .fileOnly("MP4")),
            ("FORM....8SVX", .raw), ("ID3", .raw), ("RIF", .raw), ("", .raw), ("....ftyq", .raw),
        ] as [(String, InputKind)] {
            #expect(InputKind.sniff(Array(text.utf8)) == kind, "\(text)")
        }
        #expect(InputKind.sniff([0x1A, 0x45, 0xDF, 0xA3]) == .fileOnly("WebM or Matroska"))
        #expect(InputKind.sniff([0xFF, 0xFB, 0x90, 0x64]) == .raw)
    }
}
