import Glibc
import Steno
import Testing

@Suite("Keys", .serialized)
struct KeysTests {
    @Test("Keys have their meanings, and all others none")
    func meanings() {
        #expect(KeyDecoder.keys(in: Array(" ".utf8)) == [.pause])
        #expect(KeyDecoder.keys(in: Array("sS".utf8)) == [.summary, .summary])
        #expect(KeyDecoder.keys(in: Array("q".utf8)) == [.stop])
        #expect(KeyDecoder.keys(in: Array("?hH".utf8)) == [.help, .help, .help])
        let others = (UInt8.min...UInt8.max).filter { !Array(" sSqQ?hH".utf8).contains($0) }
        #expect(others.allSatisfy { KeyDecoder.keys(in: [$0]).isEmpty })
    }

    @Test("Arrows and pasted text steer nothing")
    func pasted() {
        #expect(KeyDecoder.keys(in: Array("\u{1B}[Aq".utf8)).isEmpty)
        #expect(KeyDecoder.keys(in: Array("the quick brown fox".utf8)).isEmpty)
        #expect(KeyDecoder.keys(in: []).isEmpty)
    }

    @Test("A key that is pressed arrives without a line's end, and does not show", .enabled(if: PseudoTerminal.isThere))
    func pressed() async {
        let terminal = PseudoTerminal()
        let before = terminal.settings
        let (pressed, press) = AsyncStream<Key>.makeStream()
        let keys = Keys(terminal.descriptor) { press.yield($0) }
        var arriving = pressed.makeAsyncIterator()
        terminal.type(" ")
        #expect(await arriving.next() == .pause)
        terminal.type("x")
        terminal.type("s")
        #expect(await arriving.next() == .summary)
        #expect(terminal.settings.c_lflag & tcflag_t(ISIG) != 0)
        keys?.suspend()
        #expect(terminal.settings.c_lflag == before.c_lflag)
        keys?.resume()
        terminal.type("q")
        #expect(await arriving.next() == .stop)
        keys?.end()
        #expect(terminal.settings.c_lflag == before.c_lflag)
        #expect(terminal.text.isEmpty)
    }

    @Test("What is no terminal has no keys")
    func noTerminal() {
        let file = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        #expect(Keys(file) { _ in } == nil)
    }
}
