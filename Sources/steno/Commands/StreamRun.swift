import Steno
import StenoAudio
import StenoCore

/// One recording of `steno stream`, with outputs of its own.
struct StreamRun {
    /// After the first signal, all is over by then, deliveries too: service managers kill after 90 s as a rule.
    private static let endLimit = Duration.seconds(75)
    /// Seconds until the last words have come; what a service usually needs.
    private static let ending = 3

    private let source: any SampleSource
    private let file: String
    private let options: RecognitionOptions
    private let services: RecognitionServices
    private let pace: Double?
    private let program: Program
    private let recognizing: Recognizing
    private let run: DictationRun
    private let events: AsyncStream<RunEvent>
    private let tell: AsyncStream<RunEvent>.Continuation

    /// - Throws: what is missing to do what was asked for; nothing was sent by then.
    init(
        _ source: any SampleSource,
        _ file: String,
        _ command: StreamCommand,
        _ visit: VisitDetails?,
        _ services: RecognitionServices,
        _ program: Program
    ) throws {
        self.source = source
        self.file = file
        self.options = command.recognition
        self.services = services
        self.program = program
        // Nothing of it may be dropped, so what waits for a slow output is bounded by what is said in the recording.
        let (events, tell) = AsyncStream<RunEvent>.makeStream()
        (self.events, self.tell) = (events, tell)
        let pace = command.input.pace(services)
        self.pace = pace
        let sending = SendingChoice(
            pace: pace.map { .realTime(speed: $0, catchUp: 1.5) } ?? .unlimited,
            localSpeed: pace,
            giveUp: command.input.giveUp.value,
            discardsUnsentOnStop: true
        )
        self.recognizing = Recognizing(source, by: try services.recognizer(sending), logger: program.logger) {
            tell.yield(RunEvent($0))
        }
        let waits = command.recognition.wait
        self.run = DictationRun(
            DictationRun.Request(
                header: RecordingHeader(
                    id: RecordingID.make(),
                    source: file,
                    frames: source.totalFrames,
                    engine: services.engine.rawValue,
                    isSandbox: services.isSandboxed
                ),
                source: source,
                summaries: command.recognition.summary,
                language: services.settings.recognition.language?.value,
                upload: visit.map { NoteUpload(visit: $0, waits: waits) }
            ),
            summariser: try services.summariser(),
            uploader: try services.uploader(),
            tell: { tell.yield($0) }
        )
    }

    /// Runs to its end, or to what signals ask for.
    func run(until stop: StopRequests) async -> ExitCode {
        self.sayLength()
        self.services.sayNotices()
        let outputs = Task { await self.show() }
        let (run, recognizing, tell) = (self.run, self.recognizing, self.tell)
        let running = Task { await run.run { await recognizing.run() } }
        stop.begin(
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
        stop.end()
        tell.finish()
        return code.combined(with: await outputs.value)
    }

    /// Shows and writes what happens.
    private func show() async -> ExitCode {
        var outputs = RunOutputs(
            status: StatusLine(self.program.notices, isDrawing: self.program.options.isDrawing),
            output: StandardOutput(format: self.options.format),
            files: self.options.outputFiles
        )
        let isHandedOver = !self.options.summary.isEmpty || self.options.upload != nil
        for await event in self.events {
            outputs.receive(event)
            if outputs.isForNobody, !isHandedOver { self.recognizing.requestStop(atOnce: false) }
        }
        for failure in outputs.failures { self.program.say(failure.description, .error) }
        return outputs.failures.isEmpty ? .success : .disk
    }

    /// The first line on standard error: how long it will take.
    private func sayLength() {
        let name = self.file == "-" ? "Standard input" : "'\(self.file)'"
        guard let frames = self.source.totalFrames else {
            self.program.say("\(name): takes as long as audio comes.")
            return
        }
        let seconds = SamplePosition(frames: frames).seconds
        let expected = Int((seconds / (self.pace ?? 1)).rounded(.up)) + Self.ending
        let takes = "\(self.pace == nil ? "less than" : "about") \(expected) s"
        self.program.say("\(name): \(ClockText.text(seconds)) of audio, expected to take \(takes).")
    }
}
