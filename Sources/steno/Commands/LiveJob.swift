import Logging
import Steno
import StenoALSA
import StenoAudio
import StenoCore
import StenoHTTP
import StenoStore

/// One call of `steno live`. The microphone is opened and runs before anything else is set up: what is said while a
/// service is being found is recorded.
struct LiveJob {
    /// A disk that wakes up, or writes a minute of audio that waited in memory, needs less.
    private static let diskLimit = Duration.seconds(20)

    private let command: LiveCommand
    private let program: Program
    private let settings: Settings
    private let handover: JobHandover
    private let stop = StopRequests()
    private let library: RecordingLibrary
    /// `nil`: the recording is not sealed.
    private let vault: RecordingVault?

    /// - Throws: what can be known to be wrong before a microphone is looked for.
    init(_ command: LiveCommand, in program: Program) throws {
        self.command = command
        self.program = program
        self.settings = try command.recognition.checkedSettings(in: program)
        try RecognitionServices.check(self.settings, in: program)
        self.handover = try command.recognition.handover(command.visit, self.settings)
        self.library = program.library(home: self.settings.storage.home.value)
        self.vault = try command.storage.vault(of: self.library, self.settings)
    }

    func run() async throws -> ExitCode {
        let outputs = LiveRun.outputs(self.command.recognition, self.program) { self.stop.request(atOnce: false) }
        let signals = Signals { isSecond in
            self.stop.request(atOnce: isSecond)
            if isSecond { outputs.abandon() }
        }
        defer { withExtendedLifetime(signals) {} }
        let microphone = try self.openMicrophone()
        let description = self.description(of: microphone)
        let writer = try RecordingWriter(description, in: self.library.recordings, vault: self.vault)
        if self.command.microphone.tones { self.play(.begin) }
        let keeper = RecordingKeeper(writer)
        let tell: @Sendable (RunEvent) -> Void = { event in
            keeper.receive(event)
            outputs.receive(event)
        }
        let header = self.header(writer.place.id)
        let book = DeliveryBook(writer.place)
        self.ask(in: book)
        // Before the microphone says anything: it is the first event of a recording.
        tell(.recording(header))
        tell(.device(header.source))
        let watch = MicrophoneWatch(limit: self.command.microphone.limit, tell: tell) { microphone.stop() }
        writer.observeDisk { watch.receive($0) }
        let source = try LiveSource(recording: writer, onNotice: { watch.receive($0) })
        try microphone.start(source.makeWriter())
        // What is said meanwhile is recorded already.
        for notice in UnfinishedNotice.texts(self.library, options: self.words) { tell(.notice(notice)) }
        var code: ExitCode
        do {
            code = try await self.recognise(source, microphone, header, book, outputs, tell)
        } catch {
            microphone.stop()
            _ = await self.shown(outputs)
            _ = await self.conclude(source, writer, isComplete: false)
            // What was said until then is kept: it is less than a person would like to say again.
            self.tidy(writer.place, .unfinished)
            throw error
        }
        microphone.stop()
        code = code.combined(with: await self.shown(outputs))
        code = code.combined(with: await self.conclude(source, writer, isComplete: code == .success))
        if self.command.microphone.tones { self.play(.end) }
        self.tidy(writer.place, code)
        return self.stop.isAtOnce ? .stopped : code
    }

    private func recognise(
        _ source: LiveSource,
        _ microphone: Microphone,
        _ header: RecordingHeader,
        _ book: DeliveryBook,
        _ outputs: LiveOutputs,
        _ tell: @escaping @Sendable (RunEvent) -> Void
    ) async throws -> ExitCode {
        let services = try await RecognitionServices(self.command.recognition, in: self.program)
        let run = try LiveRun(source, microphone, header, self.handover, book, services, self.program, tell)
        let code = await run.run(until: self.stop, outputs)
        await services.end()
        return code
    }

    /// What is to be handed over at the end stands in the recording from its beginning, whatever comes in between.
    private func ask(in book: DeliveryBook) {
        let realm = self.settings.realm(isSandboxed: self.command.recognition.sandbox != nil)
        let deliveries = self.handover.fresh(
            self.settings,
            isSandboxed: self.command.recognition.sandbox != nil,
            recording: realm
        )
        do throws(StoreError) {
            try book.store(deliveries)
        } catch {
            // What is said comes first; at the end it is said once more that nothing could be handed over.
            self.program.say(error.description, .warning)
        }
    }

    /// Waits until everything is written that was told.
    private func shown(_ outputs: LiveOutputs) async -> ExitCode {
        let outcome = await outputs.finish()
        for failure in outcome.failures { self.program.say(failure.description, .error) }
        return outcome.failures.isEmpty ? .success : .disk
    }

    /// Waits until the last sample is on the disk.
    private func conclude(_ source: LiveSource, _ writer: RecordingWriter, isComplete: Bool) async -> ExitCode {
        guard let report = await self.recorded(source) else {
            self.program.say("The disk does not answer. The end of the recording may not be on it.", .error)
            return .disk
        }
        var failure = report.failure
        do throws(AudioError) {
            try writer.conclude(isComplete: isComplete && report.isWhole)
        } catch {
            failure = failure ?? error
        }
        if let failure { self.program.say(failure.description, .error) }
        return failure == nil && report.isWhole ? .success : .disk
    }

    /// What became of the recording; `nil` when its disk gives no answer for so long that nobody would wait.
    private func recorded(_ source: LiveSource) async -> RecordingReport? {
        let (reports, report) = AsyncStream<RecordingReport>.makeStream()
        Task { report.yield(await source.recorded()) }
        let limit = Task {
            try await Task.sleep(for: Self.diskLimit)
            report.finish()
        }
        defer { limit.cancel() }
        for await report in reports { return report }
        return nil
    }

    /// What is not wanted any more goes, and the person is told where the rest is.
    private func tidy(_ place: RecordingPlace, _ code: ExitCode) {
        let storage = self.command.storage
        self.library.tidy(storage, self.program)
        if storage.noStore, code == .success {
            do throws(StoreError) {
                try self.library.delete(place, reason: "not-stored")
            } catch {
                self.program.say(error.description, .warning)
            }
            return
        }
        guard code != .success else { return self.program.say("The recording is kept as \(place.id).") }
        let command = FinishingCommand.left(in: place, options: self.words)
        self.program.say("The recording is kept as \(place.id). To finish it: \(command)", .warning)
    }

    /// What leads to the same recordings again.
    private var words: [String] { self.command.recognition.sandboxWords + self.command.common.words }

    private func openMicrophone() throws -> Microphone {
        let options = self.command.microphone
        let logger = self.program.logger
        return try Microphone.open(
            CaptureRequest(
                device: options.device,
                channel: options.channel,
                wantsRealTime: true,
                resolve: { CaptureDevices.resolve($0) }
            )
        ) { line in logger.info("\(line)") }
    }

    private func description(of microphone: Microphone) -> RecordingDescription {
        var description = RecordingDescription(
            id: RecordingID.make(),
            begun: WallClock.now(),
            engine: self.settings.recognition.engine.value.rawValue,
            model: self.settings.juvoly.model.value,
            realm: self.settings.realm(isSandboxed: self.command.recognition.sandbox != nil),
            source: .microphone,
            device: self.command.microphone.device,
            program: StenoVersion.current
        )
        description.wants = ["transcript"] + self.command.recognition.wants
        return description
    }

    private func header(_ id: String) -> RecordingHeader {
        RecordingHeader(
            id: id,
            source: self.command.microphone.device,
            frames: nil,
            engine: self.settings.recognition.engine.value.rawValue,
            isSandbox: self.command.recognition.sandbox != nil
        )
    }

    private func play(_ tone: Tone) {
        do throws(CaptureError) {
            try ToneDevice.play(tone)
        } catch {
            self.program.logger.info("no tone was played", metadata: ["tone.cause": "\(error.cause ?? "")"])
        }
    }
}
