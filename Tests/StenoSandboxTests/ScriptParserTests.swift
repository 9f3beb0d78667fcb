import StenoCore
import StenoSandbox
import Testing

@Suite("Session files")
struct ScriptParserTests {
    @Test("Every kind of line is understood")
    func everyLine() throws {
        let session = try ScriptedSession(
            """
            # a comment
            fault ready=twice
            utterance
              0.5 0.75 Good
              0.75 1 day.
              interims 2
              interim 0.8 Good they
              final 2 Good day to you.
              again 2.5
              late 3 Good
            information 1.5
              coding icpc K29 other symptoms
              resource https://a.example/b NHG
              measurement 140/90 mmHg Blood pressure
            """
        )
        let utterance = ScriptedUtterance(
            words: [.init(text: "Good", start: 0.5, end: 0.75), .init(text: "day.", start: 0.75, end: 1)],
            interims: .every(2),
            completion: .at(2),
            completedText: "Good day to you.",
            messages: [
                .init(time: 0.8, kind: .interim("Good they")), .init(time: 2.5, kind: .again),
                .init(time: 3, kind: .late("Good")),
            ]
        )
        let information = Information(
            codings: [.init(system: "icpc", code: "K29", description: "other symptoms")],
            resources: [.init(link: "https://a.example/b", description: "", origin: "NHG")],
            measurements: [.init(description: "Blood pressure", value: "140/90", unit: "mmHg")]
        )
        #expect(session.utterances == [utterance])
        #expect(session.information == [ScriptedInformation(time: 1.5, information: information)])
        #expect(session.faults == ["ready=twice"])
        #expect(session.text == "Good day to you.")
    }

    @Test(
        "A mistake is named by file and line",
        arguments: [
            ("1 2 word", "session, line 1: this line begins with '1'"),
            ("\nutterance\n  x 2 word", "session, line 3: this line has 'x' where a time in seconds is expected"),
            ("utterance\n  2 1 word", "session, line 2: this line has a word that ends before it begins"),
            (
                "utterance\n  2 3 a\n  1 2 b",
                "session, line 3: this line has a word that begins before the one above it"
            ),
            ("utterance\n  1 2", "session, line 2: this line lacks a word"),
            ("utterance\n  1 2 a\n  interims 0", "session, line 3: this line needs 'each', 'none' or a count"),
            ("utterance now", "session, line 1: this line has 'now' behind its end"),
            ("utterance", "session: utterance 1 has no word"),
            ("information 1\n  finding a b c", "session, line 2: this line begins with 'finding'"),
            ("information -1", "session, line 1: this line has '-1' where"),
            ("fault nothing=1", "session, line 1: this line is wrong: There is no fault 'nothing'"),
            ("fault ready=later", "The fault 'ready' does not take 'later'. It takes: standard, TIME, never"),
            ("audio a\naudio b", "session, line 2: this line names a second audio file"),
            ("audio a.wav", "session: a session that is not read from a file cannot name audio"),
        ]
    )
    func mistakes(_ text: String, _ expected: String) {
        let error = #expect(throws: SandboxError.self) { try ScriptedSession(text) }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }

    @Test("A file that is not there is named, with the reason")
    func missingFile() {
        let error = #expect(throws: SandboxError.self) { try ScriptedSession(path: "/nowhere/a.session") }
        #expect(error?.description == "'/nowhere/a.session' cannot be read: No such file or directory. Check the path.")
    }

    @Test("The samples can be read", arguments: ["dictation", "empty", "information", "interleaved"])
    func samples(_ name: String) throws {
        let session = try ScriptedSession(path: sample(name))
        #expect(session.name == name)
        #expect(session.utterances.isEmpty == (name == "empty"))
    }
}
