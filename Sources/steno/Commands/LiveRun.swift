import Steno
import StenoALSA
import StenoAudio
import StenoCore
import StenoStore

/// A live recording from its first frame to the end of everything that was asked for.
struct LiveRun {
    /// After a stop: how long what is still unsent may take. A recording that cannot be sent by then is finished later.
    private static let catchUpLimit = Duration.seconds(60)
    /// After a stop, all is over by then, deliveries too: service managers kill after 90 s as a rule.
    private static let endLimit = Duration.seconds(75)

    private let source: LiveSource
    private let microphone: Microphone
    private let services: RecognitionServices
    private let recognizing: Recognizing
    private let recognition: LiveRecognition
    private let run: DictationRun
    private let tell: @Sendable (RunEvent) -> Void

    /// What shows and writes a dictation.
    ///
    /// - Parameter onNobody: nobody will ever get the result.
    static func outputs(
        _ options: RecognitionOptions,
        _ program: Program,
        onNobody: @escaping @Sendable () -> Void
    ) -> LiveOutputs {
        let isHandedOver = !options.summary.isEmpty || options.upload != nil
        return LiveOutputs(
            LiveOutputs.Configuration(
                notices: program.notices,
                isDrawing: program.options.isDrawingScreen,
                format: options.format,
                files: options.outputFiles,
                isLogging: program.options.isLogging,
                logger: program.logger
            ),
            onNobody: { if !isHandedOver { onNobody() } }
        )
    }

    /// - Throws: what is missing to do what was asked for; nothing was sent by then.
    init(
        _ source: LiveSource,
        _ microphone: Microphone,
        _ header: RecordingHeader,
        _ handover: JobHandover,
        _ book: DeliveryBook,
        _ services: RecognitionServices,
        _ program: Program,
        _ tell: @escaping @Sendable (RunEvent) -> Void
    ) throws {
        self.source = source
        self.microphone = microphone
        self.services = services
        self.tell = tell
        let recognition = LiveRecognition(source, tell: tell, stopRecording: { microphone.stop() })
        self.recognition = recognition
        let sending = SendingChoice(
            pace: .following(catchUp: 1.5),
            localSpeed: nil,
            giveUp: nil,
            discardsUnsentOnStop: false,
            wantsSummary: handover.summaries.contains(.soep)
        )
        self.recognizing = Recognizing(source, by: try services.recognizer(sending), logger: program.logger) {
            recognition.receive($0)
        }
        let deliveries = RunDeliveries(services.deliveries, asked: handover.asked) { book }
        self.run = DictationRun(
            DictationRun.Request(
                header: header,
                source: source,
                summaries: handover.summaries,
                language: services.settings.recognition.language?.value,
                upload: handover.upload
            ),
            summariser: deliveries,
            uploader: deliveries,
            keeper: deliveries,
            tell: tell
        )
        try services.check(handover)
    }

    /// Runs to its end, or to what signals and keys ask for.
    func run(until stop: StopRequests, _ outputs: LiveOutputs) async -> ExitCode {
        // Not written as in `stream`: a frame may stand where it would be.
        for notice in self.services.notices {
            self.tell(notice.level == .info ? .notice(notice.text) : .warning(notice.text))
        }
        let (run, recognition, recognizing) = (self.run, self.recognition, self.recognizing)
        let running = Task { await run.run(isAnnounced: true) { await recognition.run(recognizing) } }
        let keys = self.keys(stop)
        let jobs = JobControl(
            suspend: {
                keys?.suspend()
                outputs.suspend()
            },
            resume: {
                keys?.resume()
                outputs.resume()
            },
            redraw: { outputs.redraw() }
        )
        defer { withExtendedLifetime(jobs) {} }
        self.obey(stop, running)
        let code = await running.value
        stop.end()
        keys?.end()
        return code
    }

    private func obey(_ stop: StopRequests, _ running: Task<ExitCode, Never>) {
        let (microphone, recognizing, tell) = (self.microphone, self.recognizing, self.tell)
        stop.begin(
            StopRequests.Target(
                inOrder: {
                    tell(.notice("Stopping: waiting for the last words. Ctrl-C (again) stops at once."))
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
    }

    /// `nil` where nobody types.
    private func keys(_ stop: StopRequests) -> Keys? {
        let (microphone, recognizing, tell) = (self.microphone, self.recognizing, self.tell)
        let pause = PauseSwitch(microphone)
        let keys = Keys { key in
            switch key {
            case .pause: pause.toggle()
            case .summary:
                if !recognizing.requestSummary() {
                    tell(.notice("The local engine makes no summaries."))
                }
            case .stop: stop.request(atOnce: false)
            case .help: tell(.notice(Key.sentence))
            }
        }
        if keys != nil { tell(.notice(Key.sentence)) }
        return keys
    }
}
