import Logging
import NIOPosix
import Steno
import StenoAudio
import StenoCore
import StenoEngine
import StenoHTTP
import StenoSandbox

/// Everything `steno stream` needs for its files, set up once.
struct StreamJob {
    private let command: StreamCommand
    private let program: Program
    private let settings: Settings
    private let sandbox: SandboxServer?
    private let transport: HTTPTransport
    private let engine: Settings.Engine
    private let model: EngineModel?
    private let visit: VisitDetails?

    init(_ command: StreamCommand, in program: Program) async throws {
        self.command = command
        self.program = program
        let options = command.recognition
        self.visit = try options.visitDetails()
        switch options.sandbox {
        case .own: self.sandbox = try await SandboxHost.start(engineFolder: program.engineFolder)
        case .at, nil: self.sandbox = nil
        }
        self.settings = try program.settings(options.settings, sandbox: options.sandbox, own: self.sandbox)
        self.engine = self.settings.recognition.engine.value
        self.transport = HTTPTransport(trust: TrustAnchors(certificateAuthorityFile: self.settings.caFile?.value))
        self.model = self.engine == .local
            ? try EngineModel(files: SandboxHost.engineFiles(in: program.engineFolder)) : nil
        try options.checkEngine(self.engine, language: self.settings.recognition.language?.value)
        for warning in self.settings.warnings { program.say(warning) }
        if self.engine == .local { program.say("The embedded engine understands English only.") }
    }

    func end() async {
        await self.transport.shutdown()
        guard let sandbox = self.sandbox else { return }
        for violation in sandbox.violations { self.program.say("sandbox: a contract was broken: \(violation)") }
        await sandbox.stop()
    }

    func run(_ file: String) async throws -> ExitCode {
        let source = try self.open(file)
        let header = RecordingHeader(
            id: RecordingID.make(),
            source: file,
            frames: source.totalFrames,
            engine: self.engine.rawValue,
            isSandbox: self.isSandboxed
        )
        let (events, tell) = AsyncStream<RunEvent>.makeStream()
        let outputs = Task { await self.show(events) }
        let recognizing = Recognizing(source, by: try self.recognizer(), logger: self.program.logger) {
            tell.yield(.recognition($0))
        }
        let signals = Signals { isSecond in recognizing.requestStop(atOnce: isSecond) }
        defer { withExtendedLifetime(signals) {} }
        let run = DictationRun(
            DictationRun.Request(
                header: header,
                source: source,
                summaries: self.command.recognition.summary,
                language: self.settings.recognition.language?.value,
                upload: self.visit.map { NoteUpload(visit: $0, waits: self.command.recognition.wait) }
            ),
            summariser: try self.summariser(),
            uploader: try self.uploader(),
            tell: { tell.yield($0) }
        )
        self.sayDuration(of: source)
        let code = await run.run(recognizing)
        tell.finish()
        return code.combined(with: await outputs.value)
    }

    private var isSandboxed: Bool { self.command.recognition.sandbox != nil }

    private func open(_ file: String) throws -> any SampleSource {
        let spool = self.settings.storage.home.value + "/spool"
        guard file == "-" else { return try AudioFile.open(file, spoolFolder: spool) }
        return try StandardInput.open(
            descriptor: 0,
            rate: self.command.rate,
            channels: self.command.channels,
            spoolFolder: spool
        )
    }

    private func recognizer() throws -> RecognizerChoice {
        let speed: Double? =
            switch self.command.speed {
            case .max: nil
            case .times(let times): times
            case nil: self.engine == .local || self.isSandboxed ? nil : 1
            }
        if let model = self.model { return .local(speed: speed) { try LocalRecognizer(model: model) } }
        var policy = SessionPolicy()
        policy.pace = speed.map { .realTime(speed: $0, catchUp: 1.5) } ?? .unlimited
        policy.giveUp = self.command.giveUp.value
        policy.wantsSummary = self.command.recognition.summary.contains(.soep)
        policy.wantsInformation = self.command.recognition.information
        return try JuvolyAccess(self.settings, transport: self.transport).recognizer(
            policy: policy,
            discardsUnsentOnStop: true,
            on: MultiThreadedEventLoopGroup.singleton.next()
        )
    }

    private func summariser() throws -> (any TranscriptSummarising)? {
        guard self.command.recognition.summary.contains(where: { $0 != .soep }) else { return nil }
        return try InvoxSummariser(self.settings, transport: self.transport)
    }

    private func uploader() throws -> (any NoteUploading)? {
        guard self.command.recognition.upload != nil else { return nil }
        return try ConnectVetsUploader(self.settings, transport: self.transport)
    }

    private func sayDuration(of source: any SampleSource) {
        guard !self.program.options.isQuiet, let frames = source.totalFrames else { return }
        let seconds = Double(frames) / Double(SamplePosition.rate)
        let length = Subtitles.clock(SamplePosition(frames: frames), fraction: nil)
        switch self.command.speed ?? (self.engine == .local || self.isSandboxed ? .max : .times(1)) {
        case .max: self.program.say("\(length) of audio, as fast as it can be recognised.")
        case .times(let times): self.program.say("\(length) of audio, expected to take \(Int((seconds / times).rounded(.up))) s.")
        }
    }

    /// Shows and writes what happens. The first output that fails does not stop the others.
    private func show(_ events: AsyncStream<RunEvent>) async -> ExitCode {
        let options = self.command.recognition
        var status = StatusSink(isDrawing: self.program.options.isDrawing, isQuiet: self.program.options.isQuiet)
        var output = StandardOutputSink(format: options.format)
        var files = FileSink(files: options.outputFiles)
        var failure: OutputError?
        for await event in events {
            status.receive(event)
            if failure?.path != "-" {
                do throws(OutputError) { try output.receive(event) } catch { failure = error }
            }
            do throws(OutputError) { try files.receive(event) } catch { failure = error }
        }
        guard let failure else { return .success }
        self.program.say("steno: \(failure.description)")
        return .disk
    }
}
