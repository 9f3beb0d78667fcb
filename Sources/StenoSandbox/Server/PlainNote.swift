/// Notes made without any intelligence: the sentences of a transcript in their order, four parts of them, labelled as the
/// sandbox's. They prove which text arrived, and nobody takes them for a summary.
enum PlainNote {
    static let label = "[sandbox] "

    /// Four parts, as even as the count of sentences allows; the earlier ones get the more. Parts without a sentence are empty.
    static func quarters(_ text: String) -> [String] {
        let sentences = Self.sentences(text)
        var parts: [String] = []
        var start = 0
        for index in 0..<4 {
            let count = sentences.count / 4 + (index < sentences.count % 4 ? 1 : 0)
            let part = sentences[start..<(start + count)].joined(separator: " ")
            parts.append(part.isEmpty ? "" : Self.label + part)
            start += count
        }
        return parts
    }

    /// One paragraph: how much was said, and how it began.
    static func paragraph(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace)
        let beginning = words.prefix(40).joined(separator: " ")
        return "\(Self.label)A consultation of \(words.count) words, which begins: \(beginning)"
    }

    static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        var current: [Substring] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            current.append(word)
            if let last = word.last, ".?!".contains(last) {
                sentences.append(current.joined(separator: " "))
                current = []
            }
        }
        if !current.isEmpty { sentences.append(current.joined(separator: " ")) }
        return sentences
    }
}
