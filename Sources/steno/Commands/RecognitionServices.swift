import NIOPosix
import Steno
import StenoAudio
import StenoCore
import StenoEngine
import StenoHTTP
import StenoSandbox

/// How a command has its audio sent.
struct SendingChoice: Sendable {
    var pace: SessionPolicy.Pace
    /// For the engine in this process: times real time; `nil` is as fast as audio comes.
    var localSpeed: Double?
    /// Without a ready connection for this long the recognition ends; `nil` never gives up.
    var giveUp: Duration?
    /// A file can be finished later, a microphone cannot.
    var discardsUnsentOnStop: Bool
    /// Who recognises is to make a summary too.
    var wantsSummary: Bool
}

/// Everything that recognises and takes over, set up once for all recordings of a command.
struct RecognitionServices {
    let settings: Settings
    let engine: Settings.Engine
    private let options: RecognitionOptions
    private let program: Program
    private let sandbox: SandboxServer?
    private let transport: HTTPTransport
    private let model: EngineModel?
    /// Where recordings are handed over to.
    let deliveries: DeliveryServices

    /// Looks for everything that can be missing without setting anything up, so that it is told at once.
    static func check(_ settings: Settings, in program: Program) throws {
        switch settings.recognition.engine.value {
        case .local: _ = try SandboxHost.engineFiles(in: program.engineFolder)
        case .juvoly: try JuvolyAccess.check(settings)
        }
    }

    init(_ options: RecognitionOptions, in program: Program) async throws {
        self.options = options
        self.program = program
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
        self.model =
            self.engine == .local
            ? try EngineModel(files: SandboxHost.engineFiles(in: program.engineFolder)) : nil
        self.transport = HTTPTransport(trust: TrustAnchors(certificateAuthorityFile: self.settings.caFile?.value))
        self.deliveries = DeliveryServices(
            self.settings,
            isSandboxed: options.sandbox != nil,
            transport: self.transport
        )
    }

    /// What is worth knowing before it begins.
    func sayNotices() {
        for notice in self.notices { self.program.say(notice.text, notice.level) }
    }

    /// What a person should know before a recognition begins.
    var notices: [Sentence] {
        let language = self.engine == .local ? [Sentence("The local engine understands English only.")] : []
        return self.settings.warnings.map { Sentence($0, .warning) } + language
    }

    func end() async {
        await self.transport.shutdown()
        await self.sandbox?.end(telling: self.program)
    }

    var isSandboxed: Bool { self.options.sandbox != nil }

    func recognizer(_ sending: SendingChoice) throws -> RecognizerChoice {
        if let model = self.model { return .local(speed: sending.localSpeed) { try LocalRecognizer(model: model) } }
        var policy = SessionPolicy()
        policy.pace = sending.pace
        policy.giveUp = sending.giveUp
        policy.wantsSummary = sending.wantsSummary
        policy.wantsInformation = self.options.information
        return try JuvolyAccess(self.settings, transport: self.transport).recognizer(
            policy: policy,
            discardsUnsentOnStop: sending.discardsUnsentOnStop,
            on: MultiThreadedEventLoopGroup.singleton.next()
        )
    }

    /// Finds out what is missing for what was asked for.
    func check(_ handover: JobHandover) throws(SettingsError) {
        for target in handover.asked where target != SummaryKind.soep.rawValue { try self.deliveries.check(target) }
    }
}
