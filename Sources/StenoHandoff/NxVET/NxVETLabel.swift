/// What NxVET calls a label: the record of one consultation, dictation or document.
package struct NxVETLabel: Hashable, Sendable {
    package struct Patient: Hashable, Sendable {
        package let id: String
        package let name: String?
    }

    /// How far the content is (§6.2).
    package enum State: String, Hashable, Sendable {
        /// Nothing yet: it is being processed, or the list does not carry it.
        case absent
        /// The transcript is there, a clinical note is not.
        case transcript
        case note
    }

    package let id: String
    /// One of ``types``, or another: the set is open.
    package let type: String
    package let from: NxVETTime?
    package let to: NxVETTime?
    package let patient: Patient?
    package let deviceName: String?
    package let deviceSerial: String?
    /// What the service says of the processing, if it does.
    package let status: String?
    /// Empty in lists.
    package let notes: [NxVETNote]

    /// The types of the vendor's document, in its order.
    package static let types = [
        "ClinicConversation", "NxHubBatch", "DictationAudio", "DocumentSoap", "PhoneCallAudio", "ButtonRecording",
        "AudioButtonRecording", "AggregateLabel",
    ]
    /// A record made of several labels goes by either name (NC-7).
    package static let combinedTypes = ["AggregateLabel", "CombinedClinicConv"]

    package var state: State {
        if self.notes.contains(where: { $0.clinicalNote != nil }) { return .note }
        return self.notes.contains { $0.transcript != nil } ? .transcript : .absent
    }

    /// All transcripts, in their order.
    package var transcript: String? { Self.joined(self.notes.compactMap(\.transcript)) }
    package var clinicalNote: String? { Self.joined(self.notes.compactMap(\.clinicalNote)) }
    /// Some content came that is cut off in the middle.
    package var isDamaged: Bool { self.notes.contains(where: \.isDamaged) }

    private static func joined(_ texts: [String]) -> String? {
        texts.isEmpty ? nil : texts.joined(separator: "\n\n")
    }

    /// When the record was made, by the first 48 bits of its id if that is a UUID of version 7.
    package var made: NxVETTime? {
        let parts = self.id.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 5, parts.map(\.utf8.count) == [8, 4, 4, 4, 12], parts[2].first == "7" else { return nil }
        return Int64(parts[0] + parts[1], radix: 16).flatMap { NxVETTime(milliseconds: $0) }
    }
}
