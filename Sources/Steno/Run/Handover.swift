package import StenoAudio
import StenoCore

/// Makes a summary from a transcript.
package protocol TranscriptSummarising: Sendable {
    /// Asks once, tells what came of it, and says what it means for the exit code.
    func summarise(
        _ transcript: TranscriptForSummary,
        tell: @escaping @Sendable (RunEvent) -> Void
    ) async -> ExitCode
}

package struct TranscriptForSummary: Sendable {
    package var text: String
    package var kind: SummaryKind
    /// ISO 639.
    package var language: String?
    /// Seconds.
    package var covers: Double
    package var isPartial: Bool
}

/// Hands a recording over for a note.
package protocol NoteUploading: Sendable {
    func upload(
        _ upload: NoteUpload,
        _ source: any SampleSource,
        tell: @escaping @Sendable (RunEvent) -> Void
    ) async -> ExitCode
}

/// Writes down what became of what was asked for, where nothing was sent for it.
package protocol HandoverKeeping: Sendable {
    /// There was nothing to hand over.
    func skipped(_ target: String, because reason: String) async

    /// Who recognised the recording made a summary of it.
    func made(_ summary: WrittenSummary) async
}

/// What a note is made with, beside the audio.
package struct NoteUpload: Sendable {
    package var visit: VisitDetails
    /// Wait until the far side has finished the note.
    package var waits: Bool

    package init(visit: VisitDetails, waits: Bool) {
        self.visit = visit
        self.waits = waits
    }
}

extension WrittenSummary {
    /// Each episode's four parts, in their order; empty ones are left out.
    init(_ recording: RecordingSummary) {
        let episodes = recording.summary.episodes
        self.init(
            name: SummaryKind.soep.rawValue,
            parts: episodes.enumerated().flatMap { index, episode in
                let number = episodes.count > 1 ? " \(index + 1)" : ""
                return [
                    Part(title: "Subjective\(number)", text: episode.subjective),
                    Part(title: "Objective\(number)", text: episode.objective),
                    Part(title: "Evaluation\(number)", text: episode.evaluation),
                    Part(title: "Plan\(number)", text: episode.plan),
                ].filter { !$0.text.isEmpty }
            },
            covers: Double(recording.covers.frames) / Double(SamplePosition.rate),
            isPartial: recording.isPartial
        )
    }
}
