import Steno
import StenoCore
import Testing

@Suite("Subtitles")
struct SubtitlesTests {
    private static let sentence =
        "She has been limping since Monday and the left front paw is swollen and warm to the touch."

    private func texts(_ utterances: Utterance...) -> [[String]] {
        Subtitles.srt(of: utterances).split(separator: "\n\n", omittingEmptySubsequences: true).map { cue in
            cue.split(separator: "\n").dropFirst(2).map(String.init)
        }
    }

    @Test("No cue has more than two lines of 42 letters, and no word is lost")
    func lines() {
        let text = [Self.sentence, Self.sentence, "And then?", Self.sentence].joined(separator: " ")
        let cues = self.texts(RunFixture.utterance(text, 0...24))
        #expect(cues.allSatisfy { $0.count <= 2 && $0.allSatisfy { $0.count <= 42 } })
        #expect(cues.flatMap { $0 }.joined(separator: " ") == text)
    }

    @Test("A cue that needs two lines is broken where they are most alike")
    func balanced() {
        let cues = self.texts(
            RunFixture.utterance("Her temperature is slightly raised and her pulse is regular.", 0...4)
        )
        #expect(cues == [["Her temperature is slightly", "raised and her pulse is regular."]])
    }

    @Test("A sentence that is long enough ends its cue")
    func sentences() {
        let cues = self.texts(
            RunFixture.utterance(
                "She has no chest pain at all. Her breathing is easy at rest, but not on the stairs.",
                0...6
            )
        )
        #expect(cues.first == ["She has no chest pain at all."])
    }

    @Test("Cues take their times from the words, and none lasts longer than seven seconds")
    func times() {
        let words = [
            RunFixture.word("One", 0, 1), RunFixture.word("two", 5, 6), RunFixture.word("three.", 9, 10),
        ]
        #expect(
            Subtitles.vtt(of: [RunFixture.utterance("One two three.", 0...10, words: words)]) == """
                WEBVTT

                00:00:00.000 --> 00:00:06.000
                One two

                00:00:09.000 --> 00:00:10.000
                three.

                """
        )
    }

    @Test("Words that do not join up to the sentence give it no times: the sentence is what counts")
    func differingWords() {
        let words = [RunFixture.word("SOMETHING", 0, 1), RunFixture.word("ELSE", 1, 2)]
        let cues = self.texts(RunFixture.utterance(Self.sentence, 0...8, words: words))
        #expect(cues.flatMap { $0 }.joined(separator: " ") == Self.sentence)
        let none = self.texts(RunFixture.utterance(Self.sentence, 0...8, words: []))
        #expect(none == cues)
    }

    @Test("A long utterance that was never confirmed says so once, at its end")
    func unconfirmed() {
        let cues = self.texts(RunFixture.utterance(Self.sentence, 0...8, isConfirmed: false))
        let text = cues.flatMap { $0 }.joined(separator: " ")
        #expect(text == Self.sentence + " [unconfirmed]")
    }

    @Test("A cue has a length, also where the utterance has none")
    func noLength() {
        #expect(Subtitles.srt(of: [RunFixture.utterance("Yes.", 1...1)]).contains("00:00:01,000 --> 00:00:01,100"))
    }

    @Test("A word longer than a line stands alone")
    func longWord() {
        let word = String(repeating: "a", count: 100)
        #expect(self.texts(RunFixture.utterance("so \(word) so", 0...3)) == [["so"], [word], ["so"]])
    }

    @Test("Markup in WebVTT is text")
    func markup() {
        let text = Subtitles.vtt(of: [RunFixture.utterance("<b> & --> x", 0...1)])
        #expect(text.hasSuffix("&lt;b&gt; &amp; --&gt; x\n"))
    }

    @Test("Clocks have hours, minutes, seconds and milliseconds")
    func clock() {
        let position = SamplePosition(seconds: 3_723.456)
        #expect(Subtitles.clock(position, fraction: ",") == "01:02:03,456")
        #expect(Subtitles.clock(position, fraction: nil) == "01:02:03")
        #expect(Subtitles.clock(SamplePosition(frames: -5), fraction: ".") == "00:00:00.000")
    }
}
