/// Splits the interim text of one utterance into the words that have settled and those that may still change.
///
/// A recogniser rewrites its newest words again and again. What its last two texts have in common from the beginning on
/// (local agreement of two) rarely changes any more, so a reader can trust it. A word is what stands between spaces;
/// in scripts that are written without spaces, each character is one.
///
/// One value belongs to one utterance: it is dropped when the utterance is finished or taken back.
public struct InterimStability: Hashable, Sendable {
    /// The newest text.
    public private(set) var text = ""
    private var boundary = "".startIndex

    public init() {}

    /// What the last two texts agree on, up to the end of its last word.
    public var stable: Substring { self.text[..<self.boundary] }
    /// The rest of the newest text, with the space before it.
    public var tentative: Substring { self.text[self.boundary...] }

    /// The recogniser now says `text`.
    public mutating func update(_ text: String) {
        let former = self.text
        self.text = text
        self.boundary = Self.agreement(of: former, with: text)
    }

    /// The text will not change any more.
    public mutating func settle(_ text: String) {
        self.text = text
        self.boundary = text.endIndex
    }

    /// Where in `text` its last word ends that `former` has at the same place behind the same words.
    private static func agreement(of former: String, with text: String) -> String.Index {
        var end = text.startIndex
        var (old, new) = (former.startIndex, text.startIndex)
        while let oldWord = Self.nextWord(of: former, from: old), let newWord = Self.nextWord(of: text, from: new),
            former[oldWord] == text[newWord]
        {
            (old, new) = (oldWord.upperBound, newWord.upperBound)
            end = new
        }
        return end
    }

    private static func nextWord(of text: String, from index: String.Index) -> Range<String.Index>? {
        guard let start = text[index...].firstIndex(where: { !$0.isWhitespace }) else { return nil }
        let next = text.index(after: start)
        guard !Self.isWord(text[start]) else { return start..<next }
        let end = text[next...].firstIndex { $0.isWhitespace || Self.isWord($0) }
        return start..<(end ?? text.endIndex)
    }

    /// A character of Chinese or Japanese, which have no spaces.
    private static func isWord(_ character: Character) -> Bool {
        switch character.unicodeScalars.first?.value ?? 0 {
        case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFD: true
        default: false
        }
    }
}
