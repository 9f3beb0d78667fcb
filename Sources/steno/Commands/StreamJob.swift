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

    /// After the first signal, all is over by then, deliveries too: service managers kill after 90 s as a rule.
    private static let endLimit = Duration.seconds(75)

    /// Stands for a sandbox that is not started yet: folders and engine do not depend on where it listens.
    private static let anySandbox = "http://127.0.0.1:1"

    /// - Throws: what can be known to be wrong before any audio is looked at.
    init(_ command: StreamCommand, in program: Program) throws {
        self.command = command
        self.program = program
        self.settings = try program.settings(
            command.recognition.settings,
            sandbox: command.recognition.sandbox?.address ?? command.recognition.sandbox.map { _ in Self.anySandbox }
        )
        let recognition = self.settings.recognition
        try command.recognition.checkEngine(recognition.engine.value, language: recognition.language?.value)
        try command.recognition.checkLanguage(recognition.language?.value)
        for file in command.recognition.output { try AtomicFile.check(file) }
        self.visit = command.recognition.upload == nil ? nil : try command.visit.details()
    }

    /// Runs to the end of all files; the worst of their exit codes wins.
    func run(_ files: [String]) async throws -> ExitCode {
        let signals = Signals { isSecond in self.stop.request(atOnce: isSecond) }
        defer { withExtendedLifetime(signals) {} }
        var services: StreamServices?
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
            if services == nil { services = try await StreamServices(self.command, in: self.program) }
            guard let services else { continue }
            code = code.combined(with: try await self.run(source, file, services))
        }
        await services?.end()
        return self.stop.isAtOnce ? .stopped : code
    }

    private func run(_ source: any SampleSource, _ file: String, _ services: StreamServices) async throws -> ExitCode {
        let options = self.command.recognition
        let header = RecordingHeader(
            id: RecordingID.make(),
            source: file,
            frames: source.totalFrames,
            engine: services.engine.rawValue,
            isSandbox: services.isSandboxed
        )
        // Nothing of it may be dropped, so what waits for a slow output is bounded by what is said in the recording.
        let (events, tell) = AsyncStream<RunEvent>.makeStream()
        let recognizing = Recognizing(
            source,
            by: try services.recognizer(),
            logger: self.program.logger,
            onEvent: { tell.yield(.recognition($0)) }
        )
        let run = DictationRun(
            DictationRun.Request(
                header: header,
                source: source,
                summaries: options.summary,
                language: services.settings.recognition.language?.value,
                upload: self.visit.map { NoteUpload(visit: $0, waits: options.wait) }
            ),
            summariser: try services.summariser(),
            uploader: try services.uploader(),
            tell: { tell.yield($0) }
        )
        self.sayLength(of: source, file, pace: services.pace)
        services.sayNotices()
        let outputs = Task { await self.show(events, of: recognizing) }
        let running = Task { await run.run(recognizing) }
        self.stop.begin(
            StopRequests.Target(
                inOrder: {
                    tell.yield(.notice("Ending in order. A second signal (Ctrl-C) ends it at once."))
                    recognizing.requestStop(atOnce: false)
                    Task {
                        try await Task.sleep(for: Self.endLimit)
                        running.cancel()
                    }
                },
                atOnce: {
                    recognizing.requestStop(atOnce: true)
                    running.cancel()
                }
            )
        )
        let code = await running.value
        self.stop.end()
        tell.finish()
        return code.combined(with: await outputs.value)
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

    /// Shows and writes what happens.
    private func show(_ events: AsyncStream<RunEvent>, of recognizing: Recognizing) async -> ExitCode {
        let options = self.command.recognition
        var outputs = RunOutputs(
            status: StatusLine(self.program.notices, isDrawing: self.program.options.isDrawing),
            output: StandardOutput(format: options.format),
            files: options.outputFiles
        )
        let isHandedOver = !options.summary.isEmpty || options.upload != nil
        for await event in events {
            outputs.receive(event)
            if outputs.isForNobody, !isHandedOver { recognizing.requestStop(atOnce: false) }
        }
        for failure in outputs.failures { self.program.say(failure.description, .error) }
        return outputs.failures.isEmpty ? .success : .disk
    }

    /// The first line on standard error: how long it will take.
    private func sayLength(of source: any SampleSource, _ file: String, pace: Double?) {
        let name = file == "-" ? "Standard input" : "'\(file)'"
        guard let frames = source.totalFrames else {
            self.program.say("\(name): takes as long as audio comes.")
            return
        }
        let seconds = SamplePosition(frames: frames).seconds
        let expected = Int((seconds / (pace ?? 1)).rounded(.up)) + Self.ending
        let takes = "\(pace == nil ? "less than" : "about") \(expected) s"
        self.program.say("\(name): \(ClockText.text(seconds)) of audio, expected to take \(takes).")
    }

    /// Seconds until the last words have come; what a service usually needs.
    private static let ending = 3
}
