import Glibc
import StenoTesting
import Testing

@Suite("Live screen", .enabled(if: Terminal.isThere))
struct LiveScreenTests {
    private let microphone = VirtualMicrophone(
        VirtualMicrophone.Settings().with { $0.sound = .samples(Dictation.samples, then: .silence) }
    )

    private static let hidden = "\u{1B}[?25l"

    /// A dictation on `terminal`, with a person at its keys.
    private func dictate(
        on terminal: Terminal,
        _ body: (Running) async throws -> Void
    ) async throws -> StenoProgram.Result {
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram(
                self.microphone.environment.merging(["TERM": "xterm", "NO_COLOR": "1"]) { $1 }
            )
            let running = try program.start(["live", sandbox.option], terminal: terminal, isTyped: true)
            #expect(await running.says("Recognising"))
            try await body(running)
            return await running.result()
        }
    }

    @Test("Keys pause, go on, explain themselves and stop; nothing of them shows, and nothing is left of the frame")
    func keys() async throws {
        let terminal = try Terminal()
        let before = terminal.settings
        let result = try await self.dictate(on: terminal) { running in
            #expect(terminal.settings.c_lflag & tcflag_t(ICANON | ECHO) == 0)
            terminal.type(" ")
            #expect(await terminal.showsPause())
            terminal.type(" ")
            #expect(await running.says("Paused at "))
            terminal.type("?")
            #expect(await running.says("Keys: space pauses"))
            terminal.type("q")
        }
        #expect(result.code == 0)
        #expect(terminal.settings.isSame(as: before))
        #expect(result.errors.contains("Done in ") || result.errors.contains("Ended after "))
        #expect(result.errors.isShownAtTheEnd)
    }

    @Test("Interim text shows on the terminal, and finished text goes to standard output")
    func text() async throws {
        let result = try await self.dictate(on: try Terminal()) { running in
            #expect(await running.says("Bella"))
            #expect(await running.prints("Good morning.\n"))
            running.signal(SIGTERM)
        }
        #expect(result.output.hasPrefix("Good morning.\n"))
        #expect(result.errors.contains("[") && result.errors.contains("lag "))
    }

    @Test("However it ends, the terminal has its settings and its cursor back", arguments: [SIGQUIT, SIGSEGV, SIGABRT])
    func killed(signal: Int32) async throws {
        let terminal = try Terminal()
        let before = terminal.settings
        let result = try await self.dictate(on: terminal) { running in
            terminal.type(" ")
            #expect(await running.says("Paused · "))
            running.signal(signal)
        }
        #expect(result.code == 128 + signal)
        #expect(terminal.settings.isSame(as: before))
        #expect(result.errors.isShownAtTheEnd)
    }

    @Test("Ctrl-C twice ends at once, with the terminal as it was")
    func twice() async throws {
        let terminal = try Terminal()
        let before = terminal.settings
        let result = try await self.dictate(on: terminal) { running in
            terminal.type("\u{3}")
            #expect(await running.says("Stopping"))
            terminal.type("\u{3}")
        }
        // It may have ended in order just before.
        #expect([0, 130].contains(result.code))
        #expect(terminal.settings.isSame(as: before))
        #expect(result.errors.isShownAtTheEnd)
    }

    @Test("Ctrl-Z stops it with the terminal as it was, and in the foreground again it goes on")
    func stopped() async throws {
        let terminal = try Terminal()
        let before = terminal.settings
        try await SandboxProcess.run { sandbox in
            let program = try StenoProgram(
                self.microphone.environment.merging(["TERM": "xterm", "NO_COLOR": "1"]) { $1 }
            )
            // A shell with job control, which is what stops and continues programs.
            let running = try Running(
                "/bin/bash",
                ["-c", #"set -m; "$0" live "$1"; echo "stopped $?"; read line; fg; echo "ended $?""#]
                    + [StenoProgram.binary, sandbox.option],
                program.environment,
                terminal: terminal,
                isTyped: true
            )
            #expect(await running.says("Recognising"))
            terminal.type("\u{1A}")
            #expect(await running.prints("stopped 148\n"))
            #expect(terminal.settings.isSame(as: before))
            // What it wrote before it stopped may reach us behind what the shell says.
            #expect(await terminal.shown.waits { $0.isShownAtTheEnd })
            let shown = terminal.shown.text.utf8.count
            terminal.type("\n")
            let isBack = await terminal.shown.waits { text in
                let new = String(decoding: text.utf8.dropFirst(shown), as: UTF8.self)
                return new.contains(Self.hidden) && new.contains("Recognising")
            }
            #expect(isBack)
            terminal.type("q")
            let result = await running.result()
            #expect(result.output.hasSuffix("ended 0\n") || result.output.hasSuffix("ended 75\n"))
            #expect(terminal.settings.isSame(as: before))
            #expect(result.errors.isShownAtTheEnd)
        }
    }
}

extension termios {
    fileprivate func isSame(as other: termios) -> Bool {
        self.c_lflag == other.c_lflag && self.c_iflag == other.c_iflag && self.c_oflag == other.c_oflag
    }
}

extension String {
    /// The last that was said about the cursor is that it shows.
    fileprivate var isShownAtTheEnd: Bool {
        guard let last = self.split(separator: "\u{1B}[?25").last else { return false }
        return last.hasPrefix("h")
    }
}
