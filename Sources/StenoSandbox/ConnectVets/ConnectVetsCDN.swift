import NIOCore

/// The host of transcripts: a port of its own, where no credential may ever arrive (contract 14.1 no. 1).
struct ConnectVetsCDN: Sendable {
    let desk: ConnectVetsDesk
    let ledger: SandboxLedger

    func reply(to head: HTTPRequestHead) -> HTTPReply {
        if head.has("x-api-key") || head.has("authorization") || head.has("cookie") {
            self.ledger.violated(.connectVetsCDN, "2.1", "a credential is sent to the host of transcripts")
            return .text(403, "no credential is taken here")
        }
        guard head.method == "GET" else {
            self.ledger.violated(.connectVetsCDN, "11.2", "a transcript is not fetched with GET")
            return .text(405, "only GET")
        }
        let fault = self.desk.faults.cdn.value(at: self.desk.count(.downloads))
        switch fault {
        case .ok, .slow, .wrongType: break
        case .expired: return .text(403, "expired")
        case .gone: return .text(404, "gone")
        case .redirect: return HTTPReply(status: 302).with("Location", "http://127.0.0.1:9/sandbox")
        }
        guard
            let segments = head.segments, segments.count == 2, segments[0] == "transcripts",
            segments[1].hasSuffix(".txt"), let note = self.desk.note(String(segments[1].dropLast(4))),
            note.status(at: self.desk.now) == .completed
        else { return .text(404, "not found") }
        let type = fault == .wrongType ? "application/octet-stream" : "text/plain; charset=utf-8"
        let reply = HTTPReply.text(200, note.transcript, type: type)
        return fault == .slow ? reply.sent(.slow(.milliseconds(10))) : reply
    }
}
