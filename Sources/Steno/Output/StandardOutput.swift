import StenoCore
/// What standard output carries: the final text as it comes, or one of the formats, and nothing else.
package struct StandardOutput: Sendable {
    private let format: OutputFormat
    private var lines = EventLine()
    private var document = RecordingDocument()

    package init(format: OutputFormat) {
        self.format = format
    }

    /// What is to be written now; `nil` for nothing.
    package mutating func text(for event: RunEvent) -> String? {
        switch self.format {
        case .jsonl: return self.lines.text(for: event).map { $0 + "\n" }
        case .text: return self.plainText(for: event)
        case .json, .srt, .vtt, .md:
            self.document.received(event)
            guard case .end = event else { return nil }
            return self.document.rendered(as: self.format)
        }
    }

    /// The transcript leaves as it comes, so only what follows it is collected.
    private mutating func plainText(for event: RunEvent) -> String? {
        switch event {
        case .recognition(.transcript(.deliver(let utterance))):
            return RecordingDocument.line(of: utterance).map { $0 + "\n" }
        case .summary, .delivery:
            self.document.received(event)
            return nil
        case .end:
            let text = self.document.closingText
            return text.isEmpty ? nil : text
        case .recording, .recognition, .gap, .microphone, .level, .device, .paused, .resumed, .warning, .notice:
            return nil
        }
    }
}

extension RecordingDocument {
    /// The document in a format that is written at the end, ending in a line break.
    fileprivate func rendered(as format: OutputFormat) -> String? {
        switch format {
        case .text: self.text
        case .json: self.json
        case .srt: Subtitles.srt(of: self.transcript)
        case .vtt: Subtitles.vtt(of: self.transcript)
        case .md: self.markdown
        case .jsonl: nil
        }
    }
}

/// One file of `--output`, written whole when the run has ended.
package struct OutputFile: Sendable {
    package let path: String
    package let format: OutputFormat
    private var lines = EventLine()
    private var events = ""
    private var document = RecordingDocument()

    package init(path: String, format: OutputFormat) {
        self.path = path
        self.format = format
    }

    package mutating func receive(_ event: RunEvent) throws(OutputError) {
        if self.format == .jsonl {
            if let line = self.lines.text(for: event) { self.events += line + "\n" }
        } else {
            self.document.received(event)
        }
        guard case .end = event else { return }
        try AtomicFile.write(self.document.rendered(as: self.format) ?? self.events, to: self.path)
    }
}
