import StenoCore
import Testing

@testable import StenoEngine

@Suite("Estimated word times")
struct EstimatedWordsTests {
    @Test("Words share the time by their characters, without a gap and without overlap")
    func shared() {
        #expect(
            EstimatedWords.spread(["Keep", "it", "dry."], from: 1, to: 2) == [
                .init(text: "Keep", start: 1, end: 1.4),
                .init(text: "it", start: 1.4, end: 1.6),
                .init(text: "dry.", start: 1.6, end: 2),
            ]
        )
    }

    @Test("One word has all the time there is")
    func one() {
        #expect(EstimatedWords.spread(["No."], from: 0.5, to: 0.75) == [.init(text: "No.", start: 0.5, end: 0.75)])
    }

    @Test("No words, and an end before the start, give no negative times")
    func degenerate() {
        #expect(EstimatedWords.spread([], from: 0, to: 1).isEmpty)
        #expect(EstimatedWords.spread(["a", "b"], from: 3, to: 2).allSatisfy { $0.start == 3 && $0.end == 3 })
    }
}
