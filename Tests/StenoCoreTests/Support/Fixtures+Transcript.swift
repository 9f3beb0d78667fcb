import StenoCore

extension TranscriptUpdate {
    /// An update whose words begin at `start` seconds of the connection, each 0.4 s long and 0.1 s from the next.
    static func interim(_ id: String, _ text: String, at start: Double = 0) -> TranscriptUpdate {
        let words = text.split(separator: " ").enumerated().map { index, word in
            let begin = start + Double(index) * 0.5
            return TimedWord(text: String(word), start: begin, end: begin + 0.4)
        }
        return TranscriptUpdate(id: id, sentence: text, words: words, isCompleted: false)
    }

    static func final(_ id: String, _ text: String, at start: Double = 0) -> TranscriptUpdate {
        var update = self.interim(id, text, at: start)
        update.isCompleted = true
        return update
    }

    /// An update without a single word time.
    static func untimed(_ id: String, _ text: String, isCompleted: Bool = false) -> TranscriptUpdate {
        TranscriptUpdate(id: id, sentence: text, words: [], isCompleted: isCompleted)
    }
}

/// Feeds a transcript machine and remembers what it did, for tests that read like a conversation.
struct TranscriptRig {
    typealias Machine = TranscriptStateMachine

    var machine = Machine()
    /// How much audio the connection was given; more than any test needs.
    var sent = SamplePosition.seconds(3_600)
    private var actions: [Machine.Action] = []

    init() { self.machine.connectionOpened(at: .zero) }

    mutating func hear(_ updates: TranscriptUpdate...) {
        for update in updates { self.actions += self.machine.received(update, sent: self.sent) }
    }

    mutating func lose() { self.actions += self.machine.connectionLost() }

    mutating func reconnect(at seconds: Double) {
        self.lose()
        self.machine.connectionOpened(at: .seconds(seconds))
    }

    mutating func finish() { self.actions += self.machine.finish() }

    /// What was done since the last look.
    mutating func take() -> [Machine.Action] {
        defer { self.actions = [] }
        return self.actions
    }
}

extension [TranscriptStateMachine.Action] {
    /// In few words: `show a`, `complete a`, `deliver a`, `withdraw 1-0`, `confirm 0.0..<0.4`, `note …`.
    var told: [String] {
        self.map { action in
            switch action {
            case .show(let utterance): "show \(utterance.text)"
            case .complete(let utterance): "complete \(utterance.text)"
            case .withdraw(let id): "withdraw \(id)"
            case .deliver(let utterance): "deliver \(utterance.text)\(utterance.isConfirmed ? "" : " (unconfirmed)")"
            case .confirm(let span): "confirm \(span.start.seconds)..<\(span.end.seconds)"
            case .note(let fault): "note \(fault)"
            }
        }
    }

    var delivered: [Utterance] { self.compactMap { if case .deliver(let utterance) = $0 { utterance } else { nil } } }
}
