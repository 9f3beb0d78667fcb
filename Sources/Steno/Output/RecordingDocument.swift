package import StenoCore
import StenoWire

/// Everything one run produced, collected for the formats that are written at the end.
package struct RecordingDocument: Sendable {
    package private(set) var header: RecordingHeader?
    package private(set) var utterances: [Utterance] = []
    package private(set) var information = Information()
    package private(set) var summaries: [WrittenSummary] = []
    /// The last word on each target.
    package private(set) var deliveries: [DeliveryReport] = []
    package private(set) var warnings: [String] = []
    package private(set) var end: RunEnd?
    /// The lines of `--format jsonl`, for a file of that format.
    private var lines: [String] = []

    package init() {}

    package mutating func received(_ event: RunEvent) {
        switch event {
        case .recording(let header): self.header = header
        case .recognition(.transcript(.deliver(let utterance))): self.utterances.append(utterance)
        case .recognition(.information(let information)): self.information = information
        case .recognition: break
        case .summary(let summary): self.summaries.append(summary)
        case .delivery(let report):
            self.deliveries.removeAll { $0.target == report.target }
            self.deliveries.append(report)
        case .gap: break
        case .warning(let text): self.warnings.append(text)
        case .end(let end): self.end = end
        }
        if let line = EventLine.json(for: event) { self.lines.append(line.serialized()) }
    }

    /// In the order of the timeline.
    package var transcript: [Utterance] {
        self.utterances.enumerated()
            .sorted { ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset) }
            .map(\.element)
    }

    /// The document in `format`, ending in a line break.
    package func rendered(as format: OutputFormat) -> String {
        switch format {
        case .text: self.renderedText
        case .jsonl: self.lines.map { $0 + "\n" }.joined()
        case .json: self.renderedJSON.serialized() + "\n"
        case .srt: Subtitles.srt(of: self.transcript)
        case .vtt: Subtitles.vtt(of: self.transcript)
        case .md: self.renderedMarkdown
        }
    }
}

extension RecordingDocument {
    /// One line for reading; what was never confirmed says so.
    package static func line(of utterance: Utterance) -> String {
        TerminalText.neutralised(utterance.text) + (utterance.isConfirmed ? "" : " [unconfirmed]")
    }

    /// What follows the transcript in the `text` format.
    package var closingText: String {
        var text = ""
        for summary in self.summaries {
            text += "\n--- summary \(summary.name) ---\n\(summary.text)\n"
        }
        for delivery in self.deliveries {
            guard let id = delivery.noteID else { continue }
            text += "\n--- note \(delivery.target) \(TerminalText.neutralised(id)) ---\n"
            for section in delivery.sections {
                let body = TerminalText.neutralised(section.text, keepingLineBreaks: true)
                text += "\(TerminalText.neutralised(section.title)): \(body)\n"
            }
        }
        return text
    }

    private var renderedText: String {
        self.transcript.map { Self.line(of: $0) + "\n" }.joined() + self.closingText
    }

    private var renderedJSON: JSONValue {
        var members: [JSONMember] = [JSONMember(name: "v", value: 1)]
        if let header = self.header, case .object(let fields)? = EventLine.json(for: .recording(header)) {
            members += fields.filter { $0.name != "v" && $0.name != "type" }
        }
        members.append(JSONMember(name: "utterances", value: .array(self.transcript.map {
            .object(EventLine.members(of: $0))
        })))
        if !self.information.isEmpty {
            members.append(JSONMember(name: "information", value: .object(EventLine.members(of: self.information))))
        }
        members.append(JSONMember(name: "summaries", value: .array(self.summaries.map { Self.bare(.summary($0)) })))
        members.append(JSONMember(name: "deliveries", value: .array(self.deliveries.map { Self.bare(.delivery($0)) })))
        members.append(JSONMember(name: "warnings", value: .array(self.warnings.map { .string($0) })))
        if let end = self.end {
            members.append(JSONMember(name: "complete", value: .bool(end.isComplete)))
            members.append(JSONMember(name: "coverage", value: EventLine.coverage(end.totals)))
        }
        return .object(members)
    }

    /// An event's fields without those that only mean something in a stream of lines.
    private static func bare(_ event: RunEvent) -> JSONValue {
        guard case .object(let fields)? = EventLine.json(for: event) else { return .null }
        return .object(fields.filter { $0.name != "v" && $0.name != "type" })
    }

    private var renderedMarkdown: String {
        var text = "# Transcript\n\n"
        if self.header?.isSandbox == true { text += "> Made in the sandbox: no real service was involved.\n\n" }
        for utterance in self.transcript {
            text += "**\(Subtitles.clock(utterance.span.start, fraction: nil))** \(Markdown.escaped(Self.line(of: utterance)))\n\n"
        }
        for summary in self.summaries {
            text += "## Summary \(summary.name)\n\n"
            if summary.isPartial { text += "> Made from a part of the recording.\n\n" }
            for part in summary.parts {
                let body = Markdown.escaped(TerminalText.neutralised(part.text, keepingLineBreaks: true))
                let title = Markdown.escaped(TerminalText.neutralised(part.title))
                text += part.title.isEmpty ? "\(body)\n\n" : "**\(title).** \(body)\n\n"
            }
        }
        for delivery in self.deliveries {
            guard let id = delivery.noteID else { continue }
            text += "## Note \(delivery.target) \(Markdown.escaped(TerminalText.neutralised(id)))\n\n"
            for section in delivery.sections {
                let body = Markdown.escaped(TerminalText.neutralised(section.text, keepingLineBreaks: true))
                text += "**\(Markdown.escaped(TerminalText.neutralised(section.title))).** \(body)\n\n"
            }
        }
        return text
    }
}
