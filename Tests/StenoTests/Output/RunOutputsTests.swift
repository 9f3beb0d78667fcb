import Glibc
import Steno
import StenoCore
import StenoTesting
import Testing

@Suite("Run outputs")
struct RunOutputsTests {
    private let folder = TemporaryFolder()
    private let errors = Capture()

    private func outputs(_ descriptor: Int32, files: [OutputFile] = [], isDrawing: Bool = false) -> RunOutputs {
        let notices = Notices(form: .text(isColored: false), descriptor: self.errors.descriptor)
        return RunOutputs(
            status: StatusLine(notices, isDrawing: isDrawing, columns: { 80 }),
            output: StandardOutput(format: .text),
            descriptor: descriptor,
            files: files
        )
    }

    @Test("Files hold what standard output would, each in its format", arguments: OutputFormat.allCases)
    func files(format: OutputFormat) {
        let capture = Capture()
        let file = OutputFile(path: self.folder.path("a"), format: format)
        var outputs = self.outputs(capture.descriptor, files: [file])
        for event in RunFixture.dictation { outputs.receive(event) }
        #expect(outputs.failures.isEmpty)
        let content = String(decoding: self.folder.read("a"), as: UTF8.self)
        #expect(content == RunFixture.output(format, RunFixture.dictation))
        #expect(capture.text() == RunFixture.output(.text, RunFixture.dictation))
    }

    @Test("A reader that leaves is one failure, and the files are written all the same")
    func closedReader() {
        signal(SIGPIPE, SIG_IGN)
        let ends = TestPipe.ends()
        close(ends.reader)
        defer { close(ends.writer) }
        let file = OutputFile(path: self.folder.path("a.txt"), format: .text)
        var outputs = self.outputs(ends.writer, files: [file])
        for event in RunFixture.dictation { outputs.receive(event) }
        #expect(outputs.failures == [OutputError(path: "-", call: "write", number: EPIPE)])
        #expect(!outputs.isForNobody)
        #expect(!self.folder.read("a.txt").isEmpty)
    }

    @Test("Without files, a reader that leaves means that the result is for nobody")
    func nobody() {
        let full = open("/dev/full", O_WRONLY | O_CLOEXEC)
        defer { close(full) }
        var outputs = self.outputs(full)
        #expect(!outputs.isForNobody)
        outputs.receive(RunFixture.delivered(RunFixture.utterance("Gone.", 0...1)))
        #expect(outputs.isForNobody)
    }

    @Test("A file that cannot be written does not stop the others")
    func brokenFile() {
        let capture = Capture()
        let files = [
            OutputFile(path: self.folder.path("none/a.txt"), format: .text),
            OutputFile(path: self.folder.path("b.txt"), format: .text),
        ]
        var outputs = self.outputs(capture.descriptor, files: files)
        for event in RunFixture.dictation { outputs.receive(event) }
        #expect(outputs.failures.map(\.path) == [self.folder.path("none/a.txt")])
        #expect(self.folder.names == ["b.txt"])
        #expect(!capture.text().isEmpty)
    }

    @Test("On one terminal, the status line steps aside for the text")
    func oneTerminal() {
        let file = OutputFile(path: self.folder.path("a.txt"), format: .text)
        var outputs = self.outputs(self.errors.descriptor, files: [file], isDrawing: true)
        outputs.receive(RunFixture.state(.streaming))
        outputs.receive(RunFixture.delivered(RunFixture.utterance("Good morning.", 0...1)))
        let clear = "\r\u{1B}[K"
        let line = clear + "00:00 Recognising"
        #expect(self.errors.text() == line + clear + "Good morning.\n" + line)
    }

    @Test("How it ended is the last thing to be read")
    func last() {
        var outputs = self.outputs(self.errors.descriptor)
        outputs.receive(RunFixture.summary("soep", ("Plan", "Rest.")))
        outputs.receive(RunFixture.end())
        #expect(self.errors.text().hasSuffix("Plan: Rest.\nDone in 00:00: 00:20 of audio, every word is confirmed.\n"))
    }
}
