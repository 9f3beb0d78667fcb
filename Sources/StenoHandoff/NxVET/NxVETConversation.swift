internal import StenoWire

/// What a hub heard between two moments, as NxVET keeps it.
package struct NxVETConversation: Hashable, Sendable {
    package let id: String
    package let deviceID: String?
    package let status: ConversationStatus
    /// Minutes with speech.
    package let speechMinutes: Double?
    /// `nil` while it is being made.
    package let transcript: String?
    package let made: NxVETTime?
}

/// Where a conversation is in its life (§6.1). What is not known counts as in progress.
package enum ConversationStatus: Hashable, Sendable {
    case known(Known)
    case unknown(String)

    package enum Known: String, CaseIterable, Sendable {
        case active = "ACTIVE"
        case completed = "COMPLETED"
        case processing = "PROCESSING"
        case uploaded = "UPLOADED"
        case failed = "FAILED"
        case filtered = "FILTERED"
    }

    /// Compared without regard to case.
    package init(_ text: String?) {
        self = Known(rawValue: text?.uppercased() ?? "").map { .known($0) } ?? .unknown(text ?? "")
    }

    /// As the vendor writes it, or as it came.
    package var text: String {
        switch self {
        case .known(let known): known.rawValue
        case .unknown(let text): text
        }
    }

    package var isTerminal: Bool {
        self == .known(.completed) || self == .known(.failed) || self == .known(.filtered)
    }
}

extension NxVETConversation {
    /// Where a transcript was seen (NC-5), the documented place first.
    private static let textNames = ["transcriptText", "transcript", "transcription", "text", "notes", "content"]

    /// `nil` only without an id.
    init?(_ value: JSONValue) {
        guard let id = (value["conversationId"] ?? value["id"])?.opaque, !id.isEmpty else { return nil }
        self.id = id
        self.deviceID = value["deviceId"]?.opaque
        self.status = ConversationStatus(value["status"]?.string)
        self.speechMinutes = value["speechMinuteCount"]?.double
        self.transcript = Self.textNames.lazy.compactMap { value[$0]?.string }
            .first { $0.contains { !$0.isWhitespace } }
        self.made = NxVETTime(value["createdAt"])
    }
}
