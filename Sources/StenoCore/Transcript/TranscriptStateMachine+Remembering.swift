extension TranscriptStateMachine {
    /// No recording has so many connections; a number that is greater was not written by us.
    private static let connectionLimit = 1 << 40

    /// Goes on where another machine ended, as after a lost connection.
    ///
    /// Completed utterances are in the transcript from the beginning and are not delivered again: whoever wants them
    /// shown has them already. Those that never completed are kept aside until a replay completes over them; what is
    /// left of them is delivered by `finish`.
    ///
    /// - Parameters:
    ///   - utterances: what was kept, in any order.
    ///   - sent: the end of what any recogniser was given.
    public init(remembering utterances: [Utterance], sent: SamplePosition) {
        self.init()
        for utterance in utterances where !utterance.text.isEmpty {
            var entry = Entry(utterance: utterance, status: utterance.isConfirmed ? .completed : .aside)
            entry.isShown = true
            // An utterance without a place has the span of a moment.
            entry.isPlaced = !utterance.words.isEmpty && !utterance.span.isEmpty
            entry.latest = max(sent, utterance.span.end)
            self.connection = max(self.connection, min(utterance.id.connection, Self.connectionLimit))
            if !utterance.isConfirmed { self.aside.append(self.entries.count) }
            self.entries.append(entry)
        }
        self.head = self.entries.count
        self.forgetDoubles()
    }

    /// All that was understood, in the order of the timeline: completed utterances, and what has not completed, or
    /// never did.
    public var remembered: [Utterance] {
        self.timeline { $0.status != .withdrawn }
    }

    /// What was heard again and completed is a double in what was kept aside before. Words that had left it already may
    /// be back: only whole utterances are kept.
    private mutating func forgetDoubles() {
        let aside = self.aside
        guard !aside.isEmpty else { return }
        var actions: [Action] = []
        for entry in self.entries where entry.status == .completed && entry.isPlaced {
            let utterance = entry.utterance
            let earlier = aside.filter { self.entries[$0].utterance.id.connection < utterance.id.connection }
            let heard = SecondHearing(span: utterance.span, words: utterance.words, isRemembered: true)
            self.takeOut(of: earlier, heard, saying: utterance.text, into: &actions)
        }
        self.unreported = actions
    }

    /// Entries in the order of their places, those without a text left out.
    func timeline(where isWanted: (Entry) -> Bool) -> [Utterance] {
        self.entries
            .filter { !$0.utterance.text.isEmpty && isWanted($0) }
            .map(\.utterance)
            .enumerated()
            .sorted { ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset) }
            .map(\.element)
    }
}
