import NIOCore
import StenoWire

/// The Invox stand-in: token and summary (contract §2 and §3).
struct InvoxService: Sendable {
    static let tokenPath = "/oauth/token"
    static let prefix = "/api/v1/"
    static let templatePath = "/api/v1/generate-clinical-note-from-summary"
    static let summaryPath = "/api/v1/generate-consultation-summary"

    let desk: InvoxDesk
    let ledger: SandboxLedger

    func reply(to head: HTTPRequestHead, body: [UInt8]) -> HTTPReply {
        switch head.path {
        case Self.tokenPath:
            self.token(head, body)
        case Self.summaryPath:
            self.summary(head, body)
        case Self.templatePath:
            self.clinicalNote(head, body)
        default:
            self.refuse("3", "there is no such call", 404)
        }
    }

    // MARK: - Token

    private func token(_ head: HTTPRequestHead, _ body: [UInt8]) -> HTTPReply {
        let number = self.desk.countTokenRequest()
        switch self.desk.faults.tokenStatus.value(at: number) {
        case .ok: break
        case .badRequest: return .json(400, ["error": "invalid_request"])
        case .unauthorised: return .json(401, ["error": "invalid_client"])
        case .forbidden: return .json(403, ["error": "access_denied"])
        case .throttled: return .json(429, ["error": "slow_down"])
        case .serverError: return .html(500)
        case .unavailable: return .html(503)
        case .hang: return HTTPReply(status: 200).sent(.hang)
        }
        guard head.method == "POST" else { return self.refuse("IA-1", "the token is fetched with POST", 405) }
        guard
            let value = head.only("authorization"), value.hasPrefix("Basic "),
            let bytes = Base64.decode(String(value.dropFirst(6)))
        else { return self.refuse("IA-1", "Authorization is not Basic with base64", 401) }
        guard !head.has("x-api-key"), head.query.isEmpty else {
            return self.refuse("2.2", "the token request carries more than its credential", 400)
        }
        guard body.isEmpty || (try? JSONValue(parsing: body)) == .object([]) else {
            return self.refuse("IA-1", "the body is not an empty JSON object", 400)
        }
        let keys = [SandboxCredentials.invoxAPIKey, SandboxCredentials.invoxAPIKeyWithoutPermission]
        guard let key = keys.first(where: { Array("\(SandboxCredentials.invoxAppID):\($0)".utf8) == bytes }) else {
            return .json(401, ["error": "invalid_client"])
        }
        let token = self.desk.issueToken(
            request: number,
            mayMakeSummaries: key == SandboxCredentials.invoxAPIKey
        )
        let lifetime = self.desk.faults.tokenLifetime.value(at: number).nanoseconds / 1_000_000_000
        switch self.desk.faults.tokenField.value(at: number) {
        case .accessToken: return .json(200, ["accessToken": .string(token), "expiresIn": .integer(lifetime)])
        case .snakeCase: return .json(200, ["access_token": .string(token), "expires_in": .integer(lifetime)])
        case .missing: return .json(200, ["expiresIn": .integer(lifetime)])
        }
    }

    // MARK: - Summary

    private func summary(_ head: HTTPRequestHead, _ body: [UInt8]) -> HTTPReply {
        let number = self.desk.countSummaryRequest()
        let connection = self.desk.faults.connection.value(at: number)
        guard head.method == "POST" else { return self.refuse("3", "the summary is made with POST", 405) }
        if connection == .cutBeforeWork { return HTTPReply(status: 500).sent(.cutBefore) }
        if let refusal = self.checkToken(head, number) { return refusal }
        if let fault = self.faultReply(number) { return fault }
        if let refusal = self.checkHeaders(head, number) { return refusal }
        let order: InvoxOrder
        switch InvoxOrder.read(body, taking: self.desk.faults.languageCheck.value(at: number)) {
        case .order(let read):
            order = read
        case .refused(let refusal):
            if refusal.isOurFault { self.ledger.violated(.invox, refusal.rule, refusal.what) }
            return self.error(400, refusal.what, type: refusal.type, number)
        }
        if case .characters(let limit) = self.desk.faults.textLimit.value(at: number), order.transcript.count > limit {
            return .json(413, ["message": "the transcript is too long"])
        }
        for what in order.oddities { self.ledger.violated(.invox, "3.1", what) }
        self.desk.generated(from: order.transcript)
        let delay = self.desk.faults.delay.value(at: number)
        let note = InvoxNote(
            shape: self.desk.faults.noteShape.value(at: number),
            entries: self.desk.faults.soapFields.value(at: number),
            time: self.desk.faults.generationTime.value(at: number),
            seconds: delay.nanoseconds
        )
        let reply = note.reply(to: order, body: self.desk.faults.body.value(at: number))
            .after(.nanoseconds(delay.nanoseconds))
        switch connection {
        case .normal, .cutBeforeWork: return reply
        case .cutAfterWork: return reply.sent(.cutBefore)
        case .cutMidResponse: return reply.sent(.cutMidway)
        case .reset: return reply.sent(.reset)
        case .slowBody: return reply.sent(.slow(.milliseconds(1)))
        }
    }

    func checkToken(_ head: HTTPRequestHead, _ number: Int) -> HTTPReply? {
        guard let value = head.only("authorization"), value.hasPrefix("Bearer ") else {
            self.ledger.violated(.invox, "3.1", "Authorization is not Bearer, sent exactly once")
            return self.error(401, "not authorised", type: nil, number)
        }
        switch (self.desk.permission(of: String(value.dropFirst(7))), self.desk.faults.permission.value(at: number)) {
        case (.unknown, _):
            return self.error(401, "not authorised", type: nil, number)
        case (.summaries, .granted):
            return nil
        case (_, .missingWithoutType):
            return self.error(403, "the key lacks the service", type: nil, number)
        case (.nothing, _), (.summaries, .missing):
            return self.error(403, "the key lacks the service", type: "missingPermission", number)
        }
    }

    func checkHeaders(_ head: HTTPRequestHead, _ number: Int) -> HTTPReply? {
        if head.mediaType != "application/json" {
            self.ledger.violated(.invox, "3.1", "Content-Type is not application/json")
        }
        if head.only("x-invox-medical-api-version") != "2026-03-01" {
            self.ledger.violated(.invox, "IA-3", "the version header is not 2026-03-01")
        }
        if !head.query.isEmpty { self.ledger.violated(.invox, "3.1", "the call has a query") }
        let version = head.only("x-invox-medical-api-version")
        switch self.desk.faults.versionHeader.value(at: number) {
        case .optional: return nil
        case .required: return version == nil ? self.error(400, "the version is missing", type: nil, number) : nil
        case .unknownDate400:
            return version == nil || version == "2026-03-01"
                ? nil : self.error(400, "the version is not known", type: nil, number)
        case .missingMeansOld: return version == nil ? .html(404) : nil
        }
    }

    func faultReply(_ number: Int) -> HTTPReply? {
        let status = self.desk.faults.summaryStatus.value(at: number)
        switch status {
        case .ok: return nil
        case .invalidOutputFormat, .missingOutputLanguage, .invalidLanguage:
            return self.error(400, "a fault that was asked for", type: status.rawValue, number)
        case .unknownType: return self.error(400, "a fault that was asked for", type: "sandboxNovelty", number)
        case .unauthorised: return self.error(401, "not authorised", type: nil, number)
        case .notFound: return .html(404)
        case .tooLarge: return .json(413, ["message": "too large"])
        case .unprocessable: return .json(422, ["message": "unprocessable"])
        case .throttled: return .json(429, ["message": "too many requests"])
        case .throttledRetryAfter: return .json(429, ["message": "too many requests"]).with("Retry-After", "1")
        case .serverError: return .html(500)
        case .badGateway: return .html(502)
        case .unavailable: return .html(503)
        case .gatewayTimeout: return .html(504)
        }
    }

    func error(_ status: Int, _ text: String, type: String?, _ number: Int) -> HTTPReply {
        var members: [JSONMember] = []
        let spelling = self.desk.faults.messageSpelling.value(at: number)
        // The service writes three s (contract 3.3).
        if spelling == .messsage || spelling == .both {
            members.append(JSONMember(name: "messsage", value: .string(text)))
        }
        if spelling == .message || spelling == .both {
            members.append(JSONMember(name: "message", value: .string(text)))
        }
        if let type { members.append(JSONMember(name: "errorType", value: .string(type))) }
        return .json(status, .object(members))
    }

    func refuse(_ rule: String, _ what: String, _ status: Int) -> HTTPReply {
        self.ledger.violated(.invox, rule, what)
        return .json(status, ["messsage": .string(what)])
    }
}
