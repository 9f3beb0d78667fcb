import StenoWire

/// Decides over a handshake (contract §6.2): what a strict server of this service would refuse is refused and recorded.
struct JuvolyHandshake: Sendable {
    static let prefix = "/api/v2/socket/"
    static let models: Set<String> = ["generic", "multilingual", "kolibri", "radiology"]

    enum Decision {
        case accepted(HTTPReply, Terms)
        case refused(HTTPReply)
    }

    /// What an accepted connection begins with.
    struct Terms: Sendable {
        var model: String
        /// Raw samples; otherwise a stream in a common format.
        var isPCM: Bool
        /// Closed at once with this code.
        var closeCode: UInt16?
    }

    let desk: JuvolyDesk
    let ledger: SandboxLedger
    /// Whether the sandbox can decode anything but raw samples.
    let takesStreams: Bool

    func decide(_ head: HTTPRequestHead) -> Decision {
        let number = self.desk.countHandshake()
        let fault = self.desk.faults.handshake.value(at: number)
        let offered = Self.offered(head)
        // The attempt spends the session id, whatever becomes of it.
        let ticket = offered.count == 3 ? self.desk.redeem(offered[2]) : .unknown
        if let reply = Self.faultReply(fault) { return .refused(reply) }
        if let refusal = self.checkUpgrade(head) ?? self.checkProtocols(head, offered, number) {
            return .refused(refusal)
        }
        if let refusal = self.check(ticket, handshake: number) { return .refused(refusal) }
        guard let segments = head.segments, segments.count == 4, Self.models.contains(segments[3]) else {
            self.ledger.violated(.juvoly, "6.1", "the model is unknown")
            return .refused(.text(404, "unknown model"))
        }
        guard let isPCM = self.encoding(head) else { return .refused(.text(400, "unknown query")) }
        guard isPCM || self.takesStreams else {
            return .refused(.text(501, "this sandbox has no decoder: use encoding=PCM"))
        }
        guard let key = head.only("sec-websocket-key") else { return .refused(.text(400, "no key")) }
        var reply = HTTPReply(status: 101)
            .with("Upgrade", "websocket")
            .with("Connection", "Upgrade")
            .with("Sec-WebSocket-Accept", WebSocketUpgrade.accept(forKey: key))
        if let selected = self.selected(offered, handshake: number) {
            reply = reply.with("Sec-WebSocket-Protocol", selected)
        }
        let code: UInt16? =
            switch fault {
            case .acceptThenClose1008: 1008
            case .acceptThenClose4001: 4001
            default: nil
            }
        return .accepted(reply, Terms(model: segments[3], isPCM: isPCM, closeCode: code))
    }

    private static func offered(_ head: HTTPRequestHead) -> [String] {
        head.values("sec-websocket-protocol")
            .flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
            .map { String($0.trimmed) }
    }

    private static func faultReply(_ fault: JuvolyFaults.Handshake) -> HTTPReply? {
        switch fault {
        case .accept, .acceptThenClose1008, .acceptThenClose4001: nil
        case .badRequest: .text(400, "bad request")
        case .unauthorised: .text(401, "unauthorized")
        case .forbidden: .text(403, "forbidden")
        case .notFound: .text(404, "not found")
        case .throttled: .text(429, "too many requests")
        case .unavailable: .html(503)
        case .reset: HTTPReply(status: 503).sent(.reset)
        case .hang: HTTPReply(status: 503).sent(.hang)
        }
    }

    private func checkUpgrade(_ head: HTTPRequestHead) -> HTTPReply? {
        let upgrade = head.only("upgrade")?.lowercased() == "websocket"
        let connection = head.values("connection").contains { value in
            value.split(separator: ",").contains { $0.trimmed.lowercased() == "upgrade" }
        }
        guard head.method == "GET", upgrade, connection, head.bodyLength == .none else {
            return self.refuse("the request is no upgrade to WebSocket", 400)
        }
        guard head.only("sec-websocket-version") == "13" else { return self.refuse("the version is not 13", 426) }
        guard let key = head.only("sec-websocket-key"), Base64.decode(key)?.count == 16 else {
            return self.refuse("the key is not 16 bytes of base64", 400)
        }
        if head.has("sec-websocket-extensions") { return self.refuse("an extension is offered", 400) }
        if head.has("origin") { return self.refuse("an Origin is sent", 400) }
        if head.has("x-juvoly-api-key") || head.has("authorization") || head.has("cookie") {
            self.ledger.violated(.juvoly, "2.1", "a credential beside the session id is sent in the handshake")
            return .text(400, "the session id is the only credential")
        }
        return nil
    }

    private func checkProtocols(_ head: HTTPRequestHead, _ offered: [String], _ number: Int) -> HTTPReply? {
        let lines = head.values("sec-websocket-protocol")
        guard lines.count == 1, lines[0] == offered.joined(separator: ", ") else {
            return self.refuse("the subprotocols are not one line, separated by comma and space", 400)
        }
        guard offered.count == 3 else { return self.refuse("there are not exactly three subprotocols", 400) }
        guard offered.allSatisfy(HTTPToken.isValid) else { return self.refuse("a subprotocol is no token", 400) }
        let isInOrder = offered[0] == "v2.juvoly" && offered[1] == SandboxCredentials.juvolyClientID
        if isInOrder || self.desk.faults.subprotocolOrder.value(at: number) == .lenient { return nil }
        guard offered[0] == "v2.juvoly", !offered[1...].contains("v2.juvoly") else {
            return self.refuse("the subprotocols are not in their order", 400)
        }
        // A wrong client id is refused, but breaks no rule; the session id in its place does.
        guard offered[2] == SandboxCredentials.juvolyClientID else { return .text(403, "forbidden") }
        return self.refuse("the subprotocols are not in their order", 400)
    }

    private func check(_ ticket: JuvolyDesk.Ticket, handshake number: Int) -> HTTPReply? {
        switch ticket {
        case .valid:
            return nil
        case .unknown:
            return .text(401, "unknown session")
        case .spent:
            if self.desk.faults.sessionReuse.value(at: number) == .allow { return nil }
            self.ledger.violated(.juvoly, "10.1", "a session id is used a second time")
            return .text(401, "the session was used")
        case .expired:
            // The client throws a session away a minute before its end, unless a switch made it shorter than that.
            if self.desk.faults.sessionLifetime.value(at: number).nanoseconds >= 600_000_000_000 {
                self.ledger.violated(.juvoly, "10.1", "an expired session id is used")
            }
            return .text(410, "the session has expired")
        }
    }

    /// - Returns: `nil` for a query that is not documented.
    private func encoding(_ head: HTTPRequestHead) -> Bool? {
        if head.query.isEmpty { return false }
        if head.query == [HTTPField(name: "encoding", value: "PCM")] { return true }
        self.ledger.violated(.juvoly, "6.1", "the query is not encoding=PCM")
        return nil
    }

    private func selected(_ offered: [String], handshake number: Int) -> String? {
        switch self.desk.faults.subprotocolAnswer.value(at: number) {
        case .v2: "v2.juvoly"
        case .none: nil
        case .clientID: offered[1]
        case .sessionID: offered[2]
        case .foreign: "v9.sandbox"
        }
    }

    private func refuse(_ what: String, _ status: Int) -> HTTPReply {
        self.ledger.violated(.juvoly, "6.2", what)
        return .text(status, what)
    }
}
