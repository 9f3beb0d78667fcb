import Steno
import StenoAudio
import StenoCore
import StenoStore

/// One recording of `steno stream` or `steno deliver`, with outputs of its own.
struct StreamRun {
    /// After the first signal, all is over by then, deliveries too: service managers kill after 90 s as a rule.
    private static let endLimit = Duration.seconds(75)
    /// Seconds until the last words have come; what a service usually needs.
    private static let ending = 3

    private let job: RecordedJob
    private let choice: RunChoice
    private let services: RecognitionServices
    private let program: Program
    private let recognizing: Recognizing
    private let run: DictationRun
    private let events: AsyncStream<RunEvent>
    private let end: @Sendable () -> Void
    private let tell: @Sendable (RunEvent) -> Void

    /// - Throws: what is missing to do what was asked for; nothing was sent by then.
    init(_ job: RecordedJob, _ choice: RunChoice, _ services: RecognitionServices, _ program: Program) throws {
        self.job = job
        self.choice = choice
        self.services = services
        self.program = program
        // Nothing of it may be dropped, so what waits for a slow output is bounded by what is said in the recording.
        let (events, continuation) = AsyncStream<RunEvent>.makeStream()
        let recording = job.recording
        let tell: @Sendable (RunEvent) -> Void = { event in
            recording.receive(event)
            continuation.yield(event)
        }
        (self.events, self.tell, self.end) = (events, tell, { continuation.finish() })
        let sending = SendingChoice(
            pace: choice.pace.map { .realTime(speed: $0, catchUp: 1.5) } ?? .unlimited,
            localSpeed: choice.pace,
            giveUp: choice.giveUp,
            discardsUnsentOnStop: true,
            wantsSummary: job.handover.summaries.contains(.soep)
        )
        self.recognizing = Recognizing(
            job.source,
            by: try services.recognizer(sending),
            resuming: job.memory,
            logger: program.logger
        ) { tell(RunEvent($0)) }
        let place = job.place
        let deliveries = RunDeliveries(services.deliveries, asked: job.handover.asked) {
            await recording.opened()
            return DeliveryBook(place)
        }
        self.run = DictationRun(
            DictationRun.Request(
                header: job.header,
                source: job.source,
                summaries: job.handover.summaries,
                language: services.settings.recognition.language?.value,
                upload: job.handover.upload
            ),
            summariser: deliveries,
            uploader: deliveries,
            keeper: deliveries,
            tell: tell
        )
    }

    /// Runs to its end, or to what signals ask for.
    func run(until stop: StopRequests) async -> ExitCode {
        self.sayLength()
        self.services.sayNotices()
        let outputs = Task { await self.show() }
        let (run, recognizing, tell, end) = (self.run, self.recognizing, self.tell, self.end)
        tell(.recording(self.job.header))
        for notice in self.job.notices { tell(.notice(notice)) }
        let running = Task { await run.run(isAnnounced: true) { await self.recognise() } }
        stop.begin(
            StopRequests.Target(
                inOrder: {
                    tell(.notice("Ending in order. A second signal (Ctrl-C) ends it at once."))
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
        var code = await running.value
        stop.end()
        end()
        code = code.combined(with: await outputs.value)
        return await self.conclude(code)
    }

    private func recognise() async -> RecognitionResult {
        // A summary is made by a connection that heard the recording, so there has to be one.
        guard !self.job.isRecognised || self.job.handover.summaries.contains(.soep) else {
            return RecognitionResult(remembering: self.job.memory, upTo: self.job.source.progress.available)
        }
        let result = await self.recognizing.run()
        if let lost = await self.job.recording.audioEnded() {
            self.tell(.gap(lost, cause: AudioGap.Cause.diskStalled.rawValue))
        }
        return result
    }

    /// Shows and writes what happens.
    private func show() async -> ExitCode {
        var outputs = RunOutputs(
            status: StatusLine(self.program.notices, isDrawing: self.program.options.isDrawing),
            output: StandardOutput(format: self.choice.options.format),
            files: self.choice.options.outputFiles
        )
        let isHandedOver = !self.job.handover.isEmpty
        var earlier = ResumedText(self.job.memory)
        for await event in self.events {
            for event in earlier.events(for: event) { outputs.receive(event) }
            if outputs.isForNobody, !isHandedOver { self.recognizing.requestStop(atOnce: false) }
        }
        for failure in outputs.failures { self.program.say(failure.description, .error) }
        return outputs.failures.isEmpty ? .success : .disk
    }

    /// The first line on standard error: how long it will take.
    private func sayLength() {
        let name = self.job.name
        guard let frames = self.job.source.totalFrames else {
            self.program.say("\(name): takes as long as audio comes.")
            return
        }
        let length = SamplePosition(frames: frames).seconds
        let rest = self.job.isRecognised ? 0 : max(0, length - (self.job.memory.coverage.sent.end?.seconds ?? 0))
        let expected = Int((rest / (self.choice.pace ?? 1)).rounded(.up)) + Self.ending
        let takes = "\(self.choice.pace == nil ? "less than" : "about") \(expected) s"
        self.program.say("\(name): \(ClockText.text(length)) of audio, expected to take \(takes).")
    }
}

extension StreamRun {
    /// The recording is brought to its end on the disk, and the person is told what is left to do.
    private func conclude(_ code: ExitCode) async -> ExitCode {
        var code = code
        let isComplete = code == .success
        self.job.release()
        if let failure = await self.job.recording.conclude(isComplete: isComplete) {
            self.program.say(failure.description, .error)
            code = code.combined(with: .disk)
        }
        if isComplete {
            if self.choice.isRemovedAfterwards { self.remove() }
        } else {
            let finishing = FinishingCommand.left(in: self.job.place, options: self.job.words, text: self.job.finishing)
            self.program.say("The recording is kept as \(self.job.place.id). To finish it: \(finishing)", .warning)
        }
        return code
    }

    private func remove() {
        do throws(StoreError) {
            try self.job.library.delete(self.job.place, reason: "not-stored")
        } catch {
            self.program.say(error.description, .warning)
        }
    }
}
