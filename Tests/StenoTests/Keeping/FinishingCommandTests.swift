import Testing

@testable import Steno

@Suite("Finishing command")
struct FinishingCommandTests {
    @Test("A plain name stands as it is, and any other as a shell reads it back")
    func quoting() {
        func command(_ file: String) -> String { FinishingCommand.stream(file, options: []).description }
        #expect(command("visit.wav") == "steno stream visit.wav")
        #expect(command("/srv/a/visit-2.flac") == "steno stream /srv/a/visit-2.flac")
        #expect(command("my visit.wav") == "steno stream 'my visit.wav'")
        #expect(command("it's.wav") == #"steno stream 'it'\''s.wav'"#)
        #expect(command("$(reboot).wav") == "steno stream '$(reboot).wav'")
        #expect(command("-quiet.wav") == "steno stream ./-quiet.wav")
    }

    @Test("What chooses the same service is said again")
    func options() {
        let stream = FinishingCommand.stream("a.wav", options: ["--engine", "local", "--sandbox"])
        #expect(stream.description == "steno stream a.wav --engine local --sandbox")
        let deliver = FinishingCommand.deliver(["one", "two"], options: ["--sandbox=http://127.0.0.1:9"])
        #expect(deliver.description == "steno deliver one two --to transcript --sandbox=http://127.0.0.1:9")
    }
}
