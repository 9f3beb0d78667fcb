import Glibc
import Steno
import StenoCore
import StenoTesting
import Synchronization
import Testing

@Suite("Live outputs", .enabled(if: PseudoTerminal.isThere))
struct LiveOutputsTests {
    private let folder = TemporaryFolder()

    private func configuration(
        _ terminal: PseudoTerminal,
        output: Int32? = nil,
        format: OutputFormat = .text,
        files: [OutputFile] = [],
        isDrawing: Bool = true
    ) -> LiveOutputs.Configuration {
        LiveOutputs.Configuration(
            notices: Notices(form: .text(isColored: false), descriptor: terminal.descriptor),
            isDrawing: isDrawing,
            format: format,
            files: files,
            descriptor: output ?? terminal.descriptor
        )
    }

    private func said(_ text: String, id: Int) -> [RunEvent] {
        let utterance = RunFixture.utterance(text, 0...1, id: String(id))
        return [RunFixture.completed(utterance), RunFixture.delivered(utterance)]
    }

    @Test("On one terminal, finished text scrolls up and the frame is gone at the end")
    func terminal() async {
        let terminal = PseudoTerminal(columns: 60, rows: 8)
        let outputs = LiveOutputs(self.configuration(terminal))
        outputs.receive(RunFixture.state(.streaming))
        outputs.receive(RunFixture.interim(RunFixture.utterance("Good mor", 0...1)))
        await terminal.shows("‹Good mor›")
        for number in 0..<20 { for event in self.said("Text \(number).", id: number) { outputs.receive(event) } }
        outputs.receive(.warning("Look."))
        await terminal.shows("Look.")
        outputs.receive(RunFixture.interim(RunFixture.utterance("So", 0...1, id: "x")))
        await terminal.shows("‹So›")
        let screen = terminal.emulated.screen
        #expect(screen.suffix(3).prefix(2) == ["warning: Look.", "‹So›"])
        #expect(screen.last?.hasPrefix("Recognising · 0") == true)
        outputs.receive(RunFixture.end())
        let outcome = await outputs.finish()
        await terminal.shows("\u{1B}[?25h")
        let shown = terminal.emulated
        #expect(shown.all.dropLast() == (0..<20).map { "Text \($0)." } + ["warning: Look."])
        #expect(shown.all.last?.hasPrefix("Done in") == true)
        #expect(shown.isCursorShown && shown.isWrapping && !shown.isUpdating && shown.unknown.isEmpty)
        #expect(outcome.isShown && outcome.failures.isEmpty)
        #expect(outcome.paintLatency.count == 2)
    }

    @Test("When standard output is a file, finished text shows all the same, and the file has it once")
    func file() async {
        let terminal = PseudoTerminal()
        let file = open(self.folder.path("out"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(file) }
        let outputs = LiveOutputs(self.configuration(terminal, output: file))
        for event in self.said("Good morning.", id: 1) + [RunFixture.end()] { outputs.receive(event) }
        _ = await outputs.finish()
        await terminal.shows("Done in")
        #expect(terminal.emulated.all.filter { $0 == "Good morning." }.count == 1)
        #expect(self.folder.read("out") == Array("Good morning.\n".utf8))
    }

    @Test("Behind a pipe may be the same terminal, so finished text does not show twice")
    func pipe() async {
        let terminal = PseudoTerminal()
        let capture = Capture()
        let outputs = LiveOutputs(self.configuration(terminal, output: capture.descriptor))
        for event in self.said("Good morning.", id: 1) + [RunFixture.end()] { outputs.receive(event) }
        _ = await outputs.finish()
        await terminal.shows("Done in")
        #expect(!terminal.emulated.all.contains { $0.contains("Good") })
        #expect(capture.text() == "Good morning.\n")
    }

    @Test("What is no terminal to draw on gets plain lines, and nothing of what was said")
    func plain() async {
        let terminal = PseudoTerminal()
        let capture = Capture()
        let outputs = LiveOutputs(self.configuration(terminal, output: capture.descriptor, isDrawing: false))
        outputs.receive(RunFixture.state(.streaming))
        outputs.receive(.device("USB Audio"))
        outputs.receive(.level(rms: 0.1, peak: 0.1))
        outputs.receive(.microphone(MicrophoneReport(.digitalZero, alarm: .warning, words: "Muted.")))
        outputs.receive(.microphone(MicrophoneReport(.digitalZero, alarm: .warning, words: "Muted.")))
        outputs.receive(RunFixture.interim(RunFixture.utterance("Good mor", 0...1)))
        for event in self.said("Good morning.", id: 1) + [RunFixture.end()] { outputs.receive(event) }
        _ = await outputs.finish()
        await terminal.shows("Done in")
        #expect(
            terminal.emulated.all.dropLast() == ["Recognising.", "Microphone: USB Audio.", "warning: Muted."]
        )
    }

    @Test("A terminal that takes nothing holds up nobody, keeps what was said, and is not waited for long")
    func blocked() async {
        let terminal = PseudoTerminal(isRead: false)
        let capture = Capture()
        let file = OutputFile(path: self.folder.path("a.txt"), format: .text)
        let outputs = LiveOutputs(self.configuration(terminal, output: capture.descriptor, files: [file]))
        outputs.receive(RunFixture.state(.streaming))
        let began = ContinuousClock.now
        for number in 0..<1_000 {
            for _ in 0..<20 {
                outputs.receive(.level(rms: 0.1, peak: 0.1))
                outputs.receive(RunFixture.interim(RunFixture.utterance("Text \(number)", 0...1, id: String(number))))
            }
            outputs.receive(.warning("Warning \(number), as long as a line that fills a terminal's memory."))
            for event in self.said("Text \(number).", id: number) { outputs.receive(event) }
        }
        outputs.receive(RunFixture.end())
        let outcome = await outputs.finish()
        #expect(ContinuousClock.now - began < .seconds(30))
        #expect(!outcome.isShown && outcome.failures.isEmpty)
        let text = (0..<1_000).map { "Text \($0).\n" }.joined()
        #expect(capture.text() == text)
        #expect(self.folder.read("a.txt") == Array(text.utf8))
        // Somebody presses Ctrl-Q after all.
        terminal.read()
        await terminal.shows("Done in")
        let lines = terminal.emulated.all.filter { $0.hasPrefix("warning") }
        #expect(
            lines == (0..<1_000).map { "warning: Warning \($0), as long as a line that fills a terminal's memory." }
        )
    }

    @Test("A reader of standard output that stalls holds up neither the screen nor an end at once")
    func stalledReader() async {
        let terminal = PseudoTerminal()
        let capture = Capture()
        // As in the program: the reader leaves while it is being written to.
        signal(SIGPIPE, SIG_IGN)
        // Full before it begins.
        _ = fcntl(capture.descriptor, F_SETFL, O_NONBLOCK)
        let block = [UInt8](repeating: 0x2E, count: 65_536)
        while write(capture.descriptor, block, block.count) > 0 {}
        _ = fcntl(capture.descriptor, F_SETFL, 0)
        let outputs = LiveOutputs(self.configuration(terminal, output: capture.descriptor))
        for event in self.said("Good morning.", id: 1) { outputs.receive(event) }
        outputs.receive(RunFixture.state(.streaming))
        outputs.receive(RunFixture.interim(RunFixture.utterance("and on", 0...1, id: "2")))
        await terminal.shows("‹and on›")
        outputs.abandon()
        let outcome = await outputs.finish()
        #expect(outcome.isShown)
    }

    @Test("Standard output that is gone is told once, unless there are files")
    func nobody() async {
        let terminal = PseudoTerminal()
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        for hasFile in [true, false] {
            let files = hasFile ? [OutputFile(path: self.folder.path("b.txt"), format: .text)] : []
            let calls = Mutex(0)
            let outputs = LiveOutputs(self.configuration(terminal, output: full, files: files)) {
                calls.withLock { $0 += 1 }
            }
            for number in 0..<3 { for event in self.said("Text.", id: number) { outputs.receive(event) } }
            let outcome = await outputs.finish()
            #expect(outcome.failures == [OutputError(path: "-", call: "write", number: ENOSPC)])
            #expect(calls.withLock(\.self) <= (hasFile ? 0 : 1))
        }
    }

    @Test("A window that becomes smaller is drawn anew to its size")
    func resize() async {
        let terminal = PseudoTerminal(columns: 80, rows: 24)
        let outputs = LiveOutputs(self.configuration(terminal))
        outputs.receive(RunFixture.state(.streaming))
        await terminal.shows("Recognising")
        terminal.resize(columns: 10, rows: 3)
        outputs.redraw()
        await terminal.shows("Listening")
        _ = await outputs.finish()
    }

    @Test("Before the program is stopped the terminal is as it was, and afterwards the frame comes back")
    func suspension() async {
        let terminal = PseudoTerminal()
        let outputs = LiveOutputs(self.configuration(terminal))
        outputs.receive(RunFixture.state(.streaming))
        await terminal.shows("Recognising")
        outputs.suspend()
        await terminal.shows("\u{1B}[?25h")
        #expect(terminal.emulated.screen.isEmpty)
        outputs.receive(RunFixture.interim(RunFixture.utterance("So", 0...1)))
        outputs.suspend()
        #expect(terminal.emulated.screen.isEmpty)
        outputs.resume()
        await terminal.shows("‹So›")
        #expect(!terminal.emulated.isCursorShown)
        _ = await outputs.finish()
    }

    @Test("Painting takes milliseconds, not more than twenty times a second")
    func latency() async {
        let terminal = PseudoTerminal()
        let outputs = LiveOutputs(self.configuration(terminal))
        outputs.receive(RunFixture.state(.streaming))
        for number in 0..<40 {
            outputs.receive(RunFixture.interim(RunFixture.utterance("word\(number)", 0...1)))
            await terminal.shows("word\(number)›")
        }
        let outcome = await outputs.finish()
        #expect(outcome.paintLatency.count == 40)
        #expect(outcome.paintLatency.p50 < .milliseconds(500))
    }
}
