import Steno
import StenoCore
import StenoWire
import Testing

@Suite("Standard output")
struct StandardOutputTests {
    @Test("Text is one utterance per line, then a blank line, the summaries and the notes")
    func text() {
        #expect(
            RunFixture.output(.text, RunFixture.dictation) == """
                Good morning.
                Bella limps.
                Since Mon [unconfirmed]

                --- summary soep ---
                Subjective: Limps
                since Monday.
                Plan: Rest.
                --- note connectvets n-1 ---
                Anamnesis: Limps.

                """
        )
    }

    @Test("Text without a summary or a note is the transcript and nothing else")
    func plainText() {
        let utterance = RunFixture.utterance("Good morning.", 0...1)
        let events = [RunFixture.recording(), RunFixture.delivered(utterance), RunFixture.end()]
        #expect(RunFixture.output(.text, events) == "Good morning.\n")
    }

    @Test("An utterance without text leaves no blank line, which would end the transcript")
    func emptyUtterance() {
        let events = [RunFixture.delivered(RunFixture.utterance("", 0...1)), RunFixture.end()]
        for format in [OutputFormat.text, .srt] { #expect(RunFixture.output(format, events).isEmpty) }
        #expect(RunFixture.output(.vtt, events) == "WEBVTT\n")
    }

    @Test("Text comes as it is delivered, not at the end")
    func live() {
        var output = StandardOutput(format: .text)
        #expect(output.text(for: RunFixture.delivered(RunFixture.utterance("One.", 0...1))) == "One.\n")
        #expect(output.text(for: RunFixture.end()) == nil)
    }

    @Test("A skipped or failed delivery shows no note")
    func noNote() {
        let report = DeliveryReport(target: "connectvets", state: .skipped, reason: "Nothing was said.")
        #expect(RunFixture.output(.text, [.delivery(report), RunFixture.end()]).isEmpty)
    }

    @Test("JSON is one object with everything in it")
    func json() throws {
        let text = RunFixture.output(.json, RunFixture.dictation)
        let object = try JSONValue(parsing: text)
        #expect(text.filter { $0 == "\n" }.count == 1)
        #expect(
            object.members?.map(\.name) == [
                "v", "id", "source", "engine", "sandbox", "duration", "utterances", "information", "summaries",
                "deliveries", "warnings", "complete", "coverage", "unconfirmed",
            ]
        )
        #expect(
            object["utterances"]?.array?.map { $0["text"]?.string } == ["Good morning.", "Bella limps.", "Since Mon"]
        )
        #expect(object["deliveries"]?.array?.map { $0["state"]?.string } == ["done"])
        #expect(object["summaries"]?.array?.first?["parts"]?.array?.count == 2)
        #expect(object["complete"]?.bool == false)
    }

    @Test("SubRip and WebVTT have a cue for each utterance")
    func subtitles() {
        #expect(
            RunFixture.output(.srt, RunFixture.dictation) == """
                1
                00:00:00,500 --> 00:00:01,500
                Good morning.

                2
                00:00:02,000 --> 00:00:03,000
                Bella limps.

                3
                00:00:04,000 --> 00:00:05,000
                Since Mon [unconfirmed]

                """
        )
        #expect(
            RunFixture.output(.vtt, RunFixture.dictation) == """
                WEBVTT

                00:00:00.500 --> 00:00:01.500
                Good morning.

                00:00:02.000 --> 00:00:03.000
                Bella limps.

                00:00:04.000 --> 00:00:05.000
                Since Mon [unconfirmed]

                """
        )
    }

    @Test("Markdown has times, codings, summaries and notes")
    func markdown() {
        #expect(
            RunFixture.output(.md, RunFixture.dictation) == """
                # Transcript

                **00:00:00** Good morning.

                **00:00:02** Bella limps.

                **00:00:04** Since Mon \\[unconfirmed\\]

                ## Information

                - SNOMED 00123: Limping
                - Blood pressure: 140/90 mmHg

                ## Summary soep

                **Subjective.** Limps\u{20}\u{20}
                since Monday.

                **Plan.** Rest.

                ## Note connectvets n-1

                **Anamnesis.** Limps.


                """
        )
    }

    @Test("Markdown shows what was said, not what it looks like")
    func markdownEscapes() {
        let utterance = RunFixture.utterance("*2* <b> & [x](y) `z`", 0...1)
        let text = RunFixture.output(.md, [RunFixture.delivered(utterance), RunFixture.end()])
        #expect(text.contains(#"\*2\* \<b\> \& \[x\](y) \`z\`"#))
    }

    @Test("Markdown says that it comes from the sandbox, and that a summary is partial")
    func markdownLabels() {
        let events = [
            RunFixture.recording(isSandbox: true), RunFixture.summary("soep", isPartial: true, ("", "Text")),
            RunFixture.end(),
        ]
        let text = RunFixture.output(.md, events)
        #expect(text.contains("> Made in the sandbox: no real service was involved."))
        #expect(text.contains("> Made from a part of the recording.\n\nText\n"))
    }

    @Test("The transcript of a document is in the order of the timeline, whatever the order of delivery")
    func order() {
        let late = RunFixture.delivered(RunFixture.utterance("Second.", 2...3))
        let early = RunFixture.delivered(RunFixture.utterance("First.", 0...1, id: "1"))
        let text = RunFixture.output(.md, [late, early, RunFixture.end()])
        #expect(text == "# Transcript\n\n**00:00:00** First.\n\n**00:00:02** Second.\n\n")
    }

    @Test("No format lets text drive the reader's terminal", arguments: OutputFormat.allCases)
    func escapes(format: OutputFormat) {
        let evil = "a\u{1B}[2Jb\u{9B}31mc\u{202E}d\re\u{7}f\u{85}g\u{2028}h\u{7F}"
        let utterance = RunFixture.utterance(evil, 0...1, id: evil, words: [RunFixture.word(evil, 0, 1)])
        let coding = Information.Coding(system: evil, code: evil, description: evil)
        let section = DeliveryReport.Section(title: evil, text: evil)
        let events: [RunEvent] = [
            RunFixture.recording(source: evil), RunFixture.interim(utterance), RunFixture.completed(utterance),
            RunFixture.delivered(utterance), .recognition(.transcript(.withdraw(utterance.id))),
            .recognition(.information(Information(codings: [coding]))), RunFixture.summary(evil, (evil, evil)),
            .delivery(
                DeliveryReport(target: evil, state: .done, noteID: evil, reason: evil, sections: [section])
            ),
            .gap(utterance.span, cause: evil), .warning(evil), RunFixture.end(),
        ]
        let text = RunFixture.output(format, events)
        #expect(text.unicodeScalars.allSatisfy { !Self.drives($0) || $0 == "\n" })
        let bracket = format == .md ? "\\[" : "["
        #expect(text.contains("a\u{241B}\(bracket)2Jb31mcd e\u{2407}f"))
    }

    private static func drives(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
