import Steno
import StenoALSA
import StenoAudio
import StenoCore

/// A live recording from its first frame to the end of everything that was asked for.
struct LiveRun {
    /// After a stop: how long what is still unsent may take. A recording that cannot be sent by then is finished later.
    private static let catchUpLimit = Duration.seconds(60)
    /// After a stop, all is over by then, deliveries too: service managers kill after 90 s as a rule.
    private static let endLimit = Duration.seconds(75)

    private let microphone: Microphone
    private let options: RecognitionOptions
    private let services: RecognitionServices
    private let program: Program
    private let events: LiveEvents
    private let recognizing: Recognizing
    private let recognition: LiveRecognition
    private let run: DictationRun

    /// - Throws: what is missing to do what was asked for; nothing was sent by then.
    init(
        _ source: LiveSource,
        _ microphone: Microphone,
        _ events: LiveEvents,
        _ command: LiveCommand,
        _ visit: VisitDetails?,
        _ services: RecognitionServices,
        _ program: Program
    ) throws {
        self.microphone = microphone
        self.options = command.recognition
        self.services = services
        self.program = program
        self.events = events
        let recognition = LiveRecognition(
            source,
            tell: { events.tell($0) },
            stopRecording: { microphone.stop() }
        )
        self.recognition = recognition
        self.recognizing = Recognizing(
            source,
            by: try services.recognizer(
                SendingChoice(
                    pace: .following(catchUp: 1.5),
                    localSpeed: nil,
                    giveUp: nil,
                    discardsUnsentOnStop: false
                )
            ),
            logger: program.logger
        ) { recognition.receive($0) }
        let waits = command.recognition.wait
        self.run = DictationRun(
            DictationRun.Request(
                header: RecordingHeader(
                    id: RecordingID.make(),
                    source: command.microphone.device,
                    frames: nil,
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
            tell: { events.tell($0) }
        )
    }

    /// Runs to its end, or to what signals ask for.
    func run(until stop: StopRequests) async -> ExitCode {
        self.services.sayNotices()
        let outputs = Task { await self.show() }
        let (run, recognition, recognizing) = (self.run, self.recognition, self.recognizing)
        let running = Task { await run.run { await recognition.run(recognizing) } }
        let (microphone, events) = (self.microphone, self.events)
        stop.begin(
            StopRequests.Target(
                inOrder: {
                    events.tell(.notice("Stopping: waiting for the last words. Ctrl-C again stops at once."))
                    // The end of the audio is what makes the session drain; nothing that was said is cut off.
                    microphone.stop()
                    Task {
                        try await Task.sleep(for: Self.catchUpLimit)
                        recognizing.requestStop(atOnce: false)
                        try await Task.sleep(for: Self.endLimit - Self.catchUpLimit)
                        running.cancel()
                    }
                },
                atOnce: {
                    microphone.stop()
                    recognizing.requestStop(atOnce: true)
                    running.cancel()
                }
            )
        )
        let code = await running.value
        stop.end()
        events.finish()
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
        for await event in self.events.stream {
            outputs.receive(event)
            if outputs.isForNobody, !isHandedOver { self.microphone.stop() }
        }
        for failure in outputs.failures { self.program.say(failure.description, .error) }
        return outputs.failures.isEmpty ? .success : .disk
    }
}
