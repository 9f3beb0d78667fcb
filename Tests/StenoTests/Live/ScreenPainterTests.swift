import Steno
import StenoCore
import Testing

@Suite("Screen painter")
struct ScreenPainterTests {
    private let size = ScreenSize(columns: 20, rows: 6)

    private func frame(_ lines: String...) -> ScreenFrame {
        ScreenFrame(lines.map { ScreenLine([ScreenLine.Piece($0)]) })
    }

    @Test("A frame stands where the cursor was, and the cursor rests unseen at its beginning")
    func first() {
        var painter = ScreenPainter(isColored: false, isShared: false)
        var terminal = EmulatedTerminal(columns: 20, rows: 6)
        terminal.receive("$ steno live\n" + painter.paint(self.frame("words", "state"), in: self.size))
        #expect(terminal.screen == ["$ steno live", "words", "state"])
        #expect(terminal.row == 1 && terminal.column == 0)
        #expect(!terminal.isCursorShown)
    }

    @Test("Only a line that changed is sent")
    func changes() {
        var painter = ScreenPainter(isColored: false, isShared: false)
        _ = painter.paint(self.frame("words", "state 1"), in: self.size)
        #expect(painter.paint(self.frame("words", "state 1"), in: self.size).isEmpty)
        let text = painter.paint(self.frame("words", "state 2"), in: self.size)
        #expect(text == "\u{1B}[?2026h\u{1B}[?7l\u{1B}[1B\rstate 2\u{1B}[K\u{1B}[1A\r\u{1B}[?7h\u{1B}[?2026l")
    }

    @Test("Text scrolls up above the frame and stays in the terminal's memory")
    func scrolling() {
        var painter = ScreenPainter(isColored: false, isShared: false)
        var terminal = EmulatedTerminal(columns: 20, rows: 6)
        for number in 0..<10 {
            terminal.receive(painter.erase() + "line \(number)\n")
            terminal.receive(painter.paint(self.frame("words", "state"), in: self.size))
        }
        #expect(terminal.all == (0..<10).map { "line \($0)" } + ["words", "state"])
        terminal.receive(painter.finish())
        #expect(terminal.all == (0..<10).map { "line \($0)" })
        #expect(terminal.isCursorShown && terminal.isWrapping && !terminal.isUpdating)
    }

    @Test("At the end nothing is left of it, and a second end does nothing")
    func finish() {
        var painter = ScreenPainter(isColored: false, isShared: false)
        #expect(painter.finish().isEmpty)
        _ = painter.paint(self.frame("state"), in: self.size)
        #expect(painter.finish() == "\u{1B}[?2026h\r\u{1B}[J\u{1B}[?2026l\u{1B}[?25h")
        #expect(painter.finish().isEmpty)
    }

    @Test("Lines of another program stay whole, and the frame comes back below them")
    func shared() {
        var painter = ScreenPainter(isColored: false, isShared: true)
        var terminal = EmulatedTerminal(columns: 20, rows: 6)
        for number in 0..<4 {
            terminal.receive(painter.paint(self.frame("words \(number)", "state"), in: self.size))
            terminal.receive("other \(number)\n")
        }
        terminal.receive(painter.paint(self.frame("words", "state"), in: self.size))
        #expect(terminal.all == (0..<4).map { "other \($0)" } + ["", "words", "state"])
    }

    @Test("After a change of size all is drawn anew")
    func resize() {
        var painter = ScreenPainter(isColored: false, isShared: false)
        var terminal = EmulatedTerminal(columns: 20, rows: 6)
        terminal.receive(painter.paint(self.frame("some words here", "state"), in: self.size))
        terminal.resize(columns: 10, rows: 3)
        terminal.receive(painter.paint(self.frame("some", "words", "state"), in: ScreenSize(columns: 10, rows: 3)))
        #expect(terminal.screen == ["some", "words", "state"])
    }

    @Test("A dictation looks on the terminal as its frames say, and no text is lost or doubled", arguments: 1...40)
    func adversary(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var size = ScreenSize(
            columns: Int.random(in: 10...60, using: &random),
            rows: Int.random(in: 2...12, using: &random)
        )
        var terminal = EmulatedTerminal(columns: size.columns, rows: size.rows)
        var painter = ScreenPainter(isColored: Bool.random(using: &random), isShared: false)
        var (screen, texts) = (LiveScreen(), [String]())
        for step in 0..<150 {
            screen.receive(RunFixture.anything(using: &random))
            if Int.random(in: 0..<5, using: &random) == 0 {
                texts.append("t\(step)")
                terminal.receive(painter.erase() + "t\(step)\n")
            }
            if Int.random(in: 0..<30, using: &random) == 0 {
                terminal.receive(painter.finish())
                size.columns = Int.random(in: 10...60, using: &random)
                terminal.resize(columns: size.columns, rows: size.rows)
            }
            let frame = screen.frame(in: size, elapsed: Double(step), isColored: true)
            terminal.receive(painter.paint(frame, in: size))
            let shown = (texts + frame.lines.map(\.text)).map { $0.trimmed }.filter { !$0.isEmpty }
            #expect(terminal.all.filter { !$0.isEmpty } == shown, "seed \(seed), step \(step)")
            #expect(!terminal.isUpdating && terminal.isWrapping && terminal.unknown.isEmpty, "seed \(seed)")
        }
    }
}

extension String {
    /// Without the spaces at its end, which no screen shows.
    fileprivate var trimmed: String {
        String(self[..<(self.lastIndex { $0 != " " }.map { self.index(after: $0) } ?? self.startIndex)])
    }
}
