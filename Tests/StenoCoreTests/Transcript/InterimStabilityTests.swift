import StenoCore
import StenoTesting
import Testing

@Suite("Interim stability")
struct InterimStabilityTests {
    private func heard(_ texts: String...) -> InterimStability {
        var stability = InterimStability()
        for text in texts { stability.update(text) }
        return stability
    }

    @Test("What was heard once is tentative")
    func first() {
        let stability = self.heard("The left paw")
        #expect(stability.stable == "")
        #expect(stability.tentative == "The left paw")
    }

    @Test("Words that two texts begin with alike are stable, and the rest is tentative")
    func agreement() {
        let stability = self.heard("The left pour", "The left paw is")
        #expect(stability.stable == "The left")
        #expect(stability.tentative == " paw is")
    }

    @Test("A word that grew is another word")
    func growth() {
        #expect(self.heard("The lef", "The left").stable == "The")
        #expect(self.heard("Good morning", "Good morning,").stable == "Good")
    }

    @Test("Agreement is at the same place, not anywhere")
    func place() {
        #expect(self.heard("is swollen", "paw is swollen").stable == "")
        #expect(self.heard("a a b", "a b").stable == "a")
    }

    @Test("Only the last two texts count, so that what was stable can be taken back")
    func takenBack() {
        #expect(self.heard("one two", "one two", "ten two").stable == "")
        #expect(self.heard("one two", "ten", "one two").stable == "")
    }

    @Test("A text that is repeated is stable as a whole")
    func repeated() {
        let stability = self.heard("one two", "one two ")
        #expect(stability.stable == "one two")
        #expect(stability.tentative == " ")
    }

    @Test("Spaces of any kind and number part words and are no words")
    func spaces() {
        #expect(self.heard(" one  two", "one\u{A0}two\tthree").stable == "one\u{A0}two")
        #expect(self.heard("   ", "   ").stable == "")
    }

    @Test("Scripts without spaces agree character by character")
    func withoutSpaces() {
        let stability = self.heard("左前足が", "左前脚が腫れ")
        #expect(stability.stable == "左前")
        #expect(stability.tentative == "脚が腫れ")
    }

    @Test("A settled text is stable to its end")
    func settled() {
        var stability = self.heard("one")
        stability.settle("one two.")
        #expect(stability.stable == "one two.")
        #expect(stability.tentative == "")
    }

    /// Words joined and split the slow way.
    private func slowWords(_ text: Substring) -> [Substring] { text.split(separator: " ") }

    @Test("Whatever is heard, stable words stand at the same place in the last two texts", arguments: 1...50)
    func adversary(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var stability = InterimStability()
        var former = ""
        for _ in 0..<200 {
            let count = Int.random(in: 0...6, using: &random)
            let words = (0..<count).map { _ in ["a", "b", "c", "ä", "a,"].randomElement(using: &random) ?? "" }
            let gap = ["", " ", "  "].randomElement(using: &random) ?? ""
            let text = gap + words.joined(separator: " " + gap)
            stability.update(text)
            let stable = self.slowWords(stability.stable)
            let (old, new) = (self.slowWords(former[...]), self.slowWords(text[...]))
            #expect(stable == zip(old, new).prefix { $0 == $1 }.map(\.1), "seed \(seed)")
            #expect(stability.stable + stability.tentative == text, "seed \(seed)")
            former = text
        }
    }
}
