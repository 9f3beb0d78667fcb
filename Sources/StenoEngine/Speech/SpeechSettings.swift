/// How stretches of speech are told apart. Times in frames at 16 kHz.
package struct SpeechSettings: Hashable, Sendable {
    /// Probability from which a window counts as speech.
    package var threshold: Float = 0.5
    /// A pause of this length ends a stretch. Of 0.4, 0.7 and 1.0 s the middle one gave the fewest wrong words.
    package var minimumSilence = 11_200
    /// A shorter sound is not speech.
    package var minimumSpeech = 4_000
    /// From this length on a stretch ends at the first short pause.
    package var softLimit = 320_000
    /// At this length a stretch is cut wherever it is, so that nothing grows without bound.
    package var hardLimit = 400_000
    /// The library counts samples in 32 bits; after this many it is started anew in the next second of silence…
    var renewAfter: Int64 = 57_600_000
    /// …and after this many (24 h) as soon as a stretch has ended. It would break at 2^31, 37 h.
    var renewAtLatest: Int64 = 1_382_400_000

    package init() {}
}
