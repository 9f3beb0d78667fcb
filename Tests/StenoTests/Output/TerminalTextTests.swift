import Steno
import Testing

@Suite("Terminal text")
struct TerminalTextTests {
    @Test(
        "What can drive a terminal is made visible or removed",
        arguments: [
            ("plain, naïve 日本 👩‍⚕️", "plain, naïve 日本 👩‍⚕️"),
            ("\u{1B}[31mred", "␛[31mred"),
            ("\u{9B}31mred", "31mred"),
            ("a\rb\nc\td", "a b c d"),
            ("bell\u{7} del\u{7F} nul\u{0}", "bell␇ del␡ nul␀"),
            ("a\u{85}b\u{2028}c\u{2029}d", "a b c d"),
            ("\u{202E}gnp.exe\u{2066}\u{200F}\u{061C}", "gnp.exe"),
            ("\u{1B}]0;title\u{7}", "␛]0;title␇"),
        ]
    )
    func neutralised(written: String, shown: String) {
        #expect(TerminalText.neutralised(written) == shown)
    }

    @Test("Line breaks stay where they are wanted, and only those")
    func lineBreaks() {
        #expect(TerminalText.neutralised("a\nb\rc\u{2028}d", keepingLineBreaks: true) == "a\nb c\nd")
        #expect(TerminalText.neutralised("a\r\nb", keepingLineBreaks: true) == "a \nb")
    }
}
