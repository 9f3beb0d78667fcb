import StenoCore
import Testing

@testable import StenoSandbox

@Suite("Script player")
struct ScriptPlayerTests {
    /// What a script says for so many seconds of silence, each line an interim or, with a mark, a completed utterance.
    private func play(_ text: String, seconds: Double, pieces: Int = 1_600) throws -> [String] {
        var player = ScriptPlayer(try ScriptedSession(text))
        return self.feed(&player, [Int16](repeating: 0, count: Int(seconds * 16_000))[...], pieces: pieces)
    }

    private func feed(_ player: inout ScriptPlayer, _ samples: ArraySlice<Int16>, pieces: Int = 1_600) -> [String] {
        var lines: [String] = []
        var rest = samples
        while !rest.isEmpty {
            lines += Self.lines(player.accept(rest.prefix(pieces)))
            rest = rest.dropFirst(pieces)
        }
        return lines
    }

    private static func lines(_ results: [RecognitionResult]) -> [String] {
        results.map { result in
            switch result {
            case .update(let update): "\(update.id) \(update.sentence)\(update.isCompleted ? " |" : "")"
            case .information: "information"
            }
        }
    }

    @Test("A word comes when the audio of its end has, the completion 700 ms later")
    func audioReleasesWords() throws {
        let text = "utterance\n 0.1 0.3 Good\n 0.3 0.6 morning."
        #expect(try self.play(text, seconds: 0.2) == [])
        #expect(try self.play(text, seconds: 0.4) == ["0 Good"])
        #expect(try self.play(text, seconds: 1.2) == ["0 Good", "0 Good morning."])
        #expect(try self.play(text, seconds: 1.3) == ["0 Good", "0 Good morning.", "0 Good morning. |"])
    }

    @Test("The size of the pieces changes nothing")
    func pieces() throws {
        let text = try String(decoding: FileBytes.read(sample("interleaved"), limit: 1 << 20), as: UTF8.self)
        let expected = try self.play(text, seconds: 12)
        for pieces in [1, 160, 999, 16_000, 192_000] {
            #expect(try self.play(text, seconds: 12, pieces: pieces) == expected)
        }
    }

    @Test("The odd sample is as odd as it says")
    func interleaved() throws {
        let text = try String(decoding: FileBytes.read(sample("interleaved"), limit: 1 << 20), as: UTF8.self)
        let lines = try self.play(text, seconds: 12)
        let completed = lines.filter { $0.hasSuffix(" |") }
        #expect(
            completed == [
                "1 We took blood. |", "1 We took blood. |", "0 The dog ate well. |", "2  |", "3 No vomiting. |",
                "5 Thank you. |",
            ]
        )
        #expect(lines.contains("0 The dock at well today"))
        #expect(lines.last { $0.hasPrefix("4") } == "4 Still waiting for")
        #expect(!lines.contains("3 No"))
    }

    @Test("A pause completes what is open, and what is said afterwards is a new utterance")
    func pauseSplits() throws {
        var player = ScriptPlayer(try ScriptedSession("utterance\n 0.1 0.3 Good\n 1.3 1.6 morning."))
        var lines = self.feed(&player, [Int16](repeating: 0, count: 8_000)[...])
        lines += Self.lines(player.paused()) + Self.lines(player.paused())
        lines += self.feed(&player, [Int16](repeating: 0, count: 40_000)[...])
        #expect(lines == ["0 Good", "0 Good |", "1 morning.", "1 morning. |"])
    }

    @Test("A connection that begins in the middle gets the words of the middle, with times of its own")
    func replay() throws {
        var session = try ScriptedSession(
            "utterance\n 0.5 1.0 one\n 1.0 1.5 two\nutterance\n 3.0 3.5 three\ninformation 4\n coding a b c"
        )
        let samples = noise(frames: 96_000, seed: 5)
        session.audio = ScriptedAudio(samples: samples)

        var whole = ScriptPlayer(session)
        #expect(
            self.feed(&whole, samples[...]) == [
                "0 one", "0 one two", "0 one two |", "1 three", "information", "1 three |",
            ]
        )

        var middle = ScriptPlayer(session)
        var results: [RecognitionResult] = []
        var rest = samples[32_007...]
        while !rest.isEmpty {
            results += middle.accept(rest.prefix(1_600))
            rest = rest.dropFirst(1_600)
        }
        guard case .update(let update) = results.first else {
            Issue.record("nothing was recognised")
            return
        }
        #expect(update.id == "0")
        #expect(update.words == [.init(text: "three", start: 1.0, end: 1.5)])
    }

    @Test("Audio that never arrived shows as missing words")
    func lostAudio() throws {
        var session = try ScriptedSession("utterance\n 0.5 1.0 one\n 1.5 2.0 two\n 2.5 3.0 three")
        let samples = noise(frames: 80_000, seed: 6)
        session.audio = ScriptedAudio(samples: samples)
        var player = ScriptPlayer(session)
        var lines = self.feed(&player, samples[..<20_000])
        lines += self.feed(&player, samples[34_000...])
        #expect(lines.last == "0 one three |")
    }

    @Test("Among scripts with audio, the one that is heard is played")
    func choice() throws {
        func session(_ word: String, _ seed: UInt64) throws -> ScriptedSession {
            var session = try ScriptedSession("utterance\n 0.5 1.0 \(word)")
            session.audio = ScriptedAudio(samples: noise(frames: 48_000, seed: seed))
            return session
        }
        var conductor = ScriptConductor([try session("first", 7), try session("second", 8)], connection: 1)
        let lines = Self.lines(conductor.accept(noise(frames: 48_000, seed: 8)[...]))
        #expect(lines == ["0 second", "0 second |"])
    }

    @Test("Scripts without audio serve connections in order, the last one all further ones")
    func order() throws {
        let sessions = try ["a", "b"].map { try ScriptedSession("utterance\n 0.1 0.2 \($0)\n interims none") }
        for (connection, word) in [(1, "a"), (2, "b"), (3, "b")] {
            var conductor = ScriptConductor(sessions, connection: connection)
            let lines = Self.lines(conductor.accept([Int16](repeating: 0, count: 32_000)[...]))
            #expect(lines == ["0 \(word) |"])
        }
    }
}
