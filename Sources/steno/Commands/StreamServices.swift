import NIOPosix
import Steno
import StenoAudio
import StenoCore
import StenoEngine
import StenoHTTP
import StenoSandbox

/// Everything that recognises and takes over for `steno stream`, set up once for all files.
struct StreamServices {
    let settings: Settings
    let engine: Settings.Engine
    private let command: StreamCommand
    private let program: Program
    private let sandbox: SandboxServer?
    private let transport: HTTPTransport
    private let model: EngineModel?

    init(_ command: StreamCommand, in program: Program) async throws {
        self.command = command
        self.program = program
        let options = command.recognition
        let address: String?
        switch options.sandbox {
        case .own:
            let server = try await SandboxHost.start(engineFolder: program.engineFolder)
            (self.sandbox, address) = (server, server.baseURL)
        case .at(let url): (self.sandbox, address) = (nil, url)
        case nil: (self.sandbox, address) = (nil, nil)
        }
        self.settings = try program.settings(options.settings, sandbox: address)
        self.engine = self.settings.recognition.engine.value
        try options.checkEngine(self.engine, language: self.settings.recognition.language?.value)
        self.model =
            self.engine == .local
            ? try EngineModel(files: SandboxHost.engineFiles(in: program.engineFolder)) : nil
        self.transport = HTTPTransport(trust: TrustAnchors(certificateAuthorityFile: self.settings.caFile?.value))
    }

    /// What is worth knowing before it begins.
    func sayNotices() {
        for warning in self.settings.warnings { self.program.say(warning, .warning) }
        if self.engine == .local { self.program.say("The local engine understands English only.") }
    }

    func end() async {
        await self.transport.shutdown()
        guard let sandbox = self.sandbox else { return }
        for violation in sandbox.violations {
            self.program.say("The sandbox saw a contract broken: \(violation)", .warning)
        }
        await sandbox.stop()
    }

    var isSandboxed: Bool { self.command.recognition.sandbox != nil }

    /// Times real time; `nil` is as fast as it goes.
    var pace: Double? {
        switch self.command.input.speed {
        case .max: nil
        case .times(let times): times
        case nil: self.engine == .local || self.isSandboxed ? nil : 1
        }
    }

    func recognizer() throws -> RecognizerChoice {
        if let model = self.model { return .local(speed: self.pace) { try LocalRecognizer(model: model) } }
        var policy = SessionPolicy()
        policy.pace = self.pace.map { .realTime(speed: $0, catchUp: 1.5) } ?? .unlimited
        policy.giveUp = self.command.input.giveUp.value
        policy.wantsSummary = self.command.recognition.summary.contains(.soep)
        policy.wantsInformation = self.command.recognition.information
        return try JuvolyAccess(self.settings, transport: self.transport).recognizer(
            policy: policy,
            discardsUnsentOnStop: true,
            on: MultiThreadedEventLoopGroup.singleton.next()
        )
    }

    func summariser() throws -> (any TranscriptSummarising)? {
        guard self.command.recognition.summary.contains(where: { $0 != .soep }) else { return nil }
        return try InvoxSummariser(self.settings, transport: self.transport)
    }

    func uploader() throws -> (any NoteUploading)? {
        guard self.command.recognition.upload != nil else { return nil }
        return try ConnectVetsUploader(self.settings, transport: self.transport)
    }
}
