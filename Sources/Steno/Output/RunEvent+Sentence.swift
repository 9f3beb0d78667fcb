package import StenoCore

/// A line for the person, and how much it matters.
package struct Sentence: Hashable, Sendable {
    package var text: String
    package var level: Notices.Level

    package init(_ text: String, _ level: Notices.Level = .info) {
        self.text = text
        self.level = level
    }
}

extension RunEvent {
    /// What the person reads about it; `nil` for what has no line of its own. Holds nothing that was said.
    package var sentence: Sentence? {
        switch self {
        case .recording(let header):
            header.isSandbox
                ? Sentence("Sandbox: no real service is involved, and nothing leaves this machine.") : nil
        case .recognition(.connectionLost):
            Sentence("The connection was lost. What was not confirmed will be sent again.", .warning)
        case .summary(let summary): summary.sentence
        case .delivery(let report): Sentence(report.text, report.state.isTrouble ? .warning : .info)
        case .gap(let span, let cause): Self.gap(span, cause)
        case .device(let name): Sentence("Microphone: \(name).")
        case .paused: Sentence("Paused. What is said now is not recorded.")
        case .resumed: Sentence("Recording again.")
        case .warning(let text): Sentence(text, .warning)
        case .notice(let text): Sentence(text)
        case .recognition, .microphone, .level, .end: nil
        }
    }

    private static func gap(_ span: AudioSpan, _ cause: String) -> Sentence {
        let place = ClockText.text(span.start.seconds)
        guard cause != AudioGap.Cause.paused.rawValue else {
            return Sentence(
                "Paused at \(place) for \(ClockText.text(Double(span.frames) / Double(SamplePosition.rate)))."
            )
        }
        let length = span.frames / Int64(SamplePosition.rate / 1_000)
        return Sentence("\(length) ms are missing at \(place) (\(cause)).", .warning)
    }
}

extension RunEnd {
    /// The last line: how it ended.
    ///
    /// - Parameter seconds: since the run began.
    package func closing(after seconds: Double) -> String {
        let audio = ClockText.text(SamplePosition(frames: self.totals.total).seconds)
        let spent = ClockText.text(seconds)
        if self.isComplete {
            let result = self.totals.confirmed > 0 ? "every word is confirmed" : "nothing was said"
            return "Done in \(spent): \(audio) of audio, \(result)."
        }
        let open = ClockText.text(SamplePosition(frames: self.totals.unconfirmed).seconds)
        let result =
            self.totals.unconfirmed > 0 ? "\(open) of it is speech without confirmed text" : "but not all is done"
        return "Ended after \(spent): \(audio) of audio, \(result)."
    }
}

extension RecognitionState {
    package var words: String {
        switch self {
        case .connecting: "Connecting"
        case .waitingForReady: "Waiting for the service to be ready"
        case .streaming: "Recognising"
        case .draining: "Waiting for the last words"
        case .summarising: "Waiting for the summary"
        case .waiting: "Waiting before the next try"
        case .closed: "Done"
        }
    }
}

extension WrittenSummary {
    fileprivate var sentence: Sentence {
        guard self.isPartial else { return Sentence("The summary \(self.name) is there.") }
        let part = "It was made from \(ClockText.text(self.covers)) of the recording."
        return Sentence("The summary \(self.name) is there. \(part)", .warning)
    }
}

extension DeliveryReport.State {
    fileprivate var isTrouble: Bool {
        switch self {
        case .intended, .sending, .processing, .done, .skipped, .dropped: false
        case .waiting, .held, .failed, .unknown, .refused: true
        }
    }
}

extension DeliveryReport {
    /// For the person; its texts come from us or from a service, never from what was said.
    fileprivate var text: String {
        let id = self.noteID.map { " (\($0))" } ?? ""
        let reason = self.reason.map { ": \($0)" } ?? "."
        return switch self.state {
        case .intended: "\(self.target) is still to be done\(reason)"
        case .waiting: "\(self.target) waits in the queue\(reason)"
        case .dropped: "\(self.target) was given up\(reason)"
        case .held: "\(self.target) is held back\(reason)"
        case .sending: "Handing over to \(self.target)\(reason)"
        case .processing: "\(self.target) is working on it\(id)\(reason)"
        case .done: "\(self.target) is done\(id)."
        case .skipped: "\(self.target) was skipped\(reason)"
        case .failed: "\(self.target) did not work\(reason)"
        case .unknown: "It is not known whether \(self.target) took it\(reason)"
        case .refused: "\(self.target) refused\(reason)"
        }
    }
}
