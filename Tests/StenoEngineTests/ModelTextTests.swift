import Testing

@testable import StenoEngine

@Suite("Model text")
struct ModelTextTests {
    @Test("Words are split at any white space")
    func split() {
        #expect(ModelText.words(in: " Keep the\near\tdry. ") == ["Keep", "the", "ear", "dry."])
        #expect(ModelText.words(in: " \n").isEmpty)
    }

    @Test("Quotation marks that nobody spoke are taken away, apostrophes stay")
    func quotations() {
        #expect(
            ModelText.words(in: "\"'She doesn't smoke. \" the owners' dog\"") == [
                "She", "doesn't", "smoke.", "the", "owners'", "dog",
            ]
        )
    }

    @Test("Up to four words said over and over to the end are a loop", arguments: ["a", "a b", "a b c", "a b c d"])
    func loop(words: String) {
        let once = words.split(separator: " ").map(String.init)
        let often = Array(repeatElement(once, count: 5).joined())
        #expect(ModelText.endsInLoop(["well"] + often))
        #expect(!ModelText.endsInLoop(often + ["well"]))
        #expect(!ModelText.endsInLoop(Array(often.dropFirst())))
    }

    @Test("Ordinary text is no loop")
    func ordinary() {
        #expect(!ModelText.endsInLoop([]))
        #expect(!ModelText.endsInLoop(["very", "very", "very", "very", "small"]))
    }
}
