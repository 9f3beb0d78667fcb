import Steno
import StenoAudio
import StenoCore

/// One call of `steno stream`: its files one after the other, each with outputs of its own.
struct StreamJob {
    private let command: StreamCommand
    private let program: Program
    private let settings: Settings
    private let visit: VisitDetails?
    private let stop = StopRequests()

    /// - Throws: what can be known to be wrong before any audio is looked at.
    init(_ command: StreamCommand, in program: Program) throws {
        self.command = command
        self.program = program
        self.settings = try command.recognition.checkedSettings(in: program)
        self.visit = command.recognition.upload == nil ? nil : try command.visit.details()
    }

    /// Runs to the end of all files; the worst of their exit codes wins.
    func run(_ files: [String]) async throws -> ExitCode {
        let signals = Signals { isSecond in self.stop.request(atOnce: isSecond) }
        defer { withExtendedLifetime(signals) {} }
        var services: RecognitionServices?
        var code = ExitCode.success
        for file in files {
            guard !self.stop.isRequested else {
                self.program.say("'\(file)' was not begun.", .warning)
                code = code.combined(with: .unfinished)
                continue
            }
            let source: any SampleSource
            do {
                source = try await self.open(file)
            } catch {
                code = code.combined(with: self.program.report(error))
                continue
            }
            if services == nil { services = try await RecognitionServices(self.command.recognition, in: self.program) }
            guard let services else { continue }
            let run = try StreamRun(source, file, self.command, self.visit, services, self.program)
            code = code.combined(with: await run.run(until: self.stop))
        }
        await services?.end()
        return self.stop.isAtOnce ? .stopped : code
    }

    private func open(_ file: String) async throws -> any SampleSource {
        let spool = self.settings.storage.home.value + "/spool"
        guard file == "-" else { return try AudioFile.open(file, spoolFolder: spool) }
        guard !Terminal.isTerminal(0) else {
            throw Failure(.usage, "Standard input is a terminal. Pipe WAV or raw PCM into it, or name a file.")
        }
        let input = self.command.input
        let source = try StandardInput.open(rate: input.rate, channels: input.channels, spoolFolder: spool)
        try await self.waitForSound(of: source)
        return source
    }

    /// What is no audio is found before a service is bothered.
    private func waitForSound(of source: any SampleSource) async throws {
        let (changes, doorbell) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        source.observe { doorbell.yield() }
        self.stop.begin(StopRequests.Target(inOrder: { doorbell.finish() }, atOnce: { doorbell.finish() }))
        defer { self.stop.end() }
        for await _ in changes {
            let progress = source.progress
            guard progress.available == .zero else { return }
            if let failure = progress.failure { throw failure }
            if progress.isComplete { return }
        }
    }
}
