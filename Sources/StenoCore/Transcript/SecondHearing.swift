/// What another connection understood of the same audio: it says which words kept aside are doubles.
///
/// Time decides. But a connection may begin in the middle of a word, and its first word may be told a little too early:
/// then the word it never heard whole lies inside of what it heard. So where its first word stands in what is kept aside
/// as well, the words before that are no doubles; nor are those after its last.
struct SecondHearing {
    let span: AudioSpan
    /// In the order in which they were told.
    let words: [Word]
    /// What is kept aside was looked through before, by a process that is gone. What it left then is no double, and what
    /// it did not come to has words in common: without one, only what lies far inside is a double.
    var isRemembered = false

    /// What of an utterance's words it did not understand.
    func leftOver(of kept: [Word]) -> [Word] {
        guard kept.contains(where: { self.contains($0.span) }) else { return kept }
        if self.isRemembered, !self.words.contains(where: { Self.place(of: $0, in: kept) != nil }) {
            return kept.filter { !self.isFarInside($0.span) }
        }
        var first = self.words.first.flatMap { Self.place(of: $0, in: kept) } ?? kept.startIndex
        var last = self.words.last.flatMap { Self.place(of: $0, in: kept) } ?? kept.endIndex
        if first > last { (first, last) = (kept.startIndex, kept.endIndex) }
        return kept.enumerated()
            .filter { $0.offset < first || $0.offset > last || !self.contains($0.element.span) }
            .map(\.element)
    }

    /// What was heard there is in what covers `span`. A word at its edge may be told a little off it in another hearing.
    private func contains(_ word: AudioSpan) -> Bool {
        if self.span.contains(word.midpoint) { return true }
        let around = self.span.widened(by: CoverageStateMachine.tolerance)
        return word.overlaps(self.span) && around.start <= word.start && word.end <= around.end
    }

    private func isFarInside(_ word: AudioSpan) -> Bool {
        let middle = word.midpoint
        return self.span.start + ReplayFilter.edge < middle && middle < self.span.end - ReplayFilter.edge
    }

    /// The same word at the same time, as far as two hearings agree on it.
    private static func place(of word: Word, in kept: [Word]) -> Int? {
        let middle = word.span.midpoint
        let folded = word.text.foldedForComparison
        let near = kept.indices.filter { abs(kept[$0].span.midpoint - middle) <= ReplayFilter.edge }
        return near.filter { kept[$0].text.foldedForComparison == folded }
            .min { abs(kept[$0].span.midpoint - middle) < abs(kept[$1].span.midpoint - middle) }
    }
}
