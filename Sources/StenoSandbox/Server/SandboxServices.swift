import NIOCore
import Synchronization

/// Everything the connections share. Immutable itself; what changes is inside the desks.
final class SandboxServices: Sendable {
    let configuration: SandboxConfiguration
    let ledger = SandboxLedger()
    let juvoly: JuvolyDesk
    let invox: InvoxDesk
    let connectVets: ConnectVetsDesk
    let nxVET: NxVETDesk
    let engineThreads = EngineThreads()
    /// Port of the host of transcripts; known when it is bound, which is before any request.
    let cdnPort = Atomic<Int>(0)

    init(_ configuration: SandboxConfiguration, on group: any EventLoopGroup) throws(SandboxError) {
        if let webhook = configuration.webhook, WebhookAddress(webhook) == nil {
            throw SandboxError("Events of the sandbox go to this machine only: http://127.0.0.1:PORT/PATH.")
        }
        let faults = try configuration.effectiveFaults
        self.configuration = configuration
        self.juvoly = JuvolyDesk(faults: faults.juvoly, clock: configuration.clock)
        self.invox = InvoxDesk(faults: faults.invox, clock: configuration.clock)
        self.connectVets = ConnectVetsDesk(
            faults: faults.connectVets,
            series: configuration.noteSeries,
            clock: configuration.clock
        )
        self.nxVET = NxVETDesk(
            faults: faults.nxVET,
            configuration: configuration,
            webhooks: WebhookSender(faults: faults.nxVET, group: group, configuration: configuration)
        )
    }

    /// Which service a request is for.
    func owner(of path: String, listener: SandboxListener) -> SandboxService {
        guard listener == .services else { return .connectVetsCDN }
        if path.hasPrefix(JuvolyREST.prefix + "/") || path.hasPrefix(JuvolyHandshake.prefix) { return .juvoly }
        if path == InvoxService.tokenPath || path.hasPrefix(InvoxService.prefix) { return .invox }
        if ConnectVetsService.isBelow(self.connectVetsPrefix, path) { return .connectVets }
        // What the others left of it.
        if path == NxVETService.prefix || path.hasPrefix(NxVETService.prefix + "/") { return .nxVET }
        return .unknown
    }

    /// Where the calls of ConnectVets lie.
    var connectVetsPrefix: String { self.connectVets.faults.basePath.value(at: 1).prefix }

    /// The reader for a body that is not kept in memory.
    func upload(for head: HTTPRequestHead, service: SandboxService) -> NoteUpload? {
        service == .connectVets ? self.connectVetsService.upload(for: head) : nil
    }

    private var connectVetsService: ConnectVetsService {
        ConnectVetsService(
            desk: self.connectVets,
            ledger: self.ledger,
            configuration: self.configuration,
            cdn: "http://127.0.0.1:\(self.cdnPort.load(ordering: .relaxed))"
        )
    }

    /// Largest body that is kept in memory for one request.
    static let bodyLimit = 4 << 20
    /// Largest body that is only read through: the largest audio, and room for what is about it.
    static let uploadLimit = 26_214_400 + (1 << 20)

    func reply(to head: HTTPRequestHead, body: [UInt8], upload: NoteUpload?, service: SandboxService) -> HTTPReply {
        switch service {
        case .juvoly:
            return JuvolyREST(desk: self.juvoly, ledger: self.ledger).reply(to: head, body: body)
        case .invox:
            return InvoxService(desk: self.invox, ledger: self.ledger).reply(to: head, body: body)
        case .connectVets:
            return self.connectVetsService.reply(to: head, body: body, upload: upload)
        case .nxVET:
            return NxVETService(desk: self.nxVET, ledger: self.ledger).reply(to: head, body: body)
        case .connectVetsCDN:
            return ConnectVetsCDN(desk: self.connectVets, ledger: self.ledger).reply(to: head)
        case .unknown:
            self.ledger.violated(service, "path", "no service has this path")
            return .text(404, "not found")
        }
    }

    /// A conversation for an accepted handshake, and who recognises in it.
    ///
    /// - Throws: what the engine throws when it cannot start.
    func openSocket(_ terms: JuvolyHandshake.Terms, channel: any Channel) throws -> JuvolySocket {
        let number = self.juvoly.countConnection()
        let recogniser: any ConnectionRecogniser
        let findsInformation: Bool
        switch self.configuration.recognition {
        case .scripted(let sessions):
            findsInformation = false
            recogniser = ScriptedRecogniser(ScriptConductor(sessions, connection: number))
        case .engine(let make):
            findsInformation = true
            recogniser = EngineRecogniser(make, threads: self.engineThreads)
        }
        let conversation = JuvolyConversation(
            JuvolyConversation.Setting(
                terms: terms,
                connection: number,
                faults: JuvolyConnectionFaults(self.juvoly.faults, connection: number),
                findsInformation: findsInformation,
                readyDelay: self.configuration.readyDelay,
                audioPause: self.configuration.audioPause,
                summaryDelay: self.configuration.summaryDelay
            ),
            desk: self.juvoly,
            decoder: terms.isPCM ? nil : self.configuration.audioDecoder?()
        )
        return JuvolySocket(conversation, recogniser: recogniser, channel: channel, ledger: self.ledger)
    }
}

/// The two ports of a sandbox.
enum SandboxListener: Hashable, Sendable {
    case services
    /// What ConnectVets keeps on a host of its own.
    case transcripts
}
