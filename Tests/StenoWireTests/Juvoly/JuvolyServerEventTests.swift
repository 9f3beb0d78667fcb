import StenoCore
import StenoWire
import Testing

@Suite("Juvoly messages")
struct JuvolyServerEventTests {
    private func decode(_ text: String) -> (event: JuvolyServerEvent, wasTolerated: Bool) {
        Array(text.utf8).withUnsafeBytes { JuvolyServerEvent.decode($0) }
    }

    private let transcript = """
        {"type":"transcript","utterance":{"id":"0","sentence":"Goedemiddag.","words":[
        {"end":9.12,"word":"Goedemiddag.","start":8.48}]},"completed":true}
        """

    @Test("What the client sends is exact")
    func clientMessages() {
        #expect(
            String(decoding: JuvolyClientMessage.subscribeInformation.bytes, as: UTF8.self)
                == #"{"type":"subscribe","subscription":{"type":"information"}}"#
        )
        #expect(
            String(decoding: JuvolyClientMessage.summarizeSoep.bytes, as: UTF8.self) == #"{"type":"summarizeSoep"}"#
        )
    }

    @Test("Ready, error and unknown types are told apart")
    func types() {
        #expect(self.decode(#"{"type":"ready","more":[1]}"#).event == .ready)
        #expect(self.decode(#"{"type":"error","message":"x"}"#).event == .serviceError)
        #expect(self.decode(#"{"type":"weather"}"#).event == .unknown(type: "weather"))
    }

    @Test("A transcript is read by the names of its fields")
    func transcripts() {
        let update = TranscriptUpdate(
            id: "0",
            sentence: "Goedemiddag.",
            words: [.init(text: "Goedemiddag.", start: 8.48, end: 9.12)],
            isCompleted: true
        )
        let (event, wasTolerated) = self.decode(self.transcript)
        #expect(event == .transcript(update))
        #expect(!wasTolerated)
    }

    @Test("The trailing comma of the document's sample is forgiven and told")
    func trailingComma() {
        let (event, wasTolerated) = self.decode(String(self.transcript.replacing("8.48}", with: "8.48,\n}")))
        #expect(wasTolerated)
        #expect(event == self.decode(self.transcript).event)
    }

    @Test("Whole seconds, giant times and words without times do not cost the sentence")
    func oddWords() {
        let text = """
            {"type":"transcript","completed":false,"utterance":{"id":"a","sentence":"s","words":[
            {"word":"w","start":8,"end":1e308},{"word":"x"},{"word":null,"start":1,"end":2},7,null,
            {"word":"y","start":"1","end":2}]}}
            """
        let expected = TranscriptUpdate(
            id: "a",
            sentence: "s",
            words: [.init(text: "w", start: 8, end: 1e308)],
            isCompleted: false
        )
        #expect(self.decode(text).event == .transcript(expected))
    }

    @Test(
        "A transcript without a field it needs is malformed, and the field is named",
        arguments: [
            (
                #"{"type":"transcript","utterance":{"id":"0","sentence":"s","words":[]}}"#,
                "`completed` is no truth value"
            ),
            (#"{"type":"transcript","completed":1,"utterance":{}}"#, "`completed` is no truth value"),
            (#"{"type":"transcript","completed":true}"#, "`utterance.id` is no text"),
            (#"{"type":"transcript","completed":true,"utterance":[]}"#, "`utterance.id` is no text"),
            (#"{"type":"transcript","completed":true,"utterance":{"id":7}}"#, "`utterance.id` is no text"),
            (#"{"type":"transcript","completed":true,"utterance":{"id":"0"}}"#, "`utterance.sentence` is no text"),
            (
                #"{"type":"transcript","completed":true,"utterance":{"id":"0","sentence":"secret","words":{}}}"#,
                "`utterance.words` is no list"
            ),
        ]
    )
    func malformedTranscripts(text: String, reason: String) {
        #expect(self.decode(text).event == .malformed(type: "transcript", reason: reason))
    }

    @Test(
        "What is no message at all is malformed without its content",
        arguments: [
            "", "secret", "[]", "null", #"{"type":1}"#, #"{"secret":"x"}"#, #"{"type":"ready""#, #"{"a":1e999}"#,
        ]
    )
    func noMessage(text: String) {
        guard case .malformed(nil, let reason) = self.decode(text).event else {
            Issue.record("understood \(text)")
            return
        }
        #expect(!reason.contains("secret"))
    }

    @Test("A summary keeps every episode in order")
    func summaries() {
        let text = """
            {"type":"summarySoep","summary":{"episodes":[
            {"subjective":"a","objective":"","evaluation":"b","plan":"c"},
            {"plan":"4","subjective":"1","objective":"2","evaluation":"3","more":0}]}}
            """
        let summary = SOEPSummary(episodes: [
            .init(subjective: "a", objective: "", evaluation: "b", plan: "c"),
            .init(subjective: "1", objective: "2", evaluation: "3", plan: "4"),
        ])
        #expect(self.decode(text).event == .summarySoep(summary))
        #expect(
            self.decode(#"{"type":"summarySoep","summary":{"episodes":[]}}"#).event == .summarySoep(.init(episodes: []))
        )
    }

    @Test("A summary that lacks a field is malformed, and the field is named")
    func malformedSummaries() {
        let text =
            #"{"type":"summarySoep","summary":{"episodes":[{"subjective":"a","objective":"","evaluation":"b"}]}}"#
        let reason = "`summary.episodes[0].plan` is no text"
        #expect(self.decode(text).event == .malformed(type: "summarySoep", reason: reason))
        let none = JuvolyServerEvent.malformed(type: "summarySoep", reason: "`summary.episodes` is no list")
        #expect(self.decode(#"{"type":"summarySoep"}"#).event == none)
    }

    @Test("Information is read as far as it is there; entries without their name are passed over")
    func information() {
        let text = """
            {"type":"information","codings":[{"system":"icpc","code":"K29","description":"d"},{"code":"A1"},3],
            "resources":[{"link":"https://x","origin":"NHG","description":""},{"origin":"NHG"}],
            "measurements":[{"description":"Bloeddruk","value":"140/90","unit":"mmHg"},{"description":"x","value":1}]}
            """
        let expected = Information(
            codings: [.init(system: "icpc", code: "K29", description: "d")],
            resources: [.init(link: "https://x", description: "", origin: "NHG")],
            measurements: [.init(description: "Bloeddruk", value: "140/90", unit: "mmHg")]
        )
        #expect(self.decode(text).event == .information(expected))
        #expect(self.decode(#"{"type":"information","codings":null}"#).event == .information(Information()))
    }
}
