package import StenoCore
package import StenoWire

/// Writes an event as one line of `--format jsonl`. The shapes are interface: within `v` 1 fields are only added.
package enum EventLine {
    /// `nil` for events that have no line of their own.
    package static func json(for event: RunEvent) -> JSONValue? {
        switch event {
        case .recording(let header): Self.recording(header)
        case .recognition(let event): Self.recognition(event)
        case .summary(let summary): Self.summary(summary)
        case .delivery(let report): Self.delivery(report)
        case .gap(let span, let cause): Self.line("gap", Self.times(of: span) + [Self.member("cause", .string(cause))])
        case .warning(let text): Self.line("warning", [Self.member("text", .string(text))])
        case .end(let end): Self.end(end)
        }
    }

    private static func recording(_ header: RecordingHeader) -> JSONValue {
        var members = [
            Self.member("id", .string(header.id)),
            Self.member("source", .string(TerminalText.neutralised(header.source))),
            Self.member("engine", .string(header.engine)),
            Self.member("sandbox", .bool(header.isSandbox)),
        ]
        if let frames = header.frames {
            members.append(Self.member("duration", Self.seconds(SamplePosition(frames: frames))))
        }
        return Self.line("recording", members)
    }

    private static func recognition(_ event: RecognitionEvent) -> JSONValue? {
        switch event {
        case .state(let state): Self.line("state", [Self.member("state", .string(state.rawValue))])
        case .connectionLost: Self.line("state", [Self.member("state", "reconnecting")])
        case .transcript(.show(let utterance)): Self.line("interim", Self.text(of: utterance))
        case .transcript(.complete(let utterance)): Self.line("utterance", Self.members(of: utterance))
        case .transcript(.deliver(let utterance)):
            // A confirmed one had its line when it completed.
            // `none`, because a bare `nil` would be JSON's null.
            utterance.isConfirmed ? JSONValue?.none : Self.line("utterance", Self.members(of: utterance))
        case .transcript(.withdraw(let id)): Self.line("utterance", Self.withdrawn(id))
        case .transcript(.confirm), .transcript(.note), .progress: JSONValue?.none
        case .information(let information): Self.line("information", Self.members(of: information))
        }
    }

    private static func summary(_ summary: WrittenSummary) -> JSONValue {
        let parts = summary.parts.map { part -> JSONValue in
            [
                "title": .string(TerminalText.neutralised(part.title)),
                "text": .string(TerminalText.neutralised(part.text, keepingLineBreaks: true)),
            ]
        }
        return Self.line(
            "summary",
            [
                Self.member("name", .string(summary.name)),
                Self.member("text", .string(summary.text)),
                Self.member("parts", .array(parts)),
                Self.member("covers", Self.number(summary.covers)),
                Self.member("partial", .bool(summary.isPartial)),
            ]
        )
    }

    private static func delivery(_ report: DeliveryReport) -> JSONValue {
        var members = [
            Self.member("target", .string(report.target)), Self.member("state", .string(report.state.rawValue)),
        ]
        if let id = report.noteID { members.append(Self.member("note_id", .string(TerminalText.neutralised(id)))) }
        if let reason = report.reason { members.append(Self.member("reason", .string(reason))) }
        if !report.sections.isEmpty {
            let sections = report.sections.map { section -> JSONValue in
                [
                    "title": .string(TerminalText.neutralised(section.title)),
                    "text": .string(TerminalText.neutralised(section.text, keepingLineBreaks: true)),
                ]
            }
            members.append(Self.member("sections", .array(sections)))
        }
        return Self.line("delivery", members)
    }

    private static func end(_ end: RunEnd) -> JSONValue {
        var members = [
            Self.member("complete", .bool(end.isComplete)), Self.member("coverage", Self.coverage(end.totals)),
        ]
        if !end.unconfirmed.isEmpty {
            members.append(Self.member("unconfirmed", .array(end.unconfirmed.map { .object(Self.times(of: $0)) })))
        }
        if !end.settled.isEmpty {
            members.append(Self.member("settled", .array(end.settled.map { .object(Self.times(of: $0)) })))
        }
        return Self.line("end", members)
    }
}

extension EventLine {
    package static func coverage(_ totals: CoverageTotals) -> JSONValue {
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

    /// The whole of an utterance, as `utterance` lines and JSON documents hold it.
    package static func members(of utterance: Utterance) -> [JSONMember] {
        let words = utterance.words.map { word -> JSONValue in
            .object([Self.member("word", .string(TerminalText.neutralised(word.text)))] + Self.times(of: word.span))
        }
        var members = Self.text(of: utterance)
        members.append(Self.member("words", .array(words)))
        members.append(Self.member("confirmed", .bool(utterance.isConfirmed)))
        if utterance.hasEstimatedWordTimes { members.append(Self.member("word_times", "estimated")) }
        if utterance.isDoubtful { members.append(Self.member("doubtful", true)) }
        return members
    }

    package static func members(of information: Information) -> [JSONMember] {
        [
            Self.member("codings", .array(information.codings.map { coding in
                [
                    "system": Self.safe(coding.system), "code": Self.safe(coding.code),
                    "description": Self.safe(coding.description),
                ]
            })),
            Self.member("resources", .array(information.resources.map { resource in
                [
                    "link": Self.safe(resource.link), "description": Self.safe(resource.description),
                    "origin": Self.safe(resource.origin),
                ]
            })),
            Self.member("measurements", .array(information.measurements.map { measurement in
                [
                    "description": Self.safe(measurement.description), "value": Self.safe(measurement.value),
                    "unit": Self.safe(measurement.unit),
                ]
            })),
        ]
    }

    /// Seconds to the millisecond: finer than any recogniser tells, and short to read.
    package static func seconds(_ position: SamplePosition) -> JSONValue { Self.number(position.seconds) }

    private static func number(_ seconds: Double) -> JSONValue { .number((seconds * 1_000).rounded() / 1_000) }

    private static func safe(_ text: String) -> JSONValue { .string(TerminalText.neutralised(text)) }

    private static func text(of utterance: Utterance) -> [JSONMember] {
        [Self.member("id", .string(TerminalText.neutralised(utterance.id.description)))] + Self.times(of: utterance.span)
            + [Self.member("text", .string(TerminalText.neutralised(utterance.text)))]
    }

    /// Replaces what was shown of the utterance with nothing.
    private static func withdrawn(_ id: Utterance.ID) -> [JSONMember] {
        [
            Self.member("id", .string(TerminalText.neutralised(id.description))), Self.member("start", .number(0)),
            Self.member("end", .number(0)), Self.member("text", ""), Self.member("words", []),
            Self.member("confirmed", true),
        ]
    }

    private static func times(of span: AudioSpan) -> [JSONMember] {
        [Self.member("start", Self.seconds(span.start)), Self.member("end", Self.seconds(span.end))]
    }

    private static func line(_ type: String, _ members: [JSONMember]) -> JSONValue {
        .object([Self.member("v", 1), Self.member("type", .string(type))] + members)
    }

    private static func member(_ name: String, _ value: JSONValue) -> JSONMember { JSONMember(name: name, value: value) }
}
