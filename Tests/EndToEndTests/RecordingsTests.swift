import Foundation
import StenoCore
import StenoStore
import StenoTesting
import Testing

@Suite("Recordings from the command line")
struct RecordingsTests {
    private let program: StenoProgram
    private static let begun: Int64 = 1_795_305_600_000

    init() throws {
        self.program = try StenoProgram()
    }

    private var home: String { self.program.path(".local/share/steno") }

    /// Three seconds of sound around a gap of one.
    @discardableResult
    private func record(_ id: String, isConcluded: Bool = true) throws -> RecordingPlace {
        let description = RecordingDescription(
            id: id,
            begun: Self.begun,
            engine: "local",
            realm: "local",
            source: .microphone,
            program: "0.0.0"
        )
        let writer = try RecordingWriter(description, in: "\(self.home)/recordings")
        for second in [Int64(0), 2, 3] {
            if second == 2 { try writer.missed(AudioGap(AudioSpan(16_000..<32_000), cause: .overrun)) }
            let samples = Signal.indexed(second * 16_000..<second * 16_000 + 16_000)
            try samples.withUnsafeBufferPointer { try writer.append($0, at: SamplePosition(seconds: Double(second))) }
        }
        if isConcluded { try writer.conclude(isComplete: true) }
        return writer.place
    }

    @Test("What is there is listed and shown, for people and for programs")
    func list() async throws {
        let nothing = try await self.program.run("recordings", "list")
        #expect(nothing.output.isEmpty && nothing.code == 0)
        try self.record("20261122-000000-aaaaaaaa")
        try self.record("20261122-000001-bbbbbbbb", isConcluded: false)
        let table = try await self.program.run("recordings", "list")
        #expect(
            table.output == """
                20261122-000000-aaaaaaaa     00:04  complete, local, microphone, 1 gap, not sealed
                20261122-000001-bbbbbbbb     00:04  unfinished, local, microphone, 1 gap, not sealed

                """
        )
        let lines = try await self.program.run("recordings", "list", "--json").events()
        #expect(lines.map { $0.text("state") } == ["finished", "unfinished"])
        #expect(lines[0].number("duration") == 4 && lines[0].bool("complete") == true)
        let shown = try await self.program.run("recordings", "show", "20261122-000000")
        #expect(shown.output.contains("gap        at 1.000 s for 1.000 s overrun\n"))
        #expect(shown.output.contains(".xxx"))
    }

    @Test("An id that is not there is 66, one that means several is wrong use, and both say what to do")
    func naming() async throws {
        try self.record("20261122-a")
        try self.record("20261122-b")
        let unknown = try await self.program.run("recordings", "show", "x")
        #expect(unknown.code == 66)
        #expect(unknown.errors == "steno: There is no recording 'x'. List them with 'steno recordings list'.\n")
        let several = try await self.program.run("recordings", "show", "2026")
        #expect(several.code == 64)
        #expect(several.errors == "steno: 2 recordings begin with '2026'. Give more of the id.\n")
    }

    @Test("Audio is exported as it was recorded")
    func export() async throws {
        try self.record("one")
        let path = self.program.path("one.wav")
        let result = try await self.program.run("recordings", "export", "o", "--output", path)
        #expect(result.code == 0 && result.output.isEmpty)
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        #expect(bytes.count == 44 + 4 * 32_000)
        let sample = Int16(bytes[44 + 100_000]) | Int16(truncatingIfNeeded: Int(bytes[44 + 100_001]) << 8)
        #expect(sample == Signal.indexedSample(50_000))
        let wrong = try await self.program.run("recordings", "export", "one", "--output", "one.mp3")
        #expect(wrong.code == 64)
    }

    @Test("The text is exported in the form that the suffix names, as a run would have written it")
    func exportText() async throws {
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating()
            let kept = dictating.program.path("run.srt")
            let result = try await dictating.run(sandbox.option, "--until-silence", "4s", "--output", kept)
            #expect(result.code == 0)
            let id = try #require(await dictating.recording())
            for name in ["again.txt", "again.srt", "again.json", "again.jsonl", "again.vtt", "again.md"] {
                let path = dictating.program.path(name)
                #expect(try await dictating.program.run("recordings", "export", id, "--output", path).code == 0)
                let text = try String(contentsOfFile: path, encoding: .utf8)
                #expect(text.contains("Bella is a six year old retriever."), "\(name)")
                if name == "again.txt" { #expect(text == Dictation.text) }
                if name == "again.srt" { #expect(text == (try String(contentsOfFile: kept, encoding: .utf8))) }
            }
        }
    }

    @Test("A recording that is being made can be followed, and its end is the end of that")
    func follow() async throws {
        try await SandboxProcess.run { sandbox in
            let dictating = try Dictating()
            let running = try dictating.start(sandbox.option, "--until-silence", "4s")
            #expect(await running.prints("Good morning."))
            let id = try #require(await dictating.recording())
            let following = try await dictating.program.run("recordings", "show", id, "--follow")
            let result = await running.result()
            #expect(result.code == 0)
            #expect(following.code == 0)
            #expect(following.output == Dictation.text)
        }
    }

    @Test("Damage is found, named with its place, and 74")
    func verify() async throws {
        let place = try self.record("one")
        #expect(try await self.program.run("recordings", "verify").code == 0)
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(place.folder)/recording.sqlite")))
        // Inside a row that spans several pages.
        bytes[bytes.count - 3_000] ^= 0x10
        try Data(bytes).write(to: URL(filePath: "\(place.folder)/recording.sqlite"))
        let result = try await self.program.run("recordings", "verify", "one")
        #expect(result.code == 74)
        #expect(result.output.contains(/BAD   one  00:04, 11 rows are sound\n +damaged at 3\.\d{3} s for 0\.250 s\n/))
    }

    @Test("Of a file with a damaged page all else is kept, and both commands say what becomes of it")
    func salvage() async throws {
        let place = try self.record("one")
        let path = "\(place.folder)/recording.sqlite"
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        // The table of gaps.
        for index in 4 * 4_096..<5 * 4_096 { bytes[index] = 0xA5 }
        try Data(bytes).write(to: URL(filePath: path))
        let verified = try await self.program.run("recordings", "verify")
        #expect(verified.code == 74)
        #expect(
            verified.output.contains(
                "'steno recordings recover' keeps the file as 'recording.sqlite.bad', and puts what can"
            )
        )
        #expect([UInt8](try Data(contentsOf: URL(filePath: path))) == bytes)
        let recovered = try await self.program.run("recordings", "recover")
        #expect(recovered.code == 0 && recovered.output == "one  recovered, 00:04\n")
        for line in [
            "Unreadable at 1.000 s for 1.000 s.", "The file 'recording.sqlite.bad' is damaged and is kept as it is.",
            "What could be read of it is in a new file: 12 rows of audio, 0 events, 0 utterances.",
            "For some of the missing audio the reason is lost.",
        ] {
            #expect(recovered.errors.contains("one: \(line)\n"), "\(line)")
        }
        #expect([UInt8](try Data(contentsOf: URL(filePath: "\(path).bad"))) == bytes)
        #expect(try await self.program.run("recordings", "recover").output.isEmpty)
        let wave = self.program.path("one.wav")
        #expect(try await self.program.run("recordings", "export", "one", "--output", wave).code == 0)
        #expect(try Data(contentsOf: URL(filePath: wave)).count == 44 + 4 * 32_000)
    }

    @Test("What a dead writer left is recovered, and what is deleted is gone with a line in the audit log")
    func recoverAndDelete() async throws {
        try self.record("one", isConcluded: false)
        #expect(try await self.program.run("recordings", "recover").output == "one  recovered, 00:04\n")
        #expect(try await self.program.run("recordings", "recover").output.isEmpty)
        #expect(try await self.program.run("recordings", "delete", "one", "two").code == 66)
        #expect(try await self.program.run("recordings", "verify", "one").code == 0)
        #expect(try await self.program.run("recordings", "delete", "one").code == 0)
        #expect(try await self.program.run("recordings", "list").output.isEmpty)
        #expect(self.program.files().contains { $0.key.hasSuffix("audit.log") && $0.value.contains("deleted one ") })
    }
}
