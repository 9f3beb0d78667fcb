import StenoCore
import Testing

/// The rows of the machine's table, and the rules of the contract for repeated and late messages.
@Suite("Transcript state machine: the table")
struct TranscriptTableTests {
    @Test("An interim of a new id is shown")
    func newInterim() {
        var rig = TranscriptRig()
        rig.hear(.interim("0", "goede"))
        #expect(rig.take().told == ["show goede"])
        #expect(rig.machine.state == .dictating(open: 1))
    }

    @Test("An interim of an open id replaces the earlier text, also by a shorter one")
    func replaces() {
        var rig = TranscriptRig()
        rig.hear(.interim("0", "goede morgen"), .interim("0", "goede avond samen"), .interim("0", "goed"))
        #expect(rig.take().told == ["show goede morgen", "show goede avond samen", "show goed"])
        #expect(rig.machine.state == .dictating(open: 1))
    }

    @Test("A completed utterance is final, confirmed, and delivered")
    func completes() {
        var rig = TranscriptRig()
        rig.hear(.interim("0", "goede", at: 8), .final("0", "Goede morgen.", at: 8))
        #expect(
            rig.take().told == [
                "show goede", "confirm 8.0..<8.9", "complete Goede morgen.", "deliver Goede morgen.",
            ]
        )
        #expect(rig.machine.state == .listening)
        #expect(rig.machine.utterances.map(\.text) == ["Goede morgen."])
        #expect(rig.machine.utterances.first?.isConfirmed == true)
    }

    @Test("A completed utterance of a new id needs no interim before it")
    func completesAtOnce() {
        var rig = TranscriptRig()
        rig.hear(.final("7", "ja"))
        #expect(rig.take().told == ["confirm 0.0..<0.4", "complete ja", "deliver ja"])
    }

    @Test("An interim of a completed id is late and changes nothing")
    func lateInterim() {
        var rig = TranscriptRig()
        rig.hear(.final("0", "goede morgen"))
        _ = rig.take()
        rig.hear(.interim("0", "goede avond"))
        #expect(rig.take() == [])
        #expect(rig.machine.utterances.map(\.text) == ["goede morgen"])
        #expect(rig.machine.state == .listening)
    }

    @Test("A repeated final changes nothing, also when its text differs")
    func repeatedFinal() {
        var rig = TranscriptRig()
        rig.hear(.final("0", "goede morgen"))
        _ = rig.take()
        rig.hear(.final("0", "goede morgen"), .final("0", "iets anders"))
        #expect(rig.take() == [])
        #expect(rig.machine.utterances.map(\.text) == ["goede morgen"])
    }

    @Test("Several utterances may be open at once; they are delivered in the order they appeared in")
    func severalOpen() {
        var rig = TranscriptRig()
        rig.hear(.interim("a", "een", at: 0), .interim("b", "twee", at: 2), .interim("c", "drie", at: 4))
        #expect(rig.machine.state == .dictating(open: 3))
        _ = rig.take()
        rig.hear(.final("c", "drie", at: 4), .final("b", "twee", at: 2))
        #expect(rig.take().delivered == [])
        #expect(rig.machine.openUtterances == 1)
        rig.hear(.final("a", "een", at: 0))
        #expect(rig.take().delivered.map(\.text) == ["een", "twee", "drie"])
    }

    @Test("The transcript is in the order of the timeline, whatever order it came in")
    func timelineOrder() {
        var rig = TranscriptRig()
        rig.hear(.final("a", "later", at: 9), .final("b", "eerder", at: 2))
        #expect(rig.take().delivered.map(\.text) == ["later", "eerder"], "first appearance")
        #expect(rig.machine.utterances.map(\.text) == ["eerder", "later"])
    }

    @Test("A final may be shorter than its interim")
    func shorterFinal() {
        var rig = TranscriptRig()
        rig.hear(.interim("0", "goede morgen samen"), .final("0", "goede"))
        #expect(rig.machine.utterances.map(\.text) == ["goede"])
        #expect(rig.take().delivered.map(\.text) == ["goede"])
    }

    @Test("A final may be empty; what was shown is taken back")
    func emptyFinal() {
        var rig = TranscriptRig()
        rig.hear(.interim("0", "uh"), .untimed("0", "", isCompleted: true))
        #expect(rig.take().told == ["show uh", "withdraw 1-0"])
        #expect(rig.machine.utterances == [])
        #expect(rig.machine.state == .listening)
        rig.hear(.untimed("1", "", isCompleted: true))
        #expect(rig.take() == [], "it was never shown")
    }

    @Test("An interim that becomes empty is taken back, until it has a text again")
    func emptyInterim() {
        var rig = TranscriptRig()
        rig.hear(.untimed("0", ""), .interim("0", "uh"), .untimed("0", ""), .untimed("0", ""), .interim("0", "ja"))
        #expect(rig.take().told == ["show uh", "withdraw 1-0", "show ja"])
        #expect(rig.machine.state == .dictating(open: 1))
    }

    @Test("A lost connection leaves its open utterances aside; nothing of them is delivered before the end")
    func lost() {
        var rig = TranscriptRig()
        rig.hear(.final("0", "een", at: 0), .interim("1", "twee drie", at: 2))
        _ = rig.take()
        rig.lose()
        #expect(rig.take() == [])
        #expect(rig.machine.state == .listening)
        #expect(rig.machine.hasUnconfirmedText)
        #expect(rig.machine.utterances.map(\.text) == ["een"])
        rig.finish()
        #expect(rig.take().told == ["deliver twee drie (unconfirmed)"])
        #expect(rig.machine.utterances.map(\.isConfirmed) == [true, false])
    }

    @Test("A lost connection lets through what waited behind its open utterances")
    func lostReleases() {
        var rig = TranscriptRig()
        rig.hear(.interim("0", "een", at: 0), .final("1", "twee", at: 2))
        #expect(rig.take().delivered == [])
        rig.lose()
        #expect(rig.take().delivered.map(\.text) == ["twee"])
    }

    @Test("An utterance kept aside is taken back when a completed one has heard its words")
    func heardAgain() {
        var rig = TranscriptRig()
        rig.hear(.interim("0", "twee drie", at: 10))
        rig.reconnect(at: 9)
        _ = rig.take()
        rig.hear(.interim("0", "twee", at: 1.08))
        #expect(rig.take().told == ["show twee"], "an interim takes nothing back")
        rig.hear(.final("0", "Twee drie.", at: 1.08))
        #expect(
            rig.take().told == [
                "confirm 10.08..<10.98", "withdraw 1-0", "complete Twee drie.", "deliver Twee drie.",
            ]
        )
        rig.finish()
        #expect(rig.take() == [])
        #expect(!rig.machine.hasUnconfirmedText)
    }

    @Test("At the end, what is still open or aside is delivered and marked, and then nothing changes any more")
    func finishes() {
        var rig = TranscriptRig()
        rig.hear(
            .interim("0", "een", at: 0),
            .final("1", "twee", at: 2),
            .interim("2", "drie", at: 4),
            .untimed("3", "")
        )
        _ = rig.take()
        rig.finish()
        #expect(rig.take().told == ["deliver een (unconfirmed)", "deliver twee", "deliver drie (unconfirmed)"])
        #expect(rig.machine.state == .finished)
        #expect(rig.machine.utterances.map(\.text) == ["een", "twee", "drie"])

        rig.hear(.final("0", "een"), .interim("9", "x"))
        rig.lose()
        rig.finish()
        rig.machine.connectionOpened(at: .seconds(5))
        #expect(rig.take() == [])
        #expect(rig.machine.utterances.map(\.text) == ["een", "twee", "drie"])
    }
}
