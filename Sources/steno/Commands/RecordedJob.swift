import Steno
import StenoAudio
import StenoCore
import StenoStore

/// Audio that is there, or comes through a pipe, with everything that is known of it already.
struct RecordedJob: Sendable {
    var header: RecordingHeader
    /// What a person calls the audio.
    var name: String
    var source: SharedSource
    /// Of earlier runs; empty for a new recording.
    var memory: RecordingMemory
    var recording: JobRecording
    var place: RecordingPlace
    var library: RecordingLibrary
    /// What finishes the text if this run does not.
    var finishing: FinishingCommand
    /// Options that lead to the same recordings again.
    var words: [String]
    /// What is to be handed over: what was asked for now, and what is left of earlier runs.
    var handover: JobHandover
    /// Lets go of what is read, so that the recording can become one file.
    var release: @Sendable () -> Void = {}
    /// For the person, behind the first line.
    var notices: [String] = []

    /// Earlier runs left nothing to recognise.
    var isRecognised: Bool {
        let progress = self.source.progress
        guard progress.isComplete, progress.failure == nil, !self.memory.isEmpty else { return false }
        var ledger = RecordingLedger(resuming: self.memory)
        ledger.captured(upTo: progress.available)
        return ledger.isComplete
    }
}

/// How a recording is run: what does not depend on where its audio comes from.
struct RunChoice {
    var options: RecognitionOptions
    /// Times real time; `nil` is as fast as it goes.
    var pace: Double?
    var giveUp: Duration
    /// Removed once everything is done.
    var isRemovedAfterwards: Bool
}
