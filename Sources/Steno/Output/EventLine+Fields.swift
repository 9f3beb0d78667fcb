package import StenoCore
package import StenoWire

/// The fields of each event, as lines and JSON documents hold them.
extension EventLine {
    package static func fields(of header: RecordingHeader) -> [JSONMember] {
        var fields = [
            Self.safe("id", header.id),
            Self.safe("source", header.source),
            Self.safe("engine", header.engine),
            JSONMember(name: "sandbox", value: .bool(header.isSandbox)),
        ]
        if let frames = header.frames {
            fields.append(JSONMember(name: "duration", value: Self.seconds(SamplePosition(frames: frames))))
        }
        return fields
    }

    package static func fields(of utterance: Utterance) -> [JSONMember] {
        let words = utterance.words.map { word -> JSONValue in
            .object([Self.safe("word", word.text)] + Self.times(of: word.span))
        }
        var fields = Self.text(of: utterance)
        fields.append(JSONMember(name: "words", value: .array(words)))
        fields.append(JSONMember(name: "confirmed", value: .bool(utterance.isConfirmed)))
        if utterance.hasEstimatedWordTimes { fields.append(JSONMember(name: "word_times", value: "estimated")) }
        if utterance.isDoubtful { fields.append(JSONMember(name: "doubtful", value: true)) }
        return fields
    }

    package static func fields(of information: Information) -> [JSONMember] {
        let codings = information.codings.map { coding -> JSONValue in
            .object([
                Self.safe("system", coding.system), Self.safe("code", coding.code),
                Self.safe("description", coding.description),
            ])
        }
        let resources = information.resources.map { resource -> JSONValue in
            .object([
                Self.safe("link", resource.link), Self.safe("description", resource.description),
                Self.safe("origin", resource.origin),
            ])
        }
        let measurements = information.measurements.map { measurement -> JSONValue in
            .object([
                Self.safe("description", measurement.description), Self.safe("value", measurement.value),
                Self.safe("unit", measurement.unit),
            ])
        }
        return [
            JSONMember(name: "codings", value: .array(codings)),
            JSONMember(name: "resources", value: .array(resources)),
            JSONMember(name: "measurements", value: .array(measurements)),
        ]
    }

    package static func fields(of summary: WrittenSummary) -> [JSONMember] {
        [
            Self.safe("name", summary.name),
            JSONMember(name: "text", value: .string(summary.text)),
            JSONMember(name: "parts", value: .array(summary.parts.map { Self.titled($0.title, $0.text) })),
            JSONMember(name: "covers", value: Self.number(summary.covers)),
            JSONMember(name: "partial", value: .bool(summary.isPartial)),
        ]
    }

    package static func fields(of report: DeliveryReport) -> [JSONMember] {
        var fields = [Self.safe("target", report.target), Self.safe("state", report.state.rawValue)]
        if let id = report.noteID { fields.append(Self.safe("note_id", id)) }
        if let reason = report.reason { fields.append(Self.safe("reason", reason)) }
        if !report.sections.isEmpty {
            let sections = report.sections.map { Self.titled($0.title, $0.text) }
            fields.append(JSONMember(name: "sections", value: .array(sections)))
        }
        return fields
    }

    package static func fields(of end: RunEnd) -> [JSONMember] {
        var fields = [
            JSONMember(name: "complete", value: .bool(end.isComplete)),
            JSONMember(name: "coverage", value: Self.coverage(end.totals)),
        ]
        if !end.unconfirmed.isEmpty {
            fields.append(JSONMember(name: "unconfirmed", value: Self.places(end.unconfirmed)))
        }
        if !end.settled.isEmpty { fields.append(JSONMember(name: "settled", value: Self.places(end.settled))) }
        return fields
    }

    /// Replaces what was shown of the utterance with nothing.
    static func withdrawn(_ id: Utterance.ID, at place: AudioSpan) -> [JSONMember] {
        Self.fields(of: Utterance(id: id, span: place, text: "", isConfirmed: true))
    }

    static func text(of utterance: Utterance) -> [JSONMember] {
        [Self.safe("id", utterance.id.description)] + Self.times(of: utterance.span)
            + [Self.safe("text", utterance.text)]
    }

    static func times(of span: AudioSpan) -> [JSONMember] {
        [
            JSONMember(name: "start", value: Self.seconds(span.start)),
            JSONMember(name: "end", value: Self.seconds(span.end)),
        ]
    }

    static func safe(_ name: String, _ text: String) -> JSONMember {
        JSONMember(name: name, value: .string(TerminalText.neutralised(text)))
    }

    private static func titled(_ title: String, _ text: String) -> JSONValue {
        let body = TerminalText.neutralised(text, keepingLineBreaks: true)
        return .object([Self.safe("title", title), JSONMember(name: "text", value: .string(body))])
    }

    /// In samples; the four states sum to `total`.
    private static func coverage(_ totals: CoverageTotals) -> JSONValue {
        [
            "rate": .integer(Int64(SamplePosition.rate)),
            "total": .integer(totals.total),
            "confirmed": .integer(totals.confirmed),
            "silent": .integer(totals.silent),
            "unconfirmed": .integer(totals.unconfirmed),
            "missing": .integer(totals.missing),
            "sent": .integer(totals.sent),
        ]
    }

    private static func places(_ spans: [AudioSpan]) -> JSONValue {
        .array(spans.map { .object(Self.times(of: $0)) })
    }

    private static func seconds(_ position: SamplePosition) -> JSONValue { Self.number(position.seconds) }

    /// To the millisecond: finer than any recogniser tells, and short to read.
    private static func number(_ seconds: Double) -> JSONValue { .number((seconds * 1_000).rounded() / 1_000) }
}
