import Steno
import Testing

@Suite("Terminal")
struct TerminalTests {
    @Test(
        "A terminal knows Unicode when the first setting that counts says so",
        arguments: [
            ([:], false), (["LANG": "nl_NL.UTF-8"], true), (["LANG": "C.utf8"], true), (["LANG": "C"], false),
            (["LC_ALL": "", "LC_CTYPE": "en_GB.UTF-8", "LANG": "C"], true),
            (["LC_ALL": "C", "LANG": "en_GB.UTF-8"], false), (["LANG": "de_DE.ISO-8859-1"], false),
        ] as [([String: String], Bool)]
    )
    func unicode(environment: [String: String], knows: Bool) {
        #expect(Terminal.knowsUnicode(environment: environment) == knows)
    }
}
