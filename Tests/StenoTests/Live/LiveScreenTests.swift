import Steno
import StenoCore
import Testing

@Suite("Live screen")
struct LiveScreenTests {
    private func screen(_ events: RunEvent...) -> LiveScreen {
        var screen = LiveScreen()
        for event in events { screen.receive(event) }
        return screen
    }

    private func lines(
        _ screen: LiveScreen,
        _ columns: Int = 80,
        _ rows: Int = 24,
        elapsed: Double = 83,
        isColored: Bool = false
    ) -> [String] {
        let size = ScreenSize(columns: columns, rows: rows)
        return screen.frame(in: size, elapsed: elapsed, isColored: isColored).lines.map(\.text)
    }

    /// A dictation in full swing, with something wrong everywhere.
    private var busy: LiveScreen {
        self.screen(
            .device("USB Audio"),
            RunFixture.state(.streaming),
            RunFixture.progress(available: 83, sent: 82.9),
            .level(rms: 0.02, peak: 0.2),
            .gap(RunFixture.span(3, 4), cause: "overrun"),
            .gap(RunFixture.span(5, 6), cause: "paused"),
            .gap(RunFixture.span(7, 8), cause: "stalled"),
            .microphone(
                MicrophoneReport(
                    .tooQuiet,
                    alarm: .warning,
                    words: "The microphone is far too quiet. Speak into it, or turn it up."
                )
            ),
            RunFixture.interim(
                RunFixture.utterance("Bella is a five year old Labrador who has been limping on", 1...2)
            ),
            RunFixture.interim(
                RunFixture.utterance(
                    "Bella is a five year old Labrador who has been limping in the left front paw since Monday",
                    1...2
                )
            )
        )
    }

    @Test("80 by 24")
    func wide() {
        #expect(
            self.lines(self.busy) == [
                "The microphone is far too quiet. Speak into it, or turn it up.",
                "Bella is a five year old Labrador who has been limping ‹in the left front paw",
                "since Monday›",
                "Recognising · [▁▁▂▃····  ] · 01:23 · lag 0.1 s · 2 gaps · USB Audio",
            ]
        )
    }

    @Test("40 by 12")
    func narrow() {
        #expect(
            self.lines(self.busy, 40, 12) == [
                "The microphone is far too quiet. Speak",
                "into it, or turn it up.",
                "Bella is a five year old Labrador who",
                "has been limping ‹in the left front paw",
                "since Monday›",
                "Listening · [▁▂·· ] · 01:23 · lag 0.1 s",
            ]
        )
    }

    @Test("10 by 3")
    func tiny() {
        #expect(self.lines(self.busy, 10, 3) == ["The micr…", "…‹Monday›", "Listening"])
    }

    @Test("Two rows have the newest words and the state, one row has the state")
    func rows() {
        #expect(self.lines(self.busy, 40, 2) == ["…‹since Monday›", "Listening · [▁▂·· ] · 01:23 · lag 0.1 s"])
        #expect(self.lines(self.busy, 40, 1) == ["Listening · [▁▂·· ] · 01:23 · lag 0.1 s"])
    }

    @Test("With colours, what may still change is dim, without brackets")
    func dim() {
        let frame = self.busy.frame(in: ScreenSize(columns: 200, rows: 24), elapsed: 1, isColored: true)
        #expect(
            frame.lines[1].pieces == [
                ScreenLine.Piece("Bella is a five year old Labrador who has been limping "),
                ScreenLine.Piece("in the left front paw since Monday", .dim),
            ]
        )
    }

    @Test("A text of any length leaves the frame within the screen", arguments: [(10, 3), (40, 12), (80, 24), (5, 1)])
    func long(columns: Int, rows: Int) {
        let text = (0..<2_000).map { "word\($0)" }.joined(separator: " ")
        let screen = self.screen(RunFixture.interim(RunFixture.utterance(text, 0...1, words: [])))
        let lines = self.lines(screen, columns, rows)
        #expect(lines.count <= rows)
        #expect(lines.allSatisfy { DisplayWidth.columns(of: $0) < columns })
        if rows > 2, columns > 10 { #expect(lines.joined().contains("word1999›")) }
    }

    @Test("Wide characters are never split, and a word longer than a row is")
    func wideCharacters() {
        let text = "左前足が腫れています"
        let screen = self.screen(
            RunFixture.interim(RunFixture.utterance(text, 0...1)),
            RunFixture.interim(RunFixture.utterance(text + "👩‍⚕️", 0...1))
        )
        #expect(
            self.lines(screen, 10, 8) == ["左前足が", "腫れてい", "ます‹👩‍⚕️›", "Connecti…"]
        )
    }

    @Test("Text from outside drives no terminal")
    func neutralised() {
        let screen = self.screen(
            RunFixture.state(.streaming),
            .device("a\u{1B}[2J\u{9B}b"),
            .microphone(MicrophoneReport(.tooQuiet, alarm: .alarm, words: "c\u{7}\n\u{202E}d")),
            RunFixture.interim(RunFixture.utterance("e\u{1B}]0;x\u{7}", 0...1))
        )
        #expect(self.lines(screen) == ["c␇ d", "‹e␛]0;x␇›", "Recognising · 01:23 · a␛[2Jb"])
    }

    @Test("What was taken back, or handed over, is no longer shown")
    func gone() {
        let (first, second) = (RunFixture.utterance("one", 0...1), RunFixture.utterance("two", 1...2, id: "1"))
        var screen = self.screen(RunFixture.interim(first), RunFixture.interim(second))
        #expect(self.lines(screen).dropLast() == ["‹one›", "‹two›"])
        screen.receive(RunFixture.completed(second))
        #expect(self.lines(screen).dropLast() == ["‹one›", "two"])
        screen.receive(.recognition(.transcript(.withdraw(first.id))))
        #expect(self.lines(screen).dropLast() == ["two"])
        screen.receive(RunFixture.delivered(second))
        #expect(self.lines(screen).dropLast() == [])
    }

    @Test("The state says what keeps words from coming")
    func states() {
        var screen = self.screen(RunFixture.state(.waitingForReady))
        #expect(self.lines(screen).last == "Waiting for the service to be ready · 01:23")
        screen.receive(.recognition(.connectionLost))
        #expect(self.lines(screen).last == "Connection lost · 01:23")
        screen.receive(RunFixture.state(.streaming))
        screen.receive(.level(rms: 1, peak: 1))
        screen.receive(.paused)
        #expect(self.lines(screen).last == "Paused · 01:23")
        screen.receive(.resumed)
        #expect(self.lines(screen).last == "Recognising · 01:23")
    }

    @Test("Trouble with the microphone is shown as long as it holds, and not in a pause")
    func microphone() {
        var screen = self.screen(.microphone(MicrophoneReport(.digitalZero, alarm: .alarm, words: "Muted.")))
        #expect(self.lines(screen).first == "Muted.")
        screen.receive(.paused)
        #expect(self.lines(screen).count == 1)
        screen.receive(.resumed)
        screen.receive(.microphone(MicrophoneReport(.speech, words: "Somebody speaks.")))
        #expect(self.lines(screen).count == 1)
    }

    @Test("Any level can be shown", arguments: [(0, 0), (1, 1), (Double.nan, .infinity), (-1, 2), (1e-300, 1e300)])
    func levels(rms: Double, peak: Double) {
        let screen = self.screen(RunFixture.state(.streaming), .level(rms: rms, peak: peak))
        #expect(self.lines(screen).last?.count == "Recognising · [0123456789] · 01:23".count)
    }

    @Test("A lag of less than ten seconds shows tenths")
    func lag() {
        var screen = self.screen(RunFixture.state(.streaming), RunFixture.progress(available: 12.34, sent: 10))
        #expect(self.lines(screen).last == "Recognising · 01:23 · lag 2.3 s")
        screen.receive(RunFixture.progress(available: 95, sent: 10))
        #expect(self.lines(screen).last == "Recognising · 01:23 · 01:25 behind")
        screen.receive(RunFixture.progress(available: 0, sent: 10))
        #expect(self.lines(screen).last == "Recognising · 01:23 · lag 0.0 s")
    }

    @Test("When it is over there is no frame")
    func over() {
        #expect(self.lines(self.screen(RunFixture.state(.streaming), RunFixture.state(.closed))).isEmpty)
        #expect(self.lines(self.screen(RunFixture.end())).isEmpty)
    }

    @Test("Whatever happens, the frame fits the screen", arguments: 1...30)
    func adversary(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var screen = LiveScreen()
        for _ in 0..<200 {
            screen.receive(RunFixture.anything(using: &random))
            let size = ScreenSize(
                columns: Int.random(in: 0...90, using: &random),
                rows: Int.random(in: 0...25, using: &random)
            )
            let isColored = Bool.random(using: &random)
            let frame = screen.frame(
                in: size,
                elapsed: Double.random(in: -1...1e9, using: &random),
                isColored: isColored
            )
            #expect(frame.lines.count <= max(1, size.rows), "seed \(seed)")
            let widest = frame.lines.map { DisplayWidth.columns(of: $0.text) }.max() ?? 0
            #expect(widest <= max(1, size.columns - 1), "seed \(seed), \(size)")
            #expect(!frame.lines.contains { $0.text.unicodeScalars.contains { $0.value < 0x20 } }, "seed \(seed)")
        }
    }
}
