import Steno
import StenoCore
import StenoWire
import Testing

@Suite("Event line")
struct EventLineTests {
    @Test("Every line of a dictation is what scripts expect")
    func dictation() {
        #expect(
            RunFixture.output(.jsonl, RunFixture.dictation) == """
                {"v":1,"type":"recording","id":"20260102-030405-abcdefgh","source":"visit.wav","engine":"juvoly",\
                "sandbox":false,"duration":20.0}
                {"v":1,"type":"state","state":"connecting"}
                {"v":1,"type":"state","state":"streaming"}
                {"v":1,"type":"interim","id":"1-0","start":0.5,"end":1.0,"text":"Good"}
                {"v":1,"type":"utterance","id":"1-0","start":0.5,"end":1.5,"text":"Good morning.",\
                "words":[{"word":"Good","start":0.5,"end":1.0},{"word":"morning.","start":1.0,"end":1.5}],\
                "confirmed":true}
                {"v":1,"type":"utterance","id":"1-1","start":2.0,"end":3.0,"text":"Bella limps.",\
                "words":[{"word":"Bella","start":2.0,"end":2.5},{"word":"limps.","start":2.5,"end":3.0}],\
                "confirmed":true}
                {"v":1,"type":"information","codings":[{"system":"snomed","code":"00123","description":"Limping"}],\
                "resources":[],"measurements":[{"description":"Blood pressure","value":"140/90","unit":"mmHg"}]}
                {"v":1,"type":"gap","start":3.5,"end":3.75,"cause":"overrun"}
                {"v":1,"type":"utterance","id":"1-2","start":4.0,"end":5.0,"text":"Since Mon",\
                "words":[{"word":"Since","start":4.0,"end":4.5},{"word":"Mon","start":4.5,"end":5.0}],\
                "confirmed":false}
                {"v":1,"type":"state","state":"closed"}
                {"v":1,"type":"summary","name":"soep","text":"Subjective: Limps\\nsince Monday.\\nPlan: Rest.",\
                "parts":[{"title":"Subjective","text":"Limps\\nsince Monday."},{"title":"Plan","text":"Rest."}],\
                "covers":20.0,"partial":false}
                {"v":1,"type":"delivery","target":"connectvets","state":"sending"}
                {"v":1,"type":"delivery","target":"connectvets","state":"done","note_id":"n-1",\
                "sections":[{"title":"Anamnesis","text":"Limps."}]}
                {"v":1,"type":"warning","text":"Speech without confirmed text."}
                {"v":1,"type":"end","complete":false,"coverage":{"rate":16000,"total":320000,"confirmed":48000,\
                "silent":256000,"unconfirmed":16000,"missing":0,"sent":320000},\
                "unconfirmed":[{"start":4.0,"end":5.0}]}

                """
        )
    }

    @Test("Every line is valid JSON")
    func validity() throws {
        for line in RunFixture.output(.jsonl, RunFixture.dictation).split(separator: "\n") {
            #expect(try JSONValue(parsing: String(line))["v"]?.int == 1)
        }
    }

    @Test("A state is told once, and again after another one")
    func states() {
        let states: [RunEvent] = [
            RunFixture.state(.connecting), RunFixture.state(.connecting), RunFixture.state(.waiting),
            RunFixture.state(.connecting), .recognition(.connectionLost), RunFixture.state(.connecting),
        ]
        let lines = RunFixture.output(.jsonl, states).split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[3] == #"{"v":1,"type":"state","state":"reconnecting"}"#)
    }

    @Test("State lines gain what is known of the microphone, the device and a pause")
    func microphone() {
        let events: [RunEvent] = [
            .device("USB Audio"), .device("USB Audio"), RunFixture.state(.streaming),
            .microphone(MicrophoneReport(.speech)), .microphone(MicrophoneReport(.speech)),
            .level(rms: 0.5, peak: 0.5),
            .microphone(MicrophoneReport(.digitalZero, alarm: .warning, words: "Muted.")),
            .microphone(MicrophoneReport(.digitalZero, alarm: .warning, words: "Muted.")),
            .microphone(MicrophoneReport(.digitalZero, alarm: .alarm, words: "Still muted.")),
            .paused, .paused, .resumed, .recognition(.connectionLost),
        ]
        #expect(
            RunFixture.output(.jsonl, events) == """
                {"v":1,"type":"state","state":"connecting","device":"USB Audio"}
                {"v":1,"type":"state","state":"streaming","device":"USB Audio"}
                {"v":1,"type":"state","state":"streaming","microphone":"speech","device":"USB Audio"}
                {"v":1,"type":"state","state":"streaming","microphone":"digital-zero","device":"USB Audio"}
                {"v":1,"type":"warning","text":"Muted."}
                {"v":1,"type":"warning","text":"Still muted."}
                {"v":1,"type":"state","state":"streaming","microphone":"digital-zero","device":"USB Audio","paused":true}
                {"v":1,"type":"state","state":"streaming","microphone":"digital-zero","device":"USB Audio"}
                {"v":1,"type":"state","state":"reconnecting","microphone":"digital-zero","device":"USB Audio"}

                """
        )
    }

    @Test("A withdrawn utterance is replaced by one without text")
    func withdrawn() {
        let id = Utterance.ID(connection: 2, recogniserID: "7")
        #expect(
            RunFixture.output(.jsonl, [.recognition(.transcript(.withdraw(id)))]) == """
                {"v":1,"type":"utterance","id":"2-7","start":0.0,"end":0.0,"text":"","words":[],"confirmed":true}

                """
        )
    }

    @Test("An interim that is taken back keeps its place on the timeline")
    func withdrawnInPlace() {
        let utterance = RunFixture.utterance("So", 2...3)
        let events: [RunEvent] = [
            .recognition(.transcript(.show(utterance))), .recognition(.transcript(.withdraw(utterance.id))),
        ]
        let line = RunFixture.output(.jsonl, events).split(separator: "\n").last ?? ""
        #expect(line.contains(#""start":2.0,"end":3.0,"text":"","words":[]"#))
    }

    @Test("Estimated word times and doubtful utterances say so")
    func marks() {
        var utterance = RunFixture.utterance("So", 0...1)
        utterance.hasEstimatedWordTimes = true
        utterance.isDoubtful = true
        let line = RunFixture.output(.jsonl, [RunFixture.completed(utterance)])
        #expect(line.hasSuffix(#""confirmed":true,"word_times":"estimated","doubtful":true}"# + "\n"))
    }

    @Test("Times are seconds to the millisecond")
    func times() {
        let line = RunFixture.output(.jsonl, [.gap(AudioSpan(1..<16_001), cause: "overrun")])
        #expect(line.contains(#""start":0.0,"end":1.0,"#))
    }

    @Test("A recording of unknown length has no duration")
    func noDuration() {
        #expect(!RunFixture.output(.jsonl, [RunFixture.recording(frames: nil)]).contains("duration"))
    }

    @Test("What only the status line shows has no line")
    func silent() {
        let id = Utterance.ID(connection: 1, recogniserID: "0")
        #expect(RunFixture.output(.jsonl, [RunFixture.progress(sent: 1), .notice("Ending.")]).isEmpty)
        let confirmed = RunFixture.delivered(RunFixture.utterance("Once.", 0...1))
        #expect(RunFixture.output(.jsonl, [confirmed]).isEmpty)
        #expect(id.description == "1-0")
    }
}
