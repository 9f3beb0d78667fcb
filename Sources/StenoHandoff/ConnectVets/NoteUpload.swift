package import StenoCore
internal import StenoHTTP

/// What is needed to make one note.
package struct NoteUpload: Sendable {
    package enum Gender: String, CaseIterable, Sendable {
        case male, female, unidentified
    }

    package struct Metadata: Hashable, Sendable {
        package var key: String
        package var value: String

        package init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    /// The patient's name, 1 to 100 characters.
    package var name: String
    package var gender: Gender
    /// The person's own pairs; ours is added when sending.
    package var metadata: [Metadata]
    package var mark: DeliveryMark
    /// Its own name is not sent: it may say whose it is.
    package var audioPath: String
    /// What the file is.
    package var format: UploadPlan.Format
    /// For the check before sending; `nil` if unknown.
    package var duration: Duration?
    /// Bytes handed to the connection so far, of those of ``ConnectVetsClient/create(_:)``'s whole request.
    package var onProgress: (@Sendable (_ sent: Int64, _ total: Int64) -> Void)?

    package init(
        name: String,
        gender: Gender = .unidentified,
        metadata: [Metadata] = [],
        mark: DeliveryMark,
        audioPath: String,
        format: UploadPlan.Format = .wav,
        duration: Duration?,
        onProgress: (@Sendable (_ sent: Int64, _ total: Int64) -> Void)? = nil
    ) {
        self.name = name
        self.gender = gender
        self.metadata = metadata
        self.mark = mark
        self.audioPath = audioPath
        self.format = format
        self.duration = duration
        self.onProgress = onProgress
    }

    /// The vendor's documented limits for the texts (§4.3, §6.1). The texts themselves are not repeated in the error.
    func check() throws(ServiceError) {
        try Self.require(
            Self.isText(self.name, longest: 100),
            "The patient's name must have 1 to 100 characters and no line break."
        )
        try Self.require(
            Self.isText(self.mark.externalID, longest: 100),
            "The external id must have 1 to 100 characters and no line break."
        )
        for item in self.metadata {
            try Self.require(
                Self.isText(item.key, longest: 50) && Self.isText(item.value, longest: 500)
                    && item.key != DeliveryMark.metadataKey,
                "Each metadata key must have 1 to 50 characters, its value 1 to 500, and '\(DeliveryMark.metadataKey)' "
                    + "is ours."
            )
        }
    }

    private static func require(_ condition: Bool, _ message: String) throws(ServiceError) {
        guard condition else { throw ServiceError(.rejected, service: "ConnectVets", message: message) }
    }

    private static func isText(_ text: String, longest: Int) -> Bool {
        (1...longest).contains(text.unicodeScalars.count) && text.contains { !$0.isWhitespace }
            && !text.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
