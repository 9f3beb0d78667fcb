import Testing

@Suite("Word error rate")
struct WordErrorRateTests {
    @Test("Case, punctuation and the spelling of small numbers are no errors")
    func alike() {
        #expect(WordErrorRate.between(said: "Mister Dashwood, ten metres.", heard: "mr dashwood 10 Meters") == 0)
    }

    @Test("A changed, a missing and an added word count one each")
    func counted() {
        #expect(WordErrorRate.between(said: "a b c d", heard: "a x c d") == 0.25)
        #expect(WordErrorRate.between(said: "a b c d", heard: "a c d") == 0.25)
        #expect(WordErrorRate.between(said: "a b c d", heard: "a b b c d") == 0.25)
        #expect(WordErrorRate.between(said: "a b c d", heard: "") == 1)
    }
}
