import Steno
import StenoALSA
import StenoAudio
import StenoCore

/// One call of `steno live`. The microphone is opened and runs before anything else is set up: what is said while a
/// service is being found is recorded.
struct LiveJob {
    private let command: LiveCommand
    private let program: Program
    private let settings: Settings
    private let visit: VisitDetails?
    private let stop = StopRequests()

    /// - Throws: what can be known to be wrong before a microphone is looked for.
    init(_ command: LiveCommand, in program: Program) throws {
        self.command = command
        self.program = program
        self.settings = try command.recognition.checkedSettings(in: program)
        try RecognitionServices.check(self.settings, in: program)
        self.visit = command.recognition.upload == nil ? nil : try command.visit.details()
    }

    func run() async throws -> ExitCode {
        let signals = Signals { isSecond in self.stop.request(atOnce: isSecond) }
        defer { withExtendedLifetime(signals) {} }
        let microphone = try self.openMicrophone()
        let events = LiveEvents()
        let watch = MicrophoneWatch(
            limit: self.command.microphone.limit,
            tell: { events.tell($0) },
            stop: { microphone.stop() }
        )
        let source = try LiveSource(
            recording: try SpoolRecording(folder: self.settings.storage.home.value + "/spool"),
            onNotice: { watch.receive($0) }
        )
        microphone.start(source.makeWriter())
        let code: ExitCode
        do {
            let services = try await RecognitionServices(self.command.recognition, in: self.program)
            let run = try LiveRun(source, microphone, events, self.command, self.visit, services, self.program)
            code = await run.run(until: self.stop)
            await services.end()
        } catch {
            microphone.stop()
            throw error
        }
        return self.stop.isAtOnce ? .stopped : code
    }

    private func openMicrophone() throws -> Microphone {
        let options = self.command.microphone
        return try Microphone.open(
            CaptureRequest(device: options.device, channel: options.channel),
            logger: self.program.logger
        )
    }
}
