import Steno
import Testing

@Suite("Display width")
struct DisplayWidthTests {
    @Test(
        "Letters take one column, East Asian ones and emoji two, marks none",
        arguments: [
            ("", 0), ("abc", 3), ("naïve", 5), ("nai\u{308}ve", 5), ("日本", 4), ("ＡＢ", 4), ("한국", 4), ("👍", 2),
            ("👩‍⚕️", 2), ("🇳🇱", 2), ("☂️", 2), ("\u{200B}", 0), ("\u{301}", 0), ("·…–", 3),
        ]
    )
    func columns(text: String, columns: Int) {
        #expect(DisplayWidth.columns(of: text) == columns)
    }

    @Test("A beginning never takes more columns than there are, and breaks no character")
    func prefix() {
        #expect(DisplayWidth.prefix("abc", columns: 5) == "abc")
        #expect(DisplayWidth.prefix("abc", columns: 2) == "ab")
        #expect(DisplayWidth.prefix("日本語", columns: 5) == "日本")
        #expect(DisplayWidth.prefix("abc", columns: 0) == "")
        #expect(DisplayWidth.prefix("👩‍⚕️👩‍⚕️", columns: 3) == "👩‍⚕️")
    }

    @Test("An end that does not fit begins with an ellipsis")
    func suffix() {
        #expect(DisplayWidth.suffix("abc", columns: 3) == "abc")
        #expect(DisplayWidth.suffix("abcdef", columns: 4) == "…def")
        #expect(DisplayWidth.suffix("日本語", columns: 4) == "…語")
        #expect(DisplayWidth.suffix("abc", columns: 1) == "…")
        #expect(DisplayWidth.suffix("abc", columns: 0) == "")
    }
}
