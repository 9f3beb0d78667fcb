/// What the model writes, made into words.
enum ModelText {
    /// Splits at white space and takes away quotation marks: the model learned from read stories, and now and then opens
    /// a quotation that nobody dictated.
    static func words(in text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).compactMap { word in
            let plain = word.filter { $0 != "\"" }.drop { $0 == "'" }
            return plain.isEmpty ? nil : String(plain)
        }
    }

    /// The model sometimes gets caught in a loop ("Lee, Lee, Lee, …"): up to `longestLoop` words, said again and again
    /// to the end of the text.
    static func endsInLoop(_ words: [String]) -> Bool {
        (1...Self.longestLoop).contains { length in
            let repeated = length * Self.loopCount
            guard words.count >= repeated else { return false }
            let tail = words.suffix(repeated)
            return zip(tail, tail.dropFirst(length)).allSatisfy { $0 == $1 }
        }
    }

    /// Words in a loop.
    private static let longestLoop = 4
    /// Nobody says the same this often in a row.
    private static let loopCount = 5
}
