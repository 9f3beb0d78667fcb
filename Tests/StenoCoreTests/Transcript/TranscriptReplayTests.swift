import StenoCore
import Testing

@Suite("Transcript state machine: replay")
struct TranscriptReplayTests {
    /// "een twee drie vier" at 10 s is settled; a new connection begins at 9 s.
    private func replaying() -> TranscriptRig {
        var rig = TranscriptRig()
        rig.hear(.final("0", "een twee drie vier", at: 10))
        rig.reconnect(at: 9)
        _ = rig.take()
        return rig
    }

    @Test("What is heard a second time is dropped, though its ids, times and spelling are others")
    func doubles() {
        var rig = self.replaying()
        rig.hear(.interim("a", "Een, twee", at: 1.08), .final("a", "Een, twee. Drie? Vier!", at: 1.08))
        #expect(rig.take().told == ["confirm 10.08..<11.98"])
        #expect(rig.machine.utterances.map(\.text) == ["een twee drie vier"])
    }

    @Test("An utterance that goes on after what is settled keeps only what is new")
    func goesOn() {
        var rig = self.replaying()
        rig.hear(.final("a", "een twee drie vier vijf zes", at: 1))
        #expect(rig.machine.utterances.map(\.text) == ["een twee drie vier", "vijf zes"])
        #expect(rig.machine.utterances.last?.span == .seconds(12..<12.9))
        #expect(rig.take().told.first == "confirm 10.0..<12.9")
    }

    @Test("Deep inside settled speech time alone decides")
    func deepInside() {
        var rig = self.replaying()
        rig.hear(.final("a", "iets", at: 1.7))
        #expect(rig.machine.utterances.map(\.text) == ["een twee drie vier"])
    }

    @Test("Another word near the edge of settled speech is kept and marked")
    func doubtInside() {
        var rig = self.replaying()
        rig.hear(.final("a", "hier", at: 2.45))
        #expect(rig.machine.utterances.map(\.text) == ["een twee drie vier", "hier"])
        #expect(rig.machine.utterances.map(\.isDoubtful) == [false, true])
    }

    @Test("The same word just outside the edge is a double if it lies at the same time")
    func sameWordOutside() {
        var rig = TranscriptRig()
        var settled = TranscriptUpdate.final("0", "een twee ja", at: 10)
        settled.words[2].end = 11.1
        rig.hear(settled)
        rig.reconnect(at: 9)
        var again = TranscriptUpdate.final("a", "Ja!", at: 2)
        again.words[0].end = 2.25
        rig.hear(again)
        #expect(rig.machine.utterances.map(\.text) == ["een twee ja"])
    }

    @Test("The same word said again right after is kept and marked, not dropped", arguments: [2.85, 2.95])
    func saidTwice(start: Double) {
        var rig = self.replaying()
        var again = TranscriptUpdate.final("a", "vier", at: start)
        again.words[0].end = start + 0.2
        rig.hear(again)
        #expect(rig.machine.utterances.map(\.text) == ["een twee drie vier", "vier"])
        #expect(rig.machine.utterances.map(\.isDoubtful) == [false, true])
    }

    @Test("Another word just outside the edge is new, and the same word farther away is too")
    func newWords() {
        var rig = self.replaying()
        rig.hear(.final("a", "vijf", at: 2.95), .final("b", "vier", at: 3.6))
        #expect(rig.machine.utterances.map(\.text) == ["een twee drie vier", "vijf", "vier"])
        #expect(rig.machine.utterances.allSatisfy { !$0.isDoubtful })
    }

    @Test("A pause between two settled utterances is not settled itself")
    func pauseBetween() {
        var rig = TranscriptRig()
        rig.hear(.final("0", "een twee drie", at: 0), .final("1", "vier vijf zes", at: 5))
        rig.reconnect(at: 0)
        rig.hear(.final("0", "gemist", at: 3))
        #expect(rig.machine.utterances.map(\.text) == ["een twee drie", "gemist", "vier vijf zes"])
    }

    @Test("What an earlier connection settled far back does not disturb, however often it is replayed")
    func manyConnections() {
        var rig = TranscriptRig()
        for round in 0..<10 {
            rig.hear(.final("0", "woord\(round) en nog", at: Double(round) * 3))
            rig.reconnect(at: 0)
            for earlier in 0...round {
                rig.hear(.final("x\(earlier)", "woord\(earlier) en nog", at: Double(earlier) * 3))
            }
            rig.reconnect(at: 0)
        }
        #expect(rig.machine.utterances.map(\.text) == (0..<10).map { "woord\($0) en nog" })
    }

    @Test("Of an utterance kept aside only the words that were heard again are taken out")
    func partlyHeardAgain() {
        var rig = TranscriptRig()
        rig.hear(.interim("0", "een twee drie vier", at: 10))
        rig.reconnect(at: 9)
        _ = rig.take()
        rig.hear(.final("0", "een twee", at: 1))
        #expect(
            rig.take().told == ["confirm 10.0..<10.9", "show drie vier", "complete een twee", "deliver een twee"]
        )
        rig.finish()
        #expect(rig.take().told == ["deliver drie vier (unconfirmed)"])
        #expect(rig.machine.utterances.map(\.span) == [.seconds(10..<10.9), .seconds(11..<11.9)])
    }

    @Test("An utterance kept aside can be heard again in several pieces and over several connections")
    func heardAgainInPieces() {
        var rig = TranscriptRig()
        rig.hear(.interim("0", "een twee drie vier", at: 10))
        rig.reconnect(at: 9)
        rig.hear(.final("0", "een", at: 1), .interim("1", "twee drie", at: 1.5))
        rig.reconnect(at: 9)
        rig.hear(.final("0", "een twee", at: 1), .final("1", "drie vier", at: 2))
        rig.finish()
        #expect(rig.machine.utterances.map(\.text) == ["een", "twee", "drie vier"])
        #expect(rig.machine.utterances.allSatisfy { $0.isConfirmed })
    }

    @Test("What two lost connections left open of the same words is kept once")
    func asideTwice() {
        var rig = TranscriptRig()
        rig.hear(.interim("0", "een twee drie vier", at: 10))
        rig.reconnect(at: 9)
        rig.hear(.interim("0", "een twee", at: 1))
        _ = rig.take()
        rig.reconnect(at: 9)
        #expect(rig.take().told == ["show drie vier"])
        rig.finish()
        #expect(rig.machine.utterances.map(\.text) == ["een twee", "drie vier"])
    }

    /// A connection begins inside of the second word: its end is not enough to understand it, and the third is told
    /// 120 ms too early.
    private static var begunInsideAWord: TranscriptRig {
        var rig = TranscriptRig()
        var first = TranscriptUpdate.interim("0", "een twee drie", at: 10)
        (first.words[1].start, first.words[1].end) = (10.56, 10.72)
        (first.words[2].start, first.words[2].end) = (10.72, 11.12)
        rig.hear(first)
        rig.reconnect(at: 10.6)
        rig.hear(.final("0", "Drie.", at: 0))
        return rig
    }

    @Test("A word kept aside stays where another connection began inside it, however early that tells the next one")
    func wordBeforeAConnection() {
        var rig = Self.begunInsideAWord
        rig.finish()
        #expect(rig.machine.utterances.map(\.text) == ["een twee", "Drie."])
    }

    @Test("The same word stays in the next process", arguments: [false, true])
    func wordBeforeAConnectionRemembered(hasEnded: Bool) {
        var rig = Self.begunInsideAWord
        if hasEnded { rig.finish() }
        var next = TranscriptStateMachine(remembering: rig.machine.remembered, sent: .seconds(12))
        _ = next.finish()
        #expect(next.utterances.map(\.text) == ["een twee", "Drie."])
    }

    @Test("A text kept aside without times is taken back when the same words complete where it may have been said")
    func untimedAside() {
        var rig = TranscriptRig()
        rig.sent = .seconds(4)
        rig.hear(.untimed("0", "goede morgen"))
        rig.reconnect(at: 0)
        _ = rig.take()
        rig.sent = .seconds(9)
        rig.hear(.final("0", "Goede morgen, dokter.", at: 1))
        rig.finish()
        #expect(rig.machine.utterances.map(\.text) == ["Goede morgen, dokter."])

        var other = TranscriptRig()
        other.sent = .seconds(4)
        other.hear(.untimed("0", "goede morgen"))
        other.reconnect(at: 0)
        other.sent = .seconds(9)
        other.hear(.final("0", "Iets anders.", at: 1))
        other.finish()
        #expect(Set(other.machine.utterances.map(\.text)) == ["goede morgen", "Iets anders."])
    }

    @Test("A text without times that may be a double is kept and marked")
    func untimedDouble() {
        var rig = self.replaying()
        rig.hear(.untimed("a", "een twee drie vier", isCompleted: true))
        #expect(rig.machine.utterances.map(\.isDoubtful) == [true, false])
    }
}
