package import StenoAudio
package import StenoCore
import StenoJuvoly

/// How a recognition ended, whoever did it.
package struct RecognitionResult: Sendable {
    package enum Ending: Hashable, Sendable {
        /// All audio was given to the recogniser, which was heard out.
        case finished
        /// It was heard out to a limit, or a signal came; something is open.
        case cutShort
        /// The service does not accept our credentials.
        case refused
        /// A setting is wrong.
        case misconfigured
        /// No ready connection for as long as we were told to try.
        case gaveUp
        /// Stopped at once.
        case stopped
        /// The embedded engine failed.
        case engineFailed
    }

    package var ending: Ending
    package var ledger: RecordingLedger
    package var summary: RecordingSummary?
    package var isSummaryMissing = false
    package var sourceFailure: AudioError?
    /// What was said when it ended badly, for the person.
    package var message: String?

    /// Of a recording of which everything was recognised before.
    package init(remembering memory: RecordingMemory, upTo end: SamplePosition) {
        self.ending = .finished
        self.ledger = RecordingLedger(resuming: memory)
        self.ledger.captured(upTo: end)
        _ = self.ledger.finish()
    }

    init(_ outcome: JuvolySession.Outcome) {
        self.ending =
            switch outcome.reason {
            case .finished(.complete): .finished
            case .finished(.limitReached): .cutShort
            case .refused: .refused
            case .misconfigured: .misconfigured
            case .gaveUp: .gaveUp
            case .stopped: .stopped
            }
        self.ledger = outcome.ledger
        self.summary = outcome.summary
        self.isSummaryMissing = outcome.isSummaryMissing
        self.sourceFailure = outcome.sourceFailure
        self.message = outcome.lastRefusal
    }

    init(_ outcome: LocalSession.Outcome) {
        self.ending = outcome.engineFailure != nil ? .engineFailed : outcome.wasStopped ? .cutShort : .finished
        self.ledger = outcome.ledger
        self.sourceFailure = outcome.sourceFailure
        self.message = outcome.engineFailure
    }

    /// Every word has its text, and all the audio was there to be heard.
    var isComplete: Bool {
        guard self.ending == .finished || self.ending == .cutShort else { return false }
        return self.sourceFailure == nil && self.ledger.isComplete
    }

    /// What it means for the exit code, deliveries aside.
    var exitCode: ExitCode {
        if let failure = self.sourceFailure { return ExitCode(failure) }
        switch self.ending {
        case .finished, .cutShort: return self.isComplete && !self.isSummaryMissing ? .success : .unfinished
        case .refused: return .refused
        case .misconfigured: return .configuration
        case .gaveUp: return .unfinished
        case .stopped: return .stopped
        case .engineFailed: return .defect
        }
    }
}
