import StenoCore
import Testing

@Suite("Transcript state machine: times, bounds and oddities")
struct TranscriptRulesTests {
    @Test("Ids and times start again with each connection and are mapped onto the one timeline")
    func mapping() {
        var rig = TranscriptRig()
        rig.hear(.final("0", "een", at: 1))
        rig.reconnect(at: 60)
        rig.hear(.final("0", "twee", at: 1))
        let utterances = rig.machine.utterances
        #expect(utterances.map(\.text) == ["een", "twee"])
        #expect(utterances.map(\.span) == [.seconds(1..<1.4), .seconds(61..<61.4)])
        #expect(utterances.map(\.id.description) == ["1-0", "2-0"])
        #expect(utterances[1].words == [Word(text: "twee", span: .seconds(61..<61.4))])
    }

    @Test("Text comes from the sentence and times from the words, also where they differ")
    func sentenceDiffersFromWords() {
        var rig = TranscriptRig()
        var update = TranscriptUpdate.final("0", "honderd veertig over negentig", at: 2)
        update.sentence = "140/90"
        rig.hear(update)
        #expect(rig.machine.utterances.map(\.text) == ["140/90"])
        #expect(rig.machine.utterances.map(\.span) == [.seconds(2..<3.9)])
    }

    @Test("Words that do not come in the order of their times cover from the first to the last all the same")
    func unsortedWords() {
        var rig = TranscriptRig()
        let words: [TranscriptUpdate.TimedWord] = [
            .init(text: "b", start: 5, end: 5.4), .init(text: "a", start: 4, end: 4.4),
            .init(text: "c", start: 7, end: 6),
        ]
        rig.hear(TranscriptUpdate(id: "0", sentence: "b a c", words: words, isCompleted: true))
        #expect(rig.take().told.first == "confirm 4.0..<7.0")
        #expect(rig.machine.utterances.map(\.text) == ["b a c"])
    }

    @Test("A completed text without a word time is kept, confirms nothing, and is noted")
    func noWordTimes() {
        var rig = TranscriptRig()
        rig.hear(.final("0", "een", at: 3), .untimed("1", "twee", isCompleted: true), .final("2", "drie", at: 5))
        #expect(
            rig.take().told.suffix(6) == [
                "note noWordTimes", "complete twee", "deliver twee", "confirm 5.0..<5.4", "complete drie",
                "deliver drie",
            ]
        )
        #expect(rig.machine.utterances.map(\.text) == ["een", "twee", "drie"], "it keeps its place in the order")
    }

    @Test(
        "Times that cannot be are kept as text, confirm nothing, are noted, and never trap",
        arguments: [
            (Double.nan, 1.0), (0, .nan), (.infinity, .infinity), (-.infinity, 1), (0, .infinity), (-1e300, 1e300),
            (1e18, 1e18), (-3, -2.5), (9_000, 9_400), (5, 1e9),
        ]
    )
    func impossibleTimes(start: Double, end: Double) {
        var rig = TranscriptRig()
        rig.sent = .seconds(10)
        rig.machine.connectionOpened(at: .seconds(5))
        rig.hear(
            TranscriptUpdate(
                id: "0",
                sentence: "wat",
                words: [.init(text: "wat", start: start, end: end)],
                isCompleted: true
            )
        )
        #expect(rig.take().told == ["note timesBeyondAudio", "complete wat", "deliver wat"])
        let heard = AudioSpan.seconds(5..<10)
        for utterance in rig.machine.utterances {
            #expect(heard.start <= utterance.span.start && utterance.span.end <= heard.end)
            #expect(utterance.words.allSatisfy { heard.start <= $0.span.start && $0.span.end <= heard.end })
        }
    }

    @Test("Words a little outside the audio that was sent are believed, up to where it was sent")
    func nearlyOutside() {
        var rig = TranscriptRig()
        rig.sent = .seconds(10)
        rig.machine.connectionOpened(at: .seconds(5))
        rig.hear(.final("0", "een twee", at: -0.2))
        rig.hear(.final("1", "drie vier", at: 4.4))
        #expect(rig.take().told.filter { $0.hasPrefix("confirm") } == ["confirm 5.0..<5.7", "confirm 9.4..<10.0"])
    }

    @Test("After times that cannot be, a replay loses nothing")
    func impossibleTimesAndReplay() {
        var rig = TranscriptRig()
        rig.sent = .seconds(10)
        rig.hear(
            TranscriptUpdate(
                id: "0",
                sentence: "een",
                words: [.init(text: "een", start: 0, end: 1e9)],
                isCompleted: true
            )
        )
        rig.reconnect(at: 4)
        rig.sent = .seconds(20)
        rig.hear(.final("0", "twee drie", at: 1), .final("1", "vier", at: 12))
        #expect(rig.machine.utterances.map(\.text).contains("twee drie"))
        #expect(rig.machine.utterances.map(\.text).contains("vier"))
    }

    @Test("An utterance that never completes holds back the others only up to a bound, and is not lost")
    func patience() {
        var rig = TranscriptRig()
        rig.hear(.interim("open", "blijft open", at: 0))
        for number in 1..<TranscriptStateMachine.patience {
            rig.hear(.final("\(number)", "zin \(number)", at: Double(number * 2)))
        }
        #expect(rig.take().delivered == [])
        rig.hear(.final("last", "laatste", at: 200))
        #expect(rig.take().delivered.count == TranscriptStateMachine.patience)
        rig.hear(.final("open", "toch nog af", at: 0))
        #expect(rig.take().delivered.map(\.text) == ["toch nog af"])
        #expect(rig.machine.utterances.first?.text == "toch nog af")
    }

    @Test("What was passed over and never completed is delivered at the end")
    func passedOver() {
        var rig = TranscriptRig()
        rig.hear(.interim("open", "blijft open", at: 0))
        for number in 0..<TranscriptStateMachine.patience { rig.hear(.final("\(number)", "x", at: Double(number + 1))) }
        _ = rig.take()
        rig.finish()
        #expect(rig.take().told == ["deliver blijft open (unconfirmed)"])
    }

    @Test("A connection that opens without the loss of the one before it is the same as both")
    func openedTwice() {
        var rig = TranscriptRig()
        rig.hear(.interim("0", "een", at: 1))
        rig.machine.connectionOpened(at: .seconds(30))
        #expect(rig.machine.state == .listening)
        rig.hear(.final("0", "twee", at: 1))
        #expect(rig.machine.utterances.map(\.text) == ["twee"])
        rig.finish()
        #expect(rig.machine.utterances.map(\.text) == ["een", "twee"])
    }

    @Test("Words that come while no connection is open are kept, under an id of their own")
    func betweenConnections() {
        var rig = TranscriptRig()
        rig.sent = .seconds(10)
        rig.hear(.final("0", "een", at: 1))
        rig.lose()
        rig.hear(.final("0", "te laat", at: 1))
        rig.machine.connectionOpened(at: .seconds(10))
        rig.sent = .seconds(20)
        rig.hear(.final("0", "twee", at: 1))
        #expect(rig.machine.utterances.map(\.text) == ["een", "te laat", "twee"])
        #expect(Set(rig.machine.utterances.map(\.id)).count == 3)
    }

    @Test("A recogniser that never said where it begins begins at the beginning")
    func neverOpened() {
        var machine = TranscriptStateMachine()
        _ = machine.received(.final("0", "een", at: 1), sent: .seconds(9))
        #expect(machine.utterances.map(\.span) == [.seconds(1..<1.4)])
    }

    @Test("Estimated word times stay marked")
    func estimated() {
        var rig = TranscriptRig()
        var update = TranscriptUpdate.final("0", "een")
        update.hasEstimatedWordTimes = true
        rig.hear(update)
        #expect(rig.machine.utterances.map(\.hasEstimatedWordTimes) == [true])
    }
}
