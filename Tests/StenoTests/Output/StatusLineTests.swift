import Steno
import StenoCore
import Synchronization
import Testing

@Suite("Status line")
struct StatusLineTests {
    /// A clock that a test moves.
    private final class Time: Sendable {
        private let instant = Mutex(ContinuousClock.now)

        var now: ContinuousClock.Instant { self.instant.withLock { $0 } }

        func advance(by seconds: Int) { self.instant.withLock { $0 += .seconds(seconds) } }
    }

    private let time = Time()
    private let capture = Capture()

    private func line(isDrawing: Bool, columns: Int = 80, isQuiet: Bool = false, isColored: Bool = false) -> StatusLine
    {
        let notices = Notices(
            form: .text(isColored: isColored),
            descriptor: self.capture.descriptor,
            isQuiet: isQuiet
        )
        let time = self.time
        return StatusLine(notices, isDrawing: isDrawing, now: { time.now }, columns: { columns })
    }

    /// What the terminal shows at the end: the last line that was drawn and not taken away.
    private func shown() -> String {
        String(self.capture.text().split(separator: "\r\u{1B}[K", omittingEmptySubsequences: false).last ?? "")
    }

    @Test("Without a terminal there are plain lines, and nothing of what was said or about whom")
    func plain() {
        var status = self.line(isDrawing: false)
        for event in RunFixture.dictation { status.receive(event) }
        let text = self.capture.text()
        #expect(
            text == """
                Recognising.
                warning: 250 ms are missing at 00:04 (overrun).
                The summary soep is there.
                Handing over to connectvets.
                connectvets is done (n-1).
                warning: Speech without confirmed text.
                Ended after 00:00: 00:20 of audio, 00:01 of it is speech without confirmed text.

                """
        )
    }

    @Test("Without a terminal, how far it is shows every ten seconds")
    func plainProgress() {
        var status = self.line(isDrawing: false)
        status.receive(RunFixture.recording())
        for second in 1...25 {
            self.time.advance(by: 1)
            status.receive(RunFixture.progress(sent: Double(second) / 2, confirmed: 1))
        }
        #expect(
            self.capture.text() == """
                00:10 elapsed: audio 00:05 of 00:20 · 00:30 left · lag 00:04
                00:20 elapsed: audio 00:10 of 00:20 · 00:20 left · lag 00:09

                """
        )
    }

    @Test("On a terminal one line is drawn over and over, with the newest words at its end")
    func drawn() {
        var status = self.line(isDrawing: true)
        status.receive(RunFixture.recording())
        status.receive(RunFixture.state(.streaming))
        self.time.advance(by: 5)
        status.receive(RunFixture.progress(sent: 10, confirmed: 8))
        status.receive(RunFixture.interim(RunFixture.utterance("the left front paw is swollen", 8...10)))
        #expect(self.shown() == "00:05 Recognising · audio 00:10 of 00:20 · 00:05 left · lag 00:02 · …is swollen")
    }

    @Test("A line never takes the whole width, and leaves out what is least important", arguments: 1...120)
    func narrow(columns: Int) {
        var status = self.line(isDrawing: true, columns: columns)
        status.receive(RunFixture.recording())
        status.receive(RunFixture.state(.streaming))
        status.receive(RunFixture.progress(sent: 10, confirmed: 8))
        status.receive(RunFixture.interim(RunFixture.utterance("日本語 the left front paw is swollen", 8...10)))
        let shown = self.shown()
        #expect(DisplayWidth.columns(of: shown) < columns)
        if columns > 20 { #expect(shown.hasPrefix("00:00 Recognising")) }
    }

    @Test("Interim text drives no terminal and makes no second line")
    func neutralised() {
        var status = self.line(isDrawing: true)
        status.receive(RunFixture.interim(RunFixture.utterance("a\u{1B}[2J\nb\u{9B}", 0...1)))
        #expect(self.shown() == "00:00 Connecting · a␛[2J b")
    }

    @Test("Interim text is dim where there are colours")
    func dim() {
        var status = self.line(isDrawing: true, isColored: true)
        status.receive(RunFixture.interim(RunFixture.utterance("so far", 0...1)))
        #expect(self.shown() == "00:00 Connecting · \u{1B}[2mso far\u{1B}[0m")
    }

    @Test("A notice takes the line's place, and the line comes back below it")
    func notice() {
        var status = self.line(isDrawing: true)
        status.receive(RunFixture.state(.streaming))
        status.receive(.warning("Look."))
        #expect(
            self.capture.text()
                == "\r\u{1B}[K00:00 Recognising\r\u{1B}[Kwarning: Look.\n\r\u{1B}[K00:00 Recognising"
        )
    }

    @Test("At the end nothing of the line is left")
    func end() {
        var status = self.line(isDrawing: true)
        status.receive(RunFixture.state(.streaming))
        status.receive(RunFixture.state(.closed))
        status.receive(RunFixture.end())
        #expect(self.shown() == "Done in 00:00: 00:20 of audio, every word is confirmed.\n")
    }

    @Test("The closing line says how it ended")
    func closing() {
        var status = self.line(isDrawing: false)
        status.receive(RunFixture.end(confirmed: 0))
        status.receive(RunFixture.end(isComplete: false))
        #expect(
            self.capture.text() == """
                Done in 00:00: 00:20 of audio, nothing was said.
                Ended after 00:00: 00:20 of audio, but not all is done.

                """
        )
    }

    @Test("Quiet leaves warnings and trouble, and draws nothing")
    func quiet() {
        var status = self.line(isDrawing: false, isQuiet: true)
        status.receive(RunFixture.recording(isSandbox: true))
        status.receive(RunFixture.state(.streaming))
        status.receive(.recognition(.connectionLost))
        status.receive(.delivery(DeliveryReport(target: "invox", state: .failed, reason: "No answer.")))
        status.receive(RunFixture.end())
        #expect(
            self.capture.text() == """
                warning: The connection was lost. What was not confirmed will be sent again.
                warning: invox did not work: No answer.

                """
        )
    }

    @Test("A notice and a partial summary are told")
    func notices() {
        var status = self.line(isDrawing: false)
        status.receive(.notice("Ending in order."))
        status.receive(RunFixture.summary("soep", isPartial: true, ("", "Text")))
        #expect(
            self.capture.text() == """
                Ending in order.
                warning: The summary soep is there. It was made from 00:20 of the recording.

                """
        )
    }

    @Test("The sandbox is labelled")
    func sandbox() {
        var status = self.line(isDrawing: false)
        status.receive(RunFixture.recording(isSandbox: true))
        #expect(self.capture.text().hasPrefix("Sandbox: no real service is involved"))
    }

    @Test("Every outcome of a delivery has its sentence")
    func deliveries() {
        var status = self.line(isDrawing: false)
        let reports: [DeliveryReport] = [
            .init(target: "invox", state: .skipped, reason: "Nothing was said."),
            .init(target: "connectvets", state: .processing, noteID: "n-1"),
            .init(target: "connectvets", state: .unknown, reason: "Look for it."),
            .init(target: "connectvets", state: .refused, reason: "The key is wrong."),
        ]
        for report in reports { status.receive(.delivery(report)) }
        #expect(
            self.capture.text() == """
                invox was skipped: Nothing was said.
                connectvets is working on it (n-1).
                warning: It is not known whether connectvets took it: Look for it.
                warning: connectvets refused: The key is wrong.

                """
        )
    }
}
