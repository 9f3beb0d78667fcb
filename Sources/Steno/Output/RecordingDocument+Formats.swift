import StenoCore
import StenoWire

extension RecordingDocument {
    /// The document as plain text, ending in a line break.
    package var text: String {
        self.transcript.compactMap { Self.line(of: $0).map { $0 + "\n" } }.joined() + self.closingText
    }

    /// What follows the transcript in the `text` format: a blank line, then the summaries and the notes.
    package var closingText: String {
        var text = ""
        for summary in self.summaries {
            text += "--- summary \(TerminalText.neutralised(summary.name)) ---\n\(summary.text)\n"
        }
        for delivery in self.deliveries {
            guard let id = delivery.noteID else { continue }
            text += "--- note \(TerminalText.neutralised(delivery.target)) \(TerminalText.neutralised(id)) ---\n"
            for section in delivery.sections {
                let body = TerminalText.neutralised(section.text, keepingLineBreaks: true)
                text += "\(TerminalText.neutralised(section.title)): \(body)\n"
            }
        }
        return text.isEmpty ? "" : "\n" + text
    }

    /// The document as one JSON object on one line.
    package var json: String {
        var members: [JSONMember] = [JSONMember(name: "v", value: 1)]
        if let header = self.header { members += EventLine.fields(of: header) }
        let utterances = self.transcript.map { JSONValue.object(EventLine.fields(of: $0)) }
        members.append(JSONMember(name: "utterances", value: .array(utterances)))
        if !self.information.isEmpty {
            members.append(JSONMember(name: "information", value: .object(EventLine.fields(of: self.information))))
        }
        let summaries = self.summaries.map { JSONValue.object(EventLine.fields(of: $0)) }
        members.append(JSONMember(name: "summaries", value: .array(summaries)))
        let deliveries = self.deliveries.map { JSONValue.object(EventLine.fields(of: $0)) }
        members.append(JSONMember(name: "deliveries", value: .array(deliveries)))
        let warnings = self.warnings.map { JSONValue.string(TerminalText.neutralised($0)) }
        members.append(JSONMember(name: "warnings", value: .array(warnings)))
        if let end = self.end { members += EventLine.fields(of: end) }
        return JSONValue.object(members).serialized() + "\n"
    }

    /// The document as Markdown.
    package var markdown: String {
        var text = "# Transcript\n\n"
        if self.header?.isSandbox == true { text += "> Made in the sandbox: no real service was involved.\n\n" }
        for utterance in self.transcript {
            guard let line = Self.line(of: utterance) else { continue }
            text += "**\(Subtitles.clock(utterance.span.start, fraction: nil))** \(Markdown.escaped(line))\n\n"
        }
        text += self.found
        for summary in self.summaries {
            text += "## Summary \(Markdown.escaped(summary.name))\n\n"
            if summary.isPartial { text += "> Made from a part of the recording.\n\n" }
            for part in summary.parts { text += Markdown.paragraph(part.title, part.text) }
        }
        for delivery in self.deliveries {
            guard let id = delivery.noteID else { continue }
            text += "## Note \(Markdown.escaped(delivery.target)) \(Markdown.escaped(id))\n\n"
            for section in delivery.sections { text += Markdown.paragraph(section.title, section.text) }
        }
        return text
    }
}

extension RecordingDocument {
    /// Codings, measurements and links as a list of Markdown; nothing without them.
    private var found: String {
        let codings = self.information.codings.map { "\($0.system.uppercased()) \($0.code): \($0.description)" }
        let measurements = self.information.measurements.map { "\($0.description): \($0.value) \($0.unit)" }
        let resources = self.information.resources.map { "\($0.origin): \($0.description), \($0.link)" }
        let lines = (codings + measurements + resources).map { "- \(Markdown.escaped($0))\n" }
        return lines.isEmpty ? "" : "## Information\n\n\(lines.joined())\n"
    }
}

/// Markdown that shows what was said, not what it looks like.
private enum Markdown {
    static func paragraph(_ title: String, _ text: String) -> String {
        let body = Self.escaped(text, keepingLineBreaks: true)
        return title.isEmpty ? "\(body)\n\n" : "**\(Self.escaped(title)).** \(body)\n\n"
    }

    static func escaped(_ text: String, keepingLineBreaks: Bool = false) -> String {
        var safe = ""
        for character in TerminalText.neutralised(text, keepingLineBreaks: keepingLineBreaks) {
            // Two blanks keep the break: Markdown joins lines otherwise.
            if character == "\n" { safe += "  " }
            if "\\`*_{}[]<>#|~&".contains(character) { safe.append("\\") }
            safe.append(character)
        }
        return safe
    }
}
