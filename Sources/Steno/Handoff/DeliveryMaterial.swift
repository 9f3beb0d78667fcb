package import StenoAudio

/// What a recording has to hand over. Each is asked for when it is needed, and may take its time.
package struct DeliveryMaterial: Sendable {
    /// Whole, and without gaps in its numbers.
    package var audio: @Sendable () async throws -> any SampleSource
    package var transcript: @Sendable () async throws -> SpokenText

    package init(
        audio: @escaping @Sendable () async throws -> any SampleSource,
        transcript: @escaping @Sendable () async throws -> SpokenText
    ) {
        self.audio = audio
        self.transcript = transcript
    }

    /// Of a recording that somebody holds in his hands; only what its target asks for is ever asked.
    package init(audio: (any SampleSource)? = nil, transcript: SpokenText? = nil) {
        self.init(
            audio: {
                guard let audio else { throw CancellationError() }
                return audio
            },
            transcript: {
                guard let transcript else { throw CancellationError() }
                return transcript
            }
        )
    }
}

/// What was said, as one text.
package struct SpokenText: Hashable, Sendable {
    /// A line for each utterance.
    package var text: String
    /// Seconds of the recording.
    package var covers: Double
    /// Some of what was said has no text.
    package var isPartial: Bool

    package init(text: String, covers: Double, isPartial: Bool) {
        self.text = text
        self.covers = covers
        self.isPartial = isPartial
    }
}
