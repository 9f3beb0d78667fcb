package import StenoCore

/// A note as the service holds it. Only the id is certain; everything else may be missing (§4.1).
package struct ConnectVetsNote: Hashable, Sendable {
    package let id: String
    package let name: String?
    package let gender: String?
    package let status: NoteStatus
    package let externalID: String?
    /// `nil` when the answer had none, which proves nothing.
    package let metadata: [NoteUpload.Metadata]?
    package let createdAt: String?
    package let updatedAt: String?
    /// In the order of their numbers; those without a number last.
    package let sections: [NoteSection]
    /// Where the transcript lies. Who has the link can read it: shown and logged nowhere, and fetched without our key.
    package let transcriptionURL: Secret?
    /// Why it failed, if the service says so.
    package let failure: String?

    /// The delivery that made this note, if it is one of ours.
    package var delivery: String? {
        self.metadata?.first { $0.key == DeliveryMark.metadataKey }?.value
    }

    /// Titles and texts, for a screen or a file.
    package var plainText: String {
        self.sections.map { "\($0.title)\n\($0.content)" }.joined(separator: "\n\n")
    }
}

/// One part of a note.
package struct NoteSection: Hashable, Sendable {
    /// Without an id it can be read, not edited (CC-26).
    package let id: String?
    package let title: String
    /// Machine name, an open set: `anamnesis`, `anamnese` …
    package let label: String
    package let content: String
    /// As received: a number in a string (CC-31).
    package let order: String
}

/// Where a note is in its life. What is not known counts as in progress (CC-8).
package enum NoteStatus: Hashable, Sendable {
    case pending
    case processing
    case completed
    case failed
    case unknown

    package init(_ text: String?) {
        switch text?.lowercased() {
        case "pending": self = .pending
        case "processing": self = .processing
        case "completed": self = .completed
        case "failed": self = .failed
        default: self = .unknown
        }
    }

    /// As the service writes it.
    package var text: String {
        switch self {
        case .pending: "pending"
        case .processing: "processing"
        case .completed: "completed"
        case .failed: "failed"
        case .unknown: "unknown"
        }
    }

    package var isTerminal: Bool { self == .completed || self == .failed }
}
