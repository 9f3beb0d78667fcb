/// How far a recognised text is from what was said: words to change, add or leave out, per word that was said.
enum WordErrorRate {
    static func between(said: String, heard: String) -> Double {
        let said = Self.words(said)
        let heard = Self.words(heard)
        var row = Array(0...heard.count)
        for (index, word) in said.enumerated() {
            var corner = row[0]
            row[0] = index + 1
            for (column, other) in heard.enumerated() {
                let changed = corner + (word == other ? 0 : 1)
                corner = row[column + 1]
                row[column + 1] = min(changed, corner + 1, row[column] + 1)
            }
        }
        return Double(row[heard.count]) / Double(max(1, said.count))
    }

    /// The words as they are compared: without case and punctuation, small numbers and "Mr" written out.
    static func words(_ text: String) -> [String] {
        text.lowercased()
            .split { !($0.isLetter || $0.isNumber || $0 == "'") }
            .map { Self.alike[String($0)] ?? String($0) }
    }

    private static let alike: [String: String] = {
        let numbers = [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        ]
        var alike = ["mr": "mister", "meters": "metres", "meter": "metre"]
        for (number, word) in numbers.enumerated() {
            alike[String(number)] = word
        }
        return alike
    }()
}
