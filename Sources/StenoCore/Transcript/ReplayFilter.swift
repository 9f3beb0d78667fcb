/// Tells, word by word, whether a replay repeats something that an earlier connection already settled.
///
/// Time decides: a word whose midpoint lies inside settled speech is a double. Near an edge of it the services' times
/// are not exact enough, so there the text is compared too, and doubt keeps the word and says so.
struct ReplayFilter: Sendable {
    enum Verdict: Equatable {
        case keep
        /// Already in the transcript.
        case drop
        /// May be in the transcript already.
        case doubt
    }

    /// How far from an edge of settled speech the text is compared as well: five steps of the service's 80 ms.
    static let edge = Int64(SamplePosition.rate) * 400 / 1_000

    private let heard: SpanSet
    /// Settled words, in the order of their midpoints.
    private let words: [Word]

    /// - Parameter utterances: the completed utterances of earlier connections that the replay may reach.
    init(settled utterances: some Sequence<Utterance>) {
        var heard = SpanSet()
        var words: [Word] = []
        for utterance in utterances {
            guard let first = utterance.words.first, let last = utterance.words.last else { continue }
            heard.insert(AudioSpan(start: first.span.start, end: last.span.end))
            words += utterance.words
        }
        self.heard = heard
        self.words = words.sorted { $0.span.midpoint < $1.span.midpoint }
    }

    static let none = ReplayFilter(settled: [])

    func verdict(on word: Word) -> Verdict {
        let middle = word.span.midpoint
        guard let end = self.heard.end, middle < end + Self.edge else { return .keep }
        let around = AudioSpan(start: middle - Self.edge, end: middle + Self.edge)
        let near = self.heard.overlapping(around)
        guard !near.isEmpty else { return .keep }

        if self.heard.contains(middle) {
            let isDeepInside = near.contains { $0.start <= around.start && around.end <= $0.end }
            if isDeepInside { return .drop }
            return self.hasWord(like: word, in: around) ? .drop : .doubt
        }
        return self.hasWord(like: word, in: around) ? .drop : .keep
    }

    private func hasWord(like word: Word, in around: AudioSpan) -> Bool {
        let folded = Self.folded(word.text)
        var low = 0
        var high = self.words.count
        while low < high {
            let middle = (low + high) / 2
            if self.words[middle].span.midpoint < around.start { low = middle + 1 } else { high = middle }
        }
        while low < self.words.count, self.words[low].span.midpoint <= around.end {
            if Self.folded(self.words[low].text) == folded { return true }
            low += 1
        }
        return false
    }

    /// Case and punctuation differ between two hearings of the same word.
    private static func folded(_ text: String) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}
