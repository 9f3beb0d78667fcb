import Steno
import Testing

@Suite("Output format")
struct OutputFormatTests {
    @Test(
        "The suffix of a file name chooses the format",
        arguments: [
            ("a.txt", .text), ("a.TXT", .text), ("a.text", .text), ("a.jsonl", .jsonl), ("a.ndjson", .jsonl),
            ("a.json", .json), ("a.srt", .srt), ("a.vtt", .vtt), ("dir.wav/a.md", .md), ("a.b.markdown", .md),
        ] as [(String, OutputFormat)]
    )
    func known(name: String, format: OutputFormat) {
        #expect(OutputFormat(fileName: name) == format)
    }

    @Test(
        "A name without a known suffix has no format",
        arguments: ["", "a", "a.", "a.wav", ".txt", "dir/.json", "dir.txt/a", "/", "txt"]
    )
    func unknown(name: String) {
        #expect(OutputFormat(fileName: name) == nil)
    }

    @Test("Messages name every format")
    func suffixes() {
        for name in OutputFormat.suffixes.split(separator: ", ") { #expect(OutputFormat(fileName: "a\(name)") != nil) }
        #expect(OutputFormat.suffixes.split(separator: ", ").count == OutputFormat.allCases.count)
    }
}
