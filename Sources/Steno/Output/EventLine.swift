import StenoCore
package import StenoWire

/// Writes the events of one run as the lines of `--format jsonl`.
///
/// The shapes are interface: within `v` 1 fields are only added. No text in them can drive a terminal.
package struct EventLine {
    /// A state is told when it begins, however often it is confirmed.
    private var lastState: RecognitionState?
    /// Where the interims were that may still be taken back: a line that replaces one keeps its place.
    private var places: [Utterance.ID: AudioSpan] = [:]

    package init() {}

    /// One line without its end; `nil` for events that have no line of their own.
    package mutating func text(for event: RunEvent) -> String? {
        switch event {
        case .recognition(.state(let state)):
            guard state != self.lastState else { return nil }
            self.lastState = state
        case .recognition(.connectionLost): self.lastState = nil
        case .recognition(.transcript(.show(let utterance))): self.places[utterance.id] = utterance.span
        case .recognition(.transcript(.complete(let utterance))): self.places[utterance.id] = nil
        case .recognition(.transcript(.withdraw(let id))):
            let place = self.places.removeValue(forKey: id) ?? AudioSpan(0..<0)
            return Self.line("utterance", Self.withdrawn(id, at: place)).serialized()
        default: break
        }
        return Self.json(for: event)?.serialized()
    }

    package static func json(for event: RunEvent) -> JSONValue? {
        switch event {
        case .recording(let header): Self.line("recording", Self.fields(of: header))
        case .recognition(let event): Self.recognition(event)
        case .summary(let summary): Self.line("summary", Self.fields(of: summary))
        case .delivery(let report): Self.line("delivery", Self.fields(of: report))
        case .gap(let span, let cause): Self.gap(span, cause)
        case .warning(let text): Self.line("warning", [Self.safe("text", text)])
        case .notice: JSONValue?.none
        case .end(let end): Self.line("end", Self.fields(of: end))
        }
    }

    private static func recognition(_ event: RecognitionEvent) -> JSONValue? {
        switch event {
        case .state(let state): Self.line("state", [Self.safe("state", state.rawValue)])
        case .connectionLost: Self.line("state", [Self.safe("state", "reconnecting")])
        case .transcript(.show(let utterance)): Self.line("interim", Self.text(of: utterance))
        case .transcript(.complete(let utterance)): Self.line("utterance", Self.fields(of: utterance))
        case .transcript(.deliver(let utterance)):
            // A confirmed one had its line when it completed.
            // `none`, because a bare `nil` would be JSON's null.
            utterance.isConfirmed ? JSONValue?.none : Self.line("utterance", Self.fields(of: utterance))
        case .transcript(.withdraw(let id)): Self.line("utterance", Self.withdrawn(id, at: AudioSpan(0..<0)))
        case .transcript(.confirm), .transcript(.note), .progress: JSONValue?.none
        case .information(let information): Self.line("information", Self.fields(of: information))
        case .gap(let gap): Self.gap(gap.span, gap.cause.rawValue)
        }
    }

    private static func gap(_ span: AudioSpan, _ cause: String) -> JSONValue {
        Self.line("gap", Self.times(of: span) + [Self.safe("cause", cause)])
    }

    private static func line(_ type: String, _ fields: [JSONMember]) -> JSONValue {
        .object([JSONMember(name: "v", value: 1), Self.safe("type", type)] + fields)
    }
}
