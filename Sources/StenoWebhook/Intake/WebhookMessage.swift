package import StenoWire

/// What an event says: its type and the ids in it. Nothing else in it is trusted (contract NxVET §7.6).
package struct WebhookMessage: Hashable, Sendable {
    /// What has to be read (contract NxVET §9.3).
    package enum FollowUp: Hashable, Sendable {
        case label(String)
        case conversation(device: String, id: String)
        /// The label is gone; there is nothing to read.
        case deleted(label: String)
        /// The type is not in the vendor's table, or its ids are missing.
        case none
    }

    /// The types of the vendor's table.
    package enum Known: String, Hashable, Sendable, CaseIterable {
        case newLabel = "new_label"
        case labelUpdated = "label_updated"
        case labelDeleted = "label_deleted"
        case conversationCreated = "conversation_created"
        case conversationCompleted = "conversation_completed"
    }

    package let type: String
    package let known: Known?
    package let followUp: FollowUp
    /// As it came; shown, not acted on.
    package let data: JSONValue

    /// Longer types and ids are none of this service's.
    private static let longest = 200

    /// - Returns: `nil` for what is not a JSON object with a `type`.
    package init?(_ body: [UInt8]) {
        guard let root = try? JSONValue(parsing: body, limits: JSONLimits(depth: 32, values: 10_000)),
            root.members != nil, let type = root["type"]?.string, !type.isEmpty, type.utf8.count <= Self.longest
        else { return nil }
        self.type = type
        self.known = Known(rawValue: type)
        self.data = root["data"] ?? .null
        let (label, device, conversation) = (
            Self.id(self.data["labelId"]), Self.id(self.data["deviceId"]), Self.id(self.data["conversationId"])
        )
        switch self.known {
        case .newLabel, .labelUpdated: self.followUp = label.map { .label($0) } ?? .none
        case .labelDeleted: self.followUp = label.map { .deleted(label: $0) } ?? .none
        case .conversationCreated, .conversationCompleted:
            if let device, let conversation {
                self.followUp = .conversation(device: device, id: conversation)
            } else {
                self.followUp = .none
            }
        case nil: self.followUp = .none
        }
    }

    /// Equal for events that say the same; `nil` when nothing tells two of them apart.
    package var content: String? {
        switch self.followUp {
        case .label(let id), .deleted(let id): "\(self.type) \(id)"
        case .conversation(let device, let id): "\(self.type) \(device) \(id)"
        case .none: nil
        }
    }

    /// An id becomes a part of an address, so it has no control character.
    private static func id(_ value: JSONValue?) -> String? {
        guard let id = value?.string ?? value?.int.map(String.init), !id.isEmpty, id.utf8.count <= Self.longest,
            id != ".", id != "..", id.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
        else { return nil }
        return id
    }
}
