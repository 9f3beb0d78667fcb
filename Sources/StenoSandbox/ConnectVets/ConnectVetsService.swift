import NIOCore
import StenoWire

/// The ConnectVets stand-in (contract §6): the eight documented calls under `/notes/v1`.
struct ConnectVetsService: Sendable {
    /// The first parts of the calls' paths.
    private static let roots = ["/notes", "/transcripts", "/note_sections"]

    /// - Parameter prefix: `/notes/v1`, unless a switch says otherwise (CC-1).
    static func isBelow(_ prefix: String, _ path: String) -> Bool {
        if !prefix.isEmpty { return path == prefix || path.hasPrefix(prefix + "/") }
        return self.roots.contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    /// Which call a path and a method stand for.
    enum Call: Hashable {
        case create, list
        case note(String), status(String), export(String), retryNote(String)
        case retryTranscript
        case updateSection
    }

    let desk: ConnectVetsDesk
    let ledger: SandboxLedger
    let configuration: SandboxConfiguration
    let answer: ConnectVetsAnswer

    init(desk: ConnectVetsDesk, ledger: SandboxLedger, configuration: SandboxConfiguration, cdn: String) {
        self.desk = desk
        self.ledger = ledger
        self.configuration = configuration
        self.answer = ConnectVetsAnswer(desk: desk, cdn: cdn)
    }

    /// The reader for the body of a create; `nil` for every other request.
    func upload(for head: HTTPRequestHead) -> NoteUpload? {
        guard self.call(head) == .success(.create), head.mediaType == "multipart/form-data" else { return nil }
        let parameters = HeaderParameters.parse((head.only("content-type") ?? "")[...])
        guard let boundary = parameters["boundary"], (1...70).contains(boundary.utf8.count) else { return nil }
        return NoteUpload(boundary: boundary)
    }

    func reply(to head: HTTPRequestHead, body: [UInt8], upload: NoteUpload?) -> HTTPReply {
        let call: Call
        switch self.call(head) {
        case .success(let known): call = known
        case .failure(let refusal):
            self.ledger.violated(.connectVets, "3", refusal.what)
            return self.answer.error(refusal.status, "NOT_FOUND", refusal.what)
        }
        if let refusal = self.checkKey(head, call) { return refusal }
        let limits: Limits
        switch self.limits(head, call) {
        case .refused(let reply): return reply
        case .passed(let passed): limits = passed
        }
        return limits.apply(to: self.transported(self.perform(call, head, body, upload)))
    }

    private func perform(_ call: Call, _ head: HTTPRequestHead, _ body: [UInt8], _ upload: NoteUpload?) -> HTTPReply {
        if call != .list, call != .updateSection, !head.query.isEmpty {
            guard case .export = call else { return self.refuse("6", "the call has a query", 400) }
        }
        switch call {
        case .create: return self.create(head, upload)
        case .list: return self.list(head)
        case .note(let id): return self.found(id) { self.answer.success(200, self.answer.note($0, sections: true)) }
        case .status(let id): return self.status(id)
        case .export(let id): return self.found(id) { self.export($0, head) }
        case .retryNote(let id): return self.retry(id, route: .notesOnly, body: body)
        case .retryTranscript: return self.retryTranscript(body)
        case .updateSection: return self.updateSection(head, body)
        }
    }

    // MARK: - Routes

    private struct Refusal: Error, Hashable {
        var status: Int
        var what: String
    }

    private func call(_ head: HTTPRequestHead) -> Result<Call, Refusal> {
        let prefix = self.desk.faults.basePath.value(at: 1).prefix.split(separator: "/").count
        guard let segments = head.segments?.dropFirst(prefix).map({ $0 }) else {
            return .failure(Refusal(status: 404, what: "the path is malformed"))
        }
        let calls: [String: Call]
        switch (segments.count, segments.first) {
        case (1, "notes"): calls = ["POST": .create, "GET": .list]
        case (1, "note_sections"): calls = ["PATCH": .updateSection]
        case (2, "notes") where segments[1] != "search": calls = ["GET": .note(segments[1])]
        case (2, "transcripts") where segments[1] == "retry": calls = ["POST": .retryTranscript]
        case (3, "notes") where segments[2] == "status": calls = ["GET": .status(segments[1])]
        case (3, "notes") where segments[2] == "export": calls = ["GET": .export(segments[1])]
        case (3, "notes") where segments[2] == "retry": calls = ["POST": .retryNote(segments[1])]
        default: return .failure(Refusal(status: 404, what: "there is no such call"))
        }
        guard let call = calls[head.method] else {
            return .failure(Refusal(status: 405, what: "the call has another method"))
        }
        return .success(call)
    }

    // MARK: - Key

    private func checkKey(_ head: HTTPRequestHead, _ call: Call) -> HTTPReply? {
        if head.has("authorization") || head.has("cookie") {
            self.ledger.violated(.connectVets, "2", "a credential beside X-API-KEY is sent")
        }
        switch head.values("x-api-key") {
        case [SandboxCredentials.connectVetsKey]:
            return nil
        case [SandboxCredentials.connectVetsReadOnlyKey]:
            let isWrite = [.create, .retryTranscript, .updateSection].contains(call) || call.isRetry
            return isWrite ? self.answer.error(403, "INSUFFICIENT_PERMISSIONS", "the key may not write") : nil
        case let values where values.count == 1:
            return self.answer.error(401, "INVALID_API_KEY", "the key is not valid")
        default:
            self.ledger.violated(.connectVets, "2", "X-API-KEY is not sent exactly once")
            return self.answer.error(401, "MISSING_API_KEY", "the key is missing")
        }
    }

    // MARK: - Reading

    /// What `body` makes of the note of that id, or 404.
    func found(_ id: String, _ body: (StoredNote) -> HTTPReply) -> HTTPReply {
        self.desk.note(id).map(body) ?? self.answer.error(404, "NOTE_NOT_FOUND", "there is no such note")
    }

    private func status(_ id: String) -> HTTPReply {
        let isUUID = id.utf8.count == 36 || self.desk.faults.idStyle.value(at: 1) == .opaque
        guard isUUID else { return self.answer.error(400, "INVALID_NOTE_ID", "the id is no UUID") }
        return self.found(id) { note in
            let status = note.status(at: self.desk.now)
            let isValid = status == .completed && note.outcome != .completedInvalid
            return self.answer.success(200, ["status": self.answer.state(status), "valid": .bool(isValid)])
        }
    }

    func refuse(_ rule: String, _ what: String, _ status: Int, code: String = "VALIDATION_ERROR") -> HTTPReply {
        self.ledger.violated(.connectVets, rule, what)
        return self.answer.error(status, code, what)
    }

    private func transported(_ reply: HTTPReply) -> HTTPReply {
        var reply = reply
        switch self.desk.faults.transport.value(at: self.desk.count(.requests)) {
        case .ok:
            return reply
        case .reset:
            return reply.sent(.reset)
        case .truncated:
            reply.body.removeLast(reply.body.count / 2)
            return reply
        case .wrongContentType:
            reply.fields = [HTTPField(name: "Content-Type", value: "text/html")]
            return reply
        case .slowBody:
            return reply.sent(.slow(.milliseconds(1)))
        case .redirect:
            return HTTPReply(status: 302).with("Location", "http://127.0.0.1:9/sandbox")
        case .unavailable:
            return .html(503)
        }
    }
}

extension ConnectVetsService.Call {
    var isRetry: Bool {
        if case .retryNote = self { return true }
        return self == .retryTranscript
    }

    var isStatus: Bool {
        if case .status = self { return true }
        return false
    }
}
