import StenoCore
package import StenoWire

/// Writes the events of one run as the lines of `--format jsonl`.
///
/// The shapes are interface: within `v` 1 fields are only added. No text in them can drive a terminal.
package struct EventLine {
    private static let reconnecting = "reconnecting"

    /// A state is told when it begins, however often it is confirmed.
    private var state: String?
    private var microphone: MicrophoneReport?
    private var device: String?
    private var isPaused = false
    /// Where the interims were that may still be taken back: a line that replaces one keeps its place.
    private var places: [Utterance.ID: AudioSpan] = [:]

    package init() {}

    /// One line without its end, or two of them; `nil` for events that have no line of their own.
    package mutating func text(for event: RunEvent) -> String? {
        switch event {
        case .recognition(.state(let state)):
            guard state.rawValue != self.state else { return nil }
            self.state = state.rawValue
            return self.stateLine
        case .recognition(.connectionLost):
            self.state = Self.reconnecting
            return self.stateLine
        case .microphone(let report): return self.microphone(report)
        case .device(let name):
            guard name != self.device else { return nil }
            self.device = name
            return self.stateLine
        case .paused, .resumed:
            let isPaused = if case .paused = event { true } else { false }
            guard isPaused != self.isPaused else { return nil }
            self.isPaused = isPaused
            return self.stateLine
        case .recognition(.transcript(.show(let utterance))): self.places[utterance.id] = utterance.span
        case .recognition(.transcript(.complete(let utterance))): self.places[utterance.id] = nil
        case .recognition(.transcript(.withdraw(let id))):
            let place = self.places.removeValue(forKey: id) ?? AudioSpan(0..<0)
            return Self.line("utterance", Self.withdrawn(id, at: place)).serialized()
        default: break
        }
        return Self.json(for: event)?.serialized()
    }

    /// A state line is all that is known of the state, so that a reader needs the last one only.
    private var stateLine: String {
        var fields = [Self.safe("state", self.state ?? RecognitionState.connecting.rawValue)]
        if let microphone = self.microphone { fields.append(Self.safe("microphone", microphone.condition.rawValue)) }
        if let device = self.device { fields.append(Self.safe("device", device)) }
        if self.isPaused { fields.append(JSONMember(name: "paused", value: true)) }
        return Self.line("state", fields).serialized()
    }

    /// A new condition is a state; one that has become worse is a warning too.
    private mutating func microphone(_ report: MicrophoneReport) -> String? {
        let former = self.microphone
        self.microphone = report
        var lines: [String] = []
        if report.condition != former?.condition { lines.append(self.stateLine) }
        if report.isNews(after: former) {
            lines.append(Self.line("warning", [Self.safe("text", report.words)]).serialized())
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    /// What can be said of an event without those before it.
    package static func json(for event: RunEvent) -> JSONValue? {
        switch event {
        case .recording(let header): Self.line("recording", Self.fields(of: header))
        case .recognition(let event): Self.recognition(event)
        case .summary(let summary): Self.line("summary", Self.fields(of: summary))
        case .delivery(let report): Self.line("delivery", Self.fields(of: report))
        case .gap(let span, let cause): Self.gap(span, cause)
        case .warning(let text): Self.line("warning", [Self.safe("text", text)])
        case .notice, .level, .microphone, .device, .paused, .resumed: JSONValue?.none
        case .end(let end): Self.line("end", Self.fields(of: end))
        }
    }

    private static func recognition(_ event: RecognitionEvent) -> JSONValue? {
        switch event {
        case .state(let state): Self.line("state", [Self.safe("state", state.rawValue)])
        case .connectionLost: Self.line("state", [Self.safe("state", Self.reconnecting)])
        case .transcript(.show(let utterance)): Self.line("interim", Self.text(of: utterance))
        case .transcript(.complete(let utterance)): Self.line("utterance", Self.fields(of: utterance))
        case .transcript(.deliver(let utterance)):
            // A confirmed one had its line when it completed.
            // `none`, because a bare `nil` would be JSON's null.
            utterance.isConfirmed ? JSONValue?.none : Self.line("utterance", Self.fields(of: utterance))
        case .transcript(.withdraw(let id)): Self.line("utterance", Self.withdrawn(id, at: AudioSpan(0..<0)))
        case .transcript(.confirm), .transcript(.note), .progress, .coverage: JSONValue?.none
        case .information(let information): Self.line("information", Self.fields(of: information))
        case .gap(let gap): Self.gap(gap.span, gap.cause.rawValue)
        case .summary(let summary): Self.line("summary", Self.fields(of: WrittenSummary(summary)))
        }
    }

    private static func gap(_ span: AudioSpan, _ cause: String) -> JSONValue {
        Self.line("gap", Self.times(of: span) + [Self.safe("cause", cause)])
    }

    private static func line(_ type: String, _ fields: [JSONMember]) -> JSONValue {
        .object([JSONMember(name: "v", value: 1), Self.safe("type", type)] + fields)
    }
}
