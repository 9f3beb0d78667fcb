import NIOCore
import StenoWire

// Conversations, in pages with tokens (contract §5.1, 5.2 and 5.6).
extension NxVETService {
    private static let tokenMark = "sandbox-page-"

    func conversations(_ head: HTTPRequestHead) -> HTTPReply {
        let number = self.desk.count(.conversationLists)
        let names: Set<String> = ["organizationId", "status", "pageSize", "pageToken", "deviceId"]
        if let refusal = self.checkQuery(head, "5.1", names)
            ?? self.checkOrganisation(head.query("organizationId"), "5.1")
        {
            return refusal
        }
        let wanted = head.query("status")
        guard wanted == nil || StoredConversation.Status(rawValue: wanted ?? "") != nil else {
            return self.refuse("5.1", "there is no such status", 400)
        }
        guard let size = Int(head.query("pageSize") ?? "20"), (1...200).contains(size) else {
            return self.refuse("5.1", "pageSize is no number from 1 to 200", 400)
        }
        var offset = 0
        if let token = head.query("pageToken") {
            guard let place = Self.place(token) else { return self.error(400, "no such page") }
            if self.desk.faults.paging.value(at: number) == .tokenExpired {
                return self.error(400, "the page token has expired")
            }
            if place.status != wanted ?? "all" {
                self.ledger.violated(.nxVET, "NC-11", "the filters differ from those of the page before")
            }
            offset = place.offset
        }
        let rows = self.desk.conversations.filter { conversation in
            (wanted == nil || self.desk.status(of: conversation).rawValue == wanted)
                && (head.query("deviceId").map { $0 == conversation.device.id } ?? true)
        }
        return self.page(rows, from: offset, size: size, status: wanted ?? "all", number)
    }

    /// `sandbox-page-OFFSET-STATUS`; a client must take it as it is.
    private static func place(_ token: String) -> (offset: Int, status: String)? {
        guard token.hasPrefix(Self.tokenMark) else { return nil }
        let parts = token.dropFirst(Self.tokenMark.count).split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let offset = Int(parts[0]), (0...1_000_000).contains(offset) else { return nil }
        return (offset, String(parts[1]))
    }

    private func page(_ all: [StoredConversation], from offset: Int, size: Int, status: String, _ number: Int)
        -> HTTPReply
    {
        let fault = self.desk.faults.paging.value(at: number)
        let isEmptied = fault == .emptyPageWithMore
        let rows = isEmptied ? [] : Array(all.dropFirst(offset).prefix(size))
        let next = offset + rows.count
        let hasMore = next < all.count
        // A page that was left empty leads to the one that should have come, by a token of its own.
        var token: JSONValue = hasMore ? .string("\(Self.tokenMark)\(isEmptied ? "0" : "")\(next)-\(status)") : .null
        if fault == .repeatedToken, hasMore { token = .string("\(Self.tokenMark)\(size)-\(status)") }
        if fault == .hasMoreWithoutToken { token = .null }
        let items = JSONValue.array(rows.map { self.conversation($0, isWhole: false) })
        let name =
            switch self.desk.faults.listShape.value(at: number) {
            case .items: "items"
            case .conversations: "conversations"
            case .data: "data"
            }
        return .json(
            200,
            .object([
                JSONMember(name: name, value: items), JSONMember(name: "hasMore", value: .bool(hasMore)),
                JSONMember(name: "nextPageToken", value: token),
            ])
        )
    }

    func conversation(_ id: String, on device: String, _ head: HTTPRequestHead) -> HTTPReply {
        if let refusal = self.checkQuery(head, "5.2", []) { return refusal }
        guard let found = self.found(id, on: device) else { return self.error(404, "conversation not found") }
        return .json(200, self.conversation(found, isWhole: true))
    }

    func complete(_ id: String, on device: String, _ head: HTTPRequestHead) -> HTTPReply {
        let number = self.desk.count(.completions)
        if let refusal = self.checkQuery(head, "5.6", []) { return refusal }
        guard let found = self.found(id, on: device) else { return self.error(404, "conversation not found") }
        let fault = self.desk.faults.complete.value(at: number)
        if fault == .failure200 {
            return .json(200, ["success": false, "message": "[sandbox] a failure that was asked for"])
        }
        let outcome = self.desk.faults.outcome.value(at: number)
        let isCompleted = self.desk.complete(id, outcome)
        if isCompleted, outcome == .completed { self.addLabel(of: found) }
        guard isCompleted, fault != .alreadyDone else {
            return .json(200, ["success": false, "message": "[sandbox] completed before"])
        }
        switch fault {
        case .accepted: return .json(202, ["success": true])
        case .gatewayTimeout: return .html(504)
        case .ok, .failure200, .alreadyDone: return .json(200, ["success": true])
        }
    }

    /// The label is there when the conversation is completed (§5.6).
    private func addLabel(of conversation: StoredConversation) {
        let text = SandboxMinute.all(from: conversation.from, to: conversation.to).compactMap(\.text)
        let configuration = self.desk.configuration
        let end = self.desk.now + configuration.pendingTime + configuration.processingTime
        let label = self.desk.addLabel { id in
            StoredLabel(
                id: id,
                type: "NxHubBatch",
                from: conversation.from,
                to: conversation.to,
                patient: nil,
                device: conversation.device,
                transcript: text.joined(separator: " "),
                shown: end,
                ready: .at(end)
            )
        }
        let wait = end - self.desk.now
        self.desk.webhooks.announce("new_label", ["labelId": .string(label.id)], after: wait)
        self.desk.webhooks.announce("conversation_completed", conversation.eventData, after: wait)
    }

    private func found(_ id: String, on device: String) -> StoredConversation? {
        guard let device = self.device(inPath: device), let found = self.desk.conversation(id) else { return nil }
        return found.device == device ? found : nil
    }

    /// By which name a path knows a device (NA-2).
    func device(inPath name: String) -> SandboxDevice? {
        let form = self.desk.faults.devicePathId.value(at: self.desk.count(.devicePaths))
        return NxVETFixtures.devices.first { device in
            form != .serial && device.id == name || form != .value && device.serial == name
        }
    }
}
