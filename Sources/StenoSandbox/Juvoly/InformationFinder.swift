import StenoCore

/// Finds something to inform about in what an engine recognised: one word out of a list, once per connection. A script says
/// for itself what is found in it.
struct InformationFinder {
    private static let words: Set<String> = [
        "weight", "temperature", "pulse", "pressure", "fever", "pain", "cough", "ear",
        "gewicht", "temperatuur", "pols", "bloeddruk", "koorts", "pijn", "hoest", "oor",
    ]

    private var isDone = false

    /// - Returns: an entry of each kind, labelled as the sandbox's, when the first of the words is there.
    mutating func find(in sentence: String) -> Information? {
        guard !self.isDone, let word = Self.firstWord(in: sentence) else { return nil }
        self.isDone = true
        let text = "\(PlainNote.label)the word '\(word)' was said"
        return Information(
            codings: [.init(system: "icpc", code: "A00", description: text)],
            resources: [.init(link: "https://sandbox.invalid/\(word)", description: text, origin: "NHG")],
            measurements: [.init(description: text, value: "0/0", unit: "sandbox")]
        )
    }

    private static func firstWord(in sentence: String) -> String? {
        sentence.lowercased().split { !$0.isLetter }.map(String.init).first(where: Self.words.contains)
    }
}
