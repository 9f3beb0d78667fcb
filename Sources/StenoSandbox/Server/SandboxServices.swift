import NIOCore

/// Everything the connections share. Immutable itself; what changes is inside the desks.
final class SandboxServices: Sendable {
    let configuration: SandboxConfiguration
    let ledger = SandboxLedger()
    let juvoly: JuvolyDesk

    init(_ configuration: SandboxConfiguration) throws(SandboxError) {
        let faults = try configuration.effectiveFaults
        self.configuration = configuration
        self.juvoly = JuvolyDesk(faults: faults.juvoly, clock: configuration.clock)
    }

    /// Which service a request on the API port is for.
    func owner(of path: String) -> SandboxService {
        if path.hasPrefix(JuvolyREST.prefix + "/") || path.hasPrefix(JuvolyHandshake.prefix) { return .juvoly }
        return .unknown
    }

    /// Largest body that is kept in memory for one request.
    static let bodyLimit = 4 << 20

    func reply(to head: HTTPRequestHead, body: [UInt8], service: SandboxService) -> HTTPReply {
        switch service {
        case .juvoly:
            return JuvolyREST(desk: self.juvoly, ledger: self.ledger).reply(to: head, body: body)
        case .invox, .connectVets, .connectVetsCDN, .unknown:
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
        switch self.configuration.recognition {
        case .scripted(let sessions):
            recogniser = ScriptedRecogniser(ScriptConductor(sessions, connection: number))
        case .engine(let make):
            recogniser = EngineRecogniser(make)
        }
        let conversation = JuvolyConversation(
            JuvolyConversation.Setting(
                terms: terms,
                connection: number,
                faults: JuvolyConnectionFaults(self.juvoly.faults, connection: number),
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
