import StenoCore

/// Word times for a recogniser that gives none.
enum EstimatedWords {
    /// Spreads `words` over the time from `start` to `end` (seconds), each as long as its share of the characters.
    ///
    /// The first begins at `start`, the last ends at `end`, and each begins where the one before it ends: together they
    /// cover exactly the speech that was heard.
    static func spread(_ words: [String], from start: Double, to end: Double) -> [TranscriptUpdate.TimedWord] {
        let total = words.reduce(0) { $0 + $1.count }
        guard total > 0 else { return [] }
        let length = max(0, end - start)
        func time(after characters: Int) -> Double { start + length * Double(characters) / Double(total) }
        var spoken = 0
        return words.map { word in
            let begin = time(after: spoken)
            spoken += word.count
            return TranscriptUpdate.TimedWord(text: word, start: begin, end: time(after: spoken))
        }
    }
}
