import StenoWire

// Stretches of a device's day (contract §5.3 to 5.5).
extension NxVETService {
    /// In milliseconds.
    private static let timelineLimit = 6 * 3_600_000
    private static let previewLimit = 90 * 60_000

    private struct Stretch {
        var from: Int
        var to: Int
        var minutes: [SandboxMinute] { SandboxMinute.all(from: self.from, to: self.to) }
        var length: Int { self.to - self.from }
    }

    /// Milliseconds since 1970, of this millennium and the next, so that nothing overflows.
    private static func stretch(_ from: Int?, _ to: Int?) -> Stretch? {
        let sane = 100_000_000_000...100_000_000_000_000
        guard let from, let to, sane.contains(from), sane.contains(to), from < to else { return nil }
        return Stretch(from: from, to: to)
    }

    private func stretch(_ head: HTTPRequestHead) -> Stretch? {
        Self.stretch(head.query("startMs").flatMap { Int($0) }, head.query("endMs").flatMap { Int($0) })
    }

    func timeline(_ name: String, _ head: HTTPRequestHead) -> HTTPReply {
        let fault = self.desk.faults.timeline.value(at: self.desk.count(.timelines))
        if let refusal = self.checkQuery(head, "5.3", ["startMs", "endMs"]) { return refusal }
        guard self.device(inPath: name) != nil else { return self.error(404, "device not found") }
        guard let stretch = self.stretch(head) else { return self.refuse("5.3", "startMs and endMs are no range", 400) }
        guard fault != .overLimit else { return self.error(400, "the window is longer than 6 hours") }
        guard stretch.length <= Self.timelineLimit else {
            return self.refuse("5.3", "the window is longer than 6 hours", 400)
        }
        var minutes = stretch.minutes
        if fault == .unsorted { minutes = minutes.reversed() }
        if fault == .missingMinutes { minutes = minutes.filter { $0.number % 3 != 0 } }
        let rows = minutes.map { minute -> JSONValue in
            [
                "minuteStartMs": .integer(Int64(minute.number) * 60_000),
                "vadIsSilent": .bool(minute.isSilent),
                "vadSpeechDurationMs": .integer(Int64(minute.speech)),
                "transcriptText": fault == .nullText ? .null : minute.text.map { .string($0) } ?? .null,
            ]
        }
        return .json(200, ["minutes": .array(rows)])
    }

    func preview(_ head: HTTPRequestHead) -> HTTPReply {
        let fault = self.desk.faults.preview.value(at: self.desk.count(.previews))
        if let refusal = self.checkQuery(head, "5.4", ["deviceId", "startMs", "endMs"]) { return refusal }
        guard let stretch = self.stretch(head), let id = head.query("deviceId") else {
            return self.refuse("5.4", "deviceId, startMs and endMs are no range", 400)
        }
        guard NxVETFixtures.devices.contains(where: { $0.id == id }) else { return self.error(404, "device not found") }
        guard fault != .overLimit else { return self.error(400, "the range is longer than 90 minutes") }
        guard stretch.length <= Self.previewLimit || fault == .overLimitAccepted else {
            return self.refuse("5.4", "the range is longer than 90 minutes", 400)
        }
        let total = stretch.minutes.count
        let speech = fault == .allSilent ? 0 : stretch.minutes.filter { !$0.isSilent }.count
        return .json(
            200,
            [
                "totalMinutes": .integer(Int64(total)), "speechMinutes": .integer(Int64(speech)),
                "silentMinutes": .integer(Int64(total - speech)),
            ]
        )
    }

    func create(_ head: HTTPRequestHead, _ body: [UInt8]) -> HTTPReply {
        let fault = self.desk.faults.create.value(at: self.desk.count(.creations))
        if let refusal = self.checkQuery(head, "5.5", []) { return refusal }
        guard let members = self.members(head, body, ["deviceId", "startMs", "endMs"]),
            let id = members["deviceId"]?.string,
            let stretch = Self.stretch(members["startMs"]?.int, members["endMs"]?.int)
        else { return self.refuse("5.5", "the body is not an object with deviceId, startMs and endMs", 400) }
        guard let device = NxVETFixtures.devices.first(where: { $0.id == id }) else {
            return self.failure(404, "[sandbox] device not found")
        }
        guard stretch.length <= Self.previewLimit else {
            self.ledger.violated(.nxVET, "NA-5", "the range is longer than 90 minutes")
            return self.failure(200, "[sandbox] the range is longer than 90 minutes")
        }
        if fault == .failure200 { return self.failure(200, "[sandbox] a failure that was asked for") }
        if fault == .failure400 { return self.failure(400, "[sandbox] a failure that was asked for") }
        let made = self.desk.addConversation { id in
            StoredConversation(
                id: id,
                device: device,
                from: stretch.from,
                to: stretch.to,
                made: self.desk.time,
                life: .still(.active)
            )
        }
        self.desk.tally { $0.conversations += 1 }
        self.desk.webhooks.announce("conversation_created", made.eventData)
        if fault == .withoutId { return .json(200, ["success": true]) }
        let reply = HTTPReply.json(
            200,
            ["success": true, "conversation": ["conversationId": .string(made.id)], "message": "created"]
        )
        return fault == .dropAfterStore ? reply.sent(.cutBefore) : reply
    }

    private func failure(_ status: Int, _ text: String) -> HTTPReply {
        .json(status, ["success": false, "message": .string(text)])
    }
}
