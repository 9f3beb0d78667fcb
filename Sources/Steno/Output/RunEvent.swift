package import StenoCore

/// What a run tells its outputs, in order. Everything that is shown or written is made from these.
package enum RunEvent: Sendable {
    case recording(RecordingHeader)
    case recognition(RecognitionEvent)
    case summary(WrittenSummary)
    case delivery(DeliveryReport)
    case gap(AudioSpan, cause: String)
    /// What the microphone is like now. Told again whenever it changes.
    case microphone(MicrophoneReport)
    /// How loud it is now, for drawing: fractions of full scale, 0...1. About ten times a second.
    case level(rms: Double, peak: Double)
    /// The capture device, in words a person recognises.
    case device(String)
    case paused
    case resumed
    case warning(String)
    /// For the person at the terminal, now; no part of the result.
    case notice(String)
    case end(RunEnd)
}

extension RunEvent {
    /// What a recognition tells, as an event of the run: some of it may come from elsewhere too.
    package init(_ event: RecognitionEvent) {
        switch event {
        case .gap(let gap): self = .gap(gap.span, cause: gap.cause.rawValue)
        case .summary(let summary): self = .summary(WrittenSummary(summary))
        case .state, .transcript, .information, .progress, .coverage, .connectionLost: self = .recognition(event)
        }
    }
}

/// The first thing said about a recording.
package struct RecordingHeader: Sendable {
    package var id: String
    /// As the user wrote it.
    package var source: String
    /// Length, if it is known yet.
    package var frames: Int64?
    package var engine: String
    /// No real service was involved.
    package var isSandbox: Bool

    package init(id: String, source: String, frames: Int64?, engine: String, isSandbox: Bool) {
        self.id = id
        self.source = source
        self.frames = frames
        self.engine = engine
        self.isSandbox = isSandbox
    }
}

/// A summary as a person reads it: titled parts in the order of whoever made it.
package struct WrittenSummary: Sendable, Hashable {
    package struct Part: Sendable, Hashable {
        /// Empty for plain text.
        package var title: String
        package var text: String

        package init(title: String, text: String) {
            self.title = title
            self.text = text
        }
    }

    /// `soep`, `invox` or `invox-soap`.
    package var name: String
    package var parts: [Part]
    /// How many seconds of the recording it was made from.
    package var covers: Double
    package var isPartial: Bool

    package init(name: String, parts: [Part], covers: Double, isPartial: Bool) {
        self.name = name
        self.parts = parts
        self.covers = covers
        self.isPartial = isPartial
    }

    /// A part on each line, behind its title.
    package var text: String {
        self.parts.map { part in
            let text = TerminalText.neutralised(part.text, keepingLineBreaks: true)
            return part.title.isEmpty ? text : "\(TerminalText.neutralised(part.title)): \(text)"
        }.joined(separator: "\n")
    }
}

/// What became of one hand-off.
package struct DeliveryReport: Sendable, Hashable {
    package enum State: String, Sendable {
        case intended, sending, waiting, processing, done, skipped, dropped, held, failed, unknown, refused
    }

    package struct Section: Sendable, Hashable {
        package var title: String
        package var text: String

        package init(title: String, text: String) {
            self.title = title
            self.text = text
        }
    }

    /// `connectvets`, or the name of a summary.
    package var target: String
    package var state: State
    package var noteID: String?
    /// Why it was skipped or failed, in words that hold no patient data.
    package var reason: String?
    /// The finished note, if it was waited for.
    package var sections: [Section]

    package init(
        target: String,
        state: State,
        noteID: String? = nil,
        reason: String? = nil,
        sections: [Section] = []
    ) {
        self.target = target
        self.state = state
        self.noteID = noteID
        self.reason = reason
        self.sections = sections
    }
}

/// The last thing said about a recording.
package struct RunEnd: Sendable {
    /// Every word is confirmed and everything that was asked for is done.
    package var isComplete: Bool
    package var totals: CoverageTotals
    /// Speech without text, for the person: where it is.
    package var unconfirmed: [AudioSpan]
    /// Heard by a healthy connection, and no text came of it.
    package var settled: [AudioSpan]
    /// Everything that is known, to be kept.
    package var coverage: CoverageStateMachine?

    package init(
        isComplete: Bool,
        totals: CoverageTotals,
        unconfirmed: [AudioSpan],
        settled: [AudioSpan],
        coverage: CoverageStateMachine? = nil
    ) {
        self.coverage = coverage
        self.isComplete = isComplete
        self.totals = totals
        self.unconfirmed = unconfirmed
        self.settled = settled
    }
}
