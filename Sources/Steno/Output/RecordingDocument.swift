package import StenoCore

/// Everything one run produced, collected for the formats that are written at the end.
package struct RecordingDocument: Sendable {
    package private(set) var header: RecordingHeader?
    /// In the order of delivery.
    private var utterances: [Utterance] = []
    package private(set) var information = Information()
    package private(set) var summaries: [WrittenSummary] = []
    /// The last word on each target.
    package private(set) var deliveries: [DeliveryReport] = []
    package private(set) var warnings: [String] = []
    package private(set) var end: RunEnd?

    package init() {}

    package mutating func received(_ event: RunEvent) {
        switch event {
        case .recording(let header): self.header = header
        case .recognition(.transcript(.deliver(let utterance))): self.utterances.append(utterance)
        case .recognition(.information(let information)): self.information = information
        case .recognition, .gap, .microphone, .level, .device, .paused, .resumed, .notice: break
        case .summary(let summary): self.summaries.append(summary)
        case .delivery(let report):
            self.deliveries.removeAll { $0.target == report.target }
            self.deliveries.append(report)
        case .warning(let text): self.warnings.append(text)
        case .end(let end): self.end = end
        }
    }

    /// In the order of the timeline.
    package var transcript: [Utterance] {
        self.utterances.enumerated()
            .sorted { ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset) }
            .map(\.element)
    }

    /// One line for reading; what was never confirmed says so. `nil` when nothing is to be read.
    package static func line(of utterance: Utterance) -> String? {
        let text = TerminalText.neutralised(utterance.text)
        guard text.contains(where: { !$0.isWhitespace }) else { return nil }
        return text + (utterance.isConfirmed ? "" : " [unconfirmed]")
    }
}
