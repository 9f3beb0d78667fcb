import NIOCore
import StenoWire

/// The NxVET stand-in (contract §2): the documented calls under `/api`, identity and audio.
struct NxVETService: Sendable {
    static let prefix = "/api"

    /// Which call a path and a method stand for.
    enum Call: Hashable {
        case devices, conversations, preview, create, aggregate
        case labels(organisation: String), templates(organisation: String)
        case label(String), assign(String), lambda(String), audio(String)
        case timeline(String)
        case conversation(device: String, String), complete(device: String, String)
        case me, introspect
    }

    let desk: NxVETDesk
    let ledger: SandboxLedger

    func reply(to head: HTTPRequestHead, body: [UInt8]) -> HTTPReply {
        let number = self.desk.count(.requests)
        let call: Call
        switch Self.call(head) {
        case .success(let known): call = known
        case .failure(let refusal): return self.refuse("2", refusal.what, refusal.status)
        }
        if let refusal = self.checkKey(head, number) ?? self.throttled(number) { return refusal }
        guard self.isThere(call, number) else { return self.error(404, "not found") }
        if !call.hasBody, !body.isEmpty { return self.refuse("2", "a call without a body has one", 400) }
        return self.transported(self.perform(call, head, body), number)
    }

    private func perform(_ call: Call, _ head: HTTPRequestHead, _ body: [UInt8]) -> HTTPReply {
        switch call {
        case .devices: self.devices(head)
        case .labels(let organisation): self.labels(organisation, head)
        case .label(let id): self.label(id, head)
        case .assign(let id): self.assign(id, head, body)
        case .templates(let organisation): self.templates(organisation, head)
        case .aggregate: self.aggregate(head, body)
        case .lambda(let id): self.regenerate(id, head)
        case .audio(let id): self.audio(id, head)
        case .conversations: self.conversations(head)
        case .conversation(let device, let id): self.conversation(id, on: device, head)
        case .timeline(let device): self.timeline(device, head)
        case .preview: self.preview(head)
        case .create: self.create(head, body)
        case .complete(let device, let id): self.complete(id, on: device, head)
        case .me, .introspect: self.identity(call, head)
        }
    }

    // MARK: - Routes

    private struct Refusal: Error, Hashable {
        var status: Int
        var what: String
    }

    private static func call(_ head: HTTPRequestHead) -> Result<Call, Refusal> {
        guard let segments = head.segments?.dropFirst().map({ $0 }) else {
            return .failure(Refusal(status: 404, what: "the path is malformed"))
        }
        guard let (method, call) = Self.route(segments) else {
            // The vendor's table of events has `/api` once more, which is no path (NC-1).
            let what = segments.first == "api" ? "the path has /api twice" : "there is no such call"
            return .failure(Refusal(status: 404, what: what))
        }
        guard method == head.method else { return .failure(Refusal(status: 405, what: "the call has another method")) }
        return .success(call)
    }

    /// Literal words before variables (contract §2).
    private static func route(_ path: [String]) -> (method: String, call: Call)? {
        switch (path.count, path.first) {
        case (1, "devices"): ("GET", .devices)
        case (2, "auth") where path[1] == "me": ("GET", .me)
        case (2, "auth") where path[1] == "introspect-org": ("GET", .introspect)
        case (3, "organizations") where path[2] == "labels": ("GET", .labels(organisation: path[1]))
        case (3, "organizations") where path[2] == "medical-templates": ("GET", .templates(organisation: path[1]))
        case (2, "labels") where path[1] == "aggregate": ("POST", .aggregate)
        case (2, "labels"): ("GET", .label(path[1]))
        case (3, "labels") where path[2] == "assign": ("POST", .assign(path[1]))
        case (3, "labels") where path[2] == "lambda": ("POST", .lambda(path[1]))
        case (3, "labels") where path[2] == "audio": ("GET", .audio(path[1]))
        case (2..., "nxhub") where path[1] == "conversations": Self.conversationRoute(Array(path.dropFirst(2)))
        default: nil
        }
    }

    private static func conversationRoute(_ path: [String]) -> (method: String, call: Call)? {
        switch (path.count, path.first) {
        case (0, _): ("GET", .conversations)
        case (1, "create"): ("POST", .create)
        case (2, "create") where path[1] == "preview": ("GET", .preview)
        case (2, "timeline"): ("GET", .timeline(path[1]))
        case (2, _): ("GET", .conversation(device: path[0], path[1]))
        case (3, _) where path[2] == "complete": ("POST", .complete(device: path[0], path[1]))
        default: nil
        }
    }

    private func isThere(_ call: Call, _ number: Int) -> Bool {
        switch self.desk.faults.source.value(at: number) {
        case .both: true
        case .labels: !call.isConversation
        case .nxhub: !call.isLabel
        }
    }

    // MARK: - Key

    private func checkKey(_ head: HTTPRequestHead, _ number: Int) -> HTTPReply? {
        if head.has("x-api-key") || head.has("cookie") {
            self.ledger.violated(.nxVET, "1", "a credential beside Authorization is sent")
        }
        guard let value = head.only("authorization"), value.hasPrefix("Bearer ") else {
            return self.refuse("1", "Authorization is not Bearer, sent exactly once", 401)
        }
        let isExpired = self.desk.faults.auth.value(at: number) == .expired && number > 2
        switch self.desk.faults.auth.value(at: number) {
        case .unauthorised: return self.error(401, "unauthorized")
        case .forbidden: return self.error(403, "forbidden")
        case .ok, .expired: break
        }
        guard !isExpired, value.dropFirst(7) == SandboxCredentials.nxVETKey else {
            return self.error(401, "unauthorized")
        }
        return nil
    }

    private func throttled(_ number: Int) -> HTTPReply? {
        switch self.desk.faults.throttle.value(at: number) {
        case .off: nil
        case .throttled: self.error(429, "too many requests")
        case .throttledRetryAfter: self.error(429, "too many requests").with("Retry-After", "1")
        }
    }

    private func transported(_ reply: HTTPReply, _ number: Int) -> HTTPReply {
        var reply = reply
        switch self.desk.faults.transport.value(at: number) {
        case .ok: return reply
        case .reset: return reply.sent(.reset)
        case .slow: return reply.sent(.slow(.milliseconds(1)))
        case .truncated:
            reply.body.removeLast(reply.body.count / 2)
            return reply
        case .html: return .html(200)
        case .noContent: return HTTPReply(status: 204)
        case .redirect: return HTTPReply(status: 302).with("Location", "http://127.0.0.1:9/sandbox")
        }
    }

    // MARK: - Answers

    /// Not documented; this form was seen (§8).
    func error(_ status: Int, _ text: String) -> HTTPReply { .json(status, ["error": .string(text)]) }

    func refuse(_ rule: String, _ what: String, _ status: Int) -> HTTPReply {
        self.ledger.violated(.nxVET, rule, what)
        return self.error(status, what)
    }

    /// `nil` when the query has only these names, each once.
    func checkQuery(_ head: HTTPRequestHead, _ rule: String, _ names: Set<String>) -> HTTPReply? {
        var seen: Set<String> = []
        for field in head.query {
            guard names.contains(field.name) else { return self.refuse(rule, "the call has no such parameter", 400) }
            guard seen.insert(field.name).inserted || field.name == "types" else {
                return self.refuse(rule, "a parameter is sent twice", 400)
            }
        }
        return nil
    }

    /// Somebody else's organisation is a matter of the person, a missing one is not.
    func checkOrganisation(_ organisation: String?, _ rule: String) -> HTTPReply? {
        guard let organisation, !organisation.isEmpty else {
            return self.refuse(rule, "the organisation is missing", 400)
        }
        return organisation == SandboxCredentials.nxVETOrganisation ? nil : self.error(403, "forbidden")
    }

    private func identity(_ call: Call, _ head: HTTPRequestHead) -> HTTPReply {
        if let refusal = self.checkQuery(head, "1.1", []) { return refusal }
        let only = self.desk.faults.identity.value(at: self.desk.count(.identities))
        guard only != (call == .me ? .introspectOnly : .meOnly) else { return self.error(404, "not found") }
        var members: [JSONMember] = [
            JSONMember(name: "organizationId", value: .string(SandboxCredentials.nxVETOrganisation)),
            JSONMember(name: "organizationName", value: "[sandbox] Clinic"),
            JSONMember(name: "email", value: "clinician@sandbox.invalid"),
        ]
        if call == .introspect {
            members.append(JSONMember(name: "userId", value: "sandbox-user"))
            members.append(JSONMember(name: "features", value: ["nxhub": true]))
            members.append(JSONMember(name: "standaloneFeatures", value: []))
        }
        return .json(200, .object(members))
    }
}

extension NxVETService.Call {
    fileprivate var hasBody: Bool {
        if case .assign = self { return true }
        return self == .aggregate || self == .create
    }

    fileprivate var isLabel: Bool {
        switch self {
        case .labels, .label, .assign, .lambda, .audio, .aggregate, .templates: true
        default: false
        }
    }

    fileprivate var isConversation: Bool {
        switch self {
        case .conversations, .conversation, .timeline, .preview, .create, .complete: true
        default: false
        }
    }
}
