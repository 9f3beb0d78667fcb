/// What a summary is made from.
package struct SummaryRequest: Sendable {
    package enum Format: String, Sendable {
        /// Running text.
        case summary = "SUMMARY"
        /// Subjective, objective, assessment, plan.
        case soap = "SOAP_TEMPLATE"
    }

    /// Above this length a summary may be refused: no limit is documented, and none is known to hold (§3.1). Nothing is
    /// cut; the person is warned.
    package static let unusualLength = 200_000

    package var transcript: String
    package var format: Format
    /// ISO 639 code without region, lower case.
    package var language: String

    package init(transcript: String, format: Format, language: String) {
        self.transcript = transcript
        self.format = format
        self.language = language
    }

    package var isUnusuallyLong: Bool { self.transcript.unicodeScalars.count > Self.unusualLength }

    var hasSpeech: Bool { self.transcript.contains { !$0.isWhitespace } }

    var hasLanguage: Bool {
        ISO639.isCode(self.language)
    }
}
