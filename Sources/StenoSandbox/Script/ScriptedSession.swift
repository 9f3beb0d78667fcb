package import StenoCore

/// What the stand-in for speech recognition says, and when: read from a file of `samples/sessions/`.
///
/// Times are seconds of the conversation. They are times of the audio, never of a clock: a word is said when the audio
/// that covers it has arrived, however fast it came.
package struct ScriptedSession: Hashable, Sendable {
    package var name: String
    /// The audio the times belong to, 16 kHz mono. With it, a connection's audio is recognised by content; without it,
    /// the conversation begins with the first sample of the connection, whatever that is.
    package var audio: ScriptedAudio?
    package var utterances: [ScriptedUtterance]
    package var information: [ScriptedInformation]
    /// Switches in their text form; the server that plays the session applies them.
    package var faults: [String]

    package init(
        name: String,
        audio: ScriptedAudio? = nil,
        utterances: [ScriptedUtterance] = [],
        information: [ScriptedInformation] = [],
        faults: [String] = []
    ) {
        self.name = name
        self.audio = audio
        self.utterances = utterances
        self.information = information
        self.faults = faults
    }

    /// The text of all utterances as they are completed, in order: what a client should show at the end.
    package var text: String { self.utterances.map(\.finalSentence).filter { !$0.isEmpty }.joined(separator: "\n") }
}

/// One utterance of a script.
package struct ScriptedUtterance: Hashable, Sendable {
    /// Which interims come by themselves.
    package enum Interims: Hashable, Sendable {
        /// One for every so many words.
        case every(Int)
        case none
    }

    /// When the utterance is completed.
    package enum Completion: Hashable, Sendable {
        /// 700 ms of audio after the last word.
        case afterPause
        case at(Double)
        case never
    }

    /// A message beside the ordinary ones.
    package struct Message: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// An interim that says something else than the words so far.
            case interim(String)
            /// The completed utterance once more.
            case again
            /// An interim that comes although the utterance is completed.
            case late(String)
        }

        package var time: Double
        package var kind: Kind

        package init(time: Double, kind: Kind) {
            self.time = time
            self.kind = kind
        }
    }

    package var words: [TranscriptUpdate.TimedWord]
    package var interims: Interims
    package var completion: Completion
    /// The completed text where it differs from the words; empty text completes the utterance with nothing.
    package var completedText: String?
    package var messages: [Message]

    package init(
        words: [TranscriptUpdate.TimedWord],
        interims: Interims = .every(1),
        completion: Completion = .afterPause,
        completedText: String? = nil,
        messages: [Message] = []
    ) {
        self.words = words
        self.interims = interims
        self.completion = completion
        self.completedText = completedText
        self.messages = messages
    }

    package var finalSentence: String {
        self.completedText ?? self.words.map(\.text).joined(separator: " ")
    }
}

/// What is found in the conversation at some time, for those who subscribed.
package struct ScriptedInformation: Hashable, Sendable {
    package var time: Double
    package var information: Information

    package init(time: Double, information: Information) {
        self.time = time
        self.information = information
    }
}
