import NIOCore
import StenoWire

/// The REST calls of the Juvoly stand-in (contract §5).
struct JuvolyREST: Sendable {
    static let prefix = "/api/v2/rest"

    private enum Key {
        case master, user
    }

    let desk: JuvolyDesk
    let ledger: SandboxLedger

    func reply(to head: HTTPRequestHead, body: [UInt8]) -> HTTPReply {
        switch head.path {
        case Self.prefix + "/session":
            guard head.method == "POST" else { return self.refuse("5.2", "the session is made with POST", 405) }
            return self.session(head, body)
        case Self.prefix + "/auth/user-api-key":
            guard head.method == "GET" else { return self.refuse("5.1", "the user key is fetched with GET", 405) }
            return self.userKey(head, body)
        default:
            return self.refuse("4", "there is no such call", 404)
        }
    }

    // MARK: - Session

    private func session(_ head: HTTPRequestHead, _ body: [UInt8]) -> HTTPReply {
        let number = self.desk.countSessionRequest()
        if let fault = self.faultReply(self.desk.faults.sessionStatus.value(at: number)) { return fault }
        if let refusal = self.checkCommon(head) { return refusal }
        if self.key(head) == nil || self.desk.faults.keyRevoked.value(at: number) == .on {
            return .json(401, ["error": "unauthorized"])
        }
        if head.mediaType != "application/json" {
            return self.refuse("3", "Content-Type is not exactly one line of application/json", 415)
        }
        // No body is the vendor's sample (JC-7); tolerated, because both are documented.
        if !body.isEmpty, (try? JSONValue(parsing: body)) != .object([]) {
            return self.refuse("5.2", "the body is not an empty JSON object", 400)
        }
        return .json(
            200,
            [
                "clientId": .string(SandboxCredentials.juvolyClientID),
                "sessionId": .string(self.desk.issueSession(request: number)),
                "sessionCreateTime": .string(WallTime.now()),
                "sessionClaimTime": nil,
            ]
        )
    }

    private func faultReply(_ status: JuvolyFaults.SessionStatus) -> HTTPReply? {
        switch status {
        case .ok: nil
        case .badRequest: .json(400, ["error": "bad request"])
        case .unauthorised: .json(401, ["error": "unauthorized"])
        case .forbidden: .json(403, ["error": "forbidden"])
        case .throttled: .json(429, ["error": "too many requests"])
        case .throttledRetryAfter: .json(429, ["error": "too many requests"]).with("Retry-After", "1")
        case .serverError: .html(500)
        case .unavailable: .html(503)
        case .html: .html(200)
        case .timeout: HTTPReply(status: 200).sent(.hang)
        }
    }

    // MARK: - User key

    private func userKey(_ head: HTTPRequestHead, _ body: [UInt8]) -> HTTPReply {
        let number = self.desk.countUserKeyRequest()
        switch self.desk.faults.userKeyStatus.value(at: number) {
        case .ok: break
        case .unauthorised: return .json(401, ["error": "unauthorized"])
        case .serverError: return .html(500)
        }
        if let refusal = self.checkCommon(head) { return refusal }
        if !body.isEmpty { return self.refuse("5.1", "the call has a body", 400) }
        switch self.key(head) {
        case nil:
            return .json(401, ["error": "unauthorized"])
        case .user:
            return self.refuse("5.1", "a user key cannot fetch a user key", 401)
        case .master:
            break
        }
        guard
            let value = head.only("authorization"), value.hasPrefix("Basic "),
            let bytes = Base64.decode(String(value.dropFirst(6)))
        else { return self.refuse("3", "Authorization is not Basic with base64", 401) }
        let pair = "\(SandboxCredentials.juvolyEmail):\(SandboxCredentials.juvolyPassword)"
        guard bytes == Array(pair.utf8) else { return .json(401, ["error": "unauthorized"]) }
        return .json(200, ["userApiKey": .string(SandboxCredentials.juvolyUserKey)])
    }

    // MARK: - Common

    /// Presence of the two common headers, and absence of what belongs elsewhere. Wrong values are no violation.
    private func checkCommon(_ head: HTTPRequestHead) -> HTTPReply? {
        guard head.only("x-juvoly-api-key") != nil else {
            return self.refuse("3", "X-Juvoly-Api-Key is not sent exactly once", 401)
        }
        guard let client = head.only("x-juvoly-client-id") else {
            return self.refuse("3", "X-Juvoly-Client-Id is not sent exactly once", 401)
        }
        if !head.query.isEmpty { return self.refuse("5", "the call has a query", 400) }
        if head.has("authorization"), head.path != Self.prefix + "/auth/user-api-key" {
            self.ledger.violated(.juvoly, "2.1", "Authorization is sent to another call than the user key's")
        }
        guard client == SandboxCredentials.juvolyClientID else { return .json(403, ["error": "forbidden"]) }
        return nil
    }

    private func key(_ head: HTTPRequestHead) -> Key? {
        switch head.only("x-juvoly-api-key") {
        case SandboxCredentials.juvolyMasterKey: .master
        case SandboxCredentials.juvolyUserKey: .user
        default: nil
        }
    }

    private func refuse(_ rule: String, _ what: String, _ status: Int) -> HTTPReply {
        self.ledger.violated(.juvoly, rule, what)
        return .json(status, ["error": .string(what)])
    }
}
