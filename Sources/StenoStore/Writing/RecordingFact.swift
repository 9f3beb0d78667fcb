package import StenoCore

/// Something to be kept beside the audio. Written with the next row of audio, at the latest with the conclusion.
package enum RecordingFact: Sendable {
    /// `kind` is a word of the program's; `detail` carries no text that was spoken and no name.
    case event(RecordingEvent)
    /// Replaces an earlier one of the same id.
    case utterance(Utterance)
    /// The utterance was taken back.
    case withdrawn(Utterance.ID)
    /// All that is known so far; replaces what was kept before.
    case information(Information)
    /// What a session knows now; replaces what it knew before.
    case coverage(CoverageStateMachine)
}

/// Something that happened while recording.
package struct RecordingEvent: Hashable, Sendable {
    package var position: SamplePosition
    /// Milliseconds since 1970.
    package var time: Int64
    /// Such as `paused`, `device-gone`, `connected`.
    package var kind: String
    package var detail: String?

    package init(_ kind: String, at position: SamplePosition, time: Int64, detail: String? = nil) {
        self.position = position
        self.time = time
        self.kind = kind
        self.detail = detail
    }
}
