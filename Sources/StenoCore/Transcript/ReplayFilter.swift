/// Tells, word by word, whether a replay repeats something that an earlier connection already settled.
///
/// Time decides: a word whose midpoint lies inside settled speech is a double. Near an edge of it the services' times
/// are not exact enough, so there the text is compared too, and doubt keeps the word and says so.
///
/// | the word's midpoint | no like word within 400 ms | one there, apart in time | one at the same time |
/// | --- | --- | --- | --- |
/// | more than 400 ms inside settled speech | drop | drop | drop |
/// | inside, near its edge | doubt | doubt | drop |
/// | outside, near its edge | keep | doubt | drop |
/// | farther outside | keep | keep | keep |
struct ReplayFilter: Sendable {
    enum Verdict: Equatable {
        case keep
        /// Already in the transcript.
        case drop
        /// May be in the transcript already.
        case doubt
    }

    private enum Likeness: Comparable {
        case none
        /// The same word close by: people do say things twice.
        case apart
        /// The same word at the same time, give or take what word times are exact to.
        case same
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
            heard.insert(utterance.span)
            words += utterance.words
        }
        self.heard = heard
        self.words = words.sorted { $0.span.midpoint < $1.span.midpoint }
    }

    static let none = ReplayFilter(settled: [])

    /// Some settled speech ends after `position`.
    func reaches(beyond position: SamplePosition) -> Bool { self.heard.end.map { $0 > position } ?? false }

    func verdict(on word: Word) -> Verdict {
        let middle = word.span.midpoint
        guard self.reaches(beyond: middle - Self.edge) else { return .keep }
        let around = AudioSpan(start: middle - Self.edge, end: middle + Self.edge)
        let near = self.heard.overlapping(around)
        guard !near.isEmpty else { return .keep }
        if near.contains(where: { $0.start <= around.start && around.end <= $0.end }) { return .drop }

        switch self.likeness(of: word, within: around) {
        case .same: return .drop
        case .apart: return .doubt
        case .none: return self.heard.contains(middle) ? .doubt : .keep
        }
    }

    /// The closest there is.
    private func likeness(of word: Word, within around: AudioSpan) -> Likeness {
        let folded = word.text.foldedForComparison
        var low = 0
        var high = self.words.count
        while low < high {
            let middle = (low + high) / 2
            if self.words[middle].span.midpoint < around.start { low = middle + 1 } else { high = middle }
        }
        var likeness = Likeness.none
        while low < self.words.count, self.words[low].span.midpoint <= around.end {
            let other = self.words[low]
            if other.text.foldedForComparison == folded {
                likeness = max(likeness, Self.areAtTheSameTime(other.span, word.span) ? .same : .apart)
            }
            low += 1
        }
        return likeness
    }

    /// Nobody says a word twice within 160 ms, or while saying it: more than that, and it may be a second one.
    private static func areAtTheSameTime(_ one: AudioSpan, _ other: AudioSpan) -> Bool {
        let shared = one.clamped(to: other).frames
        return abs(one.midpoint - other.midpoint) <= CoverageStateMachine.tolerance
            || shared * 2 > min(one.frames, other.frames)
    }
}

extension String {
    /// Case, spaces and punctuation differ between two hearings of the same words.
    var foldedForComparison: String { String(self.lowercased().filter { $0.isLetter || $0.isNumber }) }
}
