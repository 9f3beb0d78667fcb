import NIOCore
import StenoSandbox
import StenoWire
import Testing

@Suite("Faults of the speech socket", .timeLimit(.minutes(1)))
struct SpeechFaultsTests {
    /// Opens a socket, waits for `ready`, sends three seconds of silence and a close, and gives everything that came.
    private func talk(_ faults: String..., seconds: Double = 3) async throws -> [SpeechClient.Event] {
        var events: [SpeechClient.Event] = []
        try await withSandbox([try ScriptedSession(greeting)], faults: faults) { server in
            let client = try await SpeechClient.open(server)
            _ = try await client.next("ready")
            try? await client.sendSilence(seconds: seconds)
            try? await client.sendClose()
            events = try await client.rest()
            #expect(server.violations == [])
        }
        return events
    }

    /// What the transcripts of those events say: id and sentence, with a mark for completed ones.
    private func lines(_ events: [SpeechClient.Event]) -> [String] {
        events.compactMap { event in
            guard case .message(let message) = event, let utterance = message["utterance"] else { return nil }
            let mark = message["completed"]?.bool == true ? " |" : ""
            return "\(utterance["id"]?.string ?? "") \(utterance["sentence"]?.string ?? "")\(mark)"
        }
    }

    private let plain = [
        "0 Good", "0 Good morning.", "0 Good morning. |", "1 How", "1 How are", "1 How are you?", "1 How are you? |",
    ]

    @Test("Without a fault every interim and every completion comes once")
    func none() async throws {
        #expect(self.lines(try await self.talk()) == self.plain)
    }

    @Test("Completions can be repeated, followed by an interim, emptied, or differ from their words")
    func finals() async throws {
        #expect(self.lines(try await self.talk("finals=repeated")).filter { $0 == "0 Good morning. |" }.count == 2)
        #expect(self.lines(try await self.talk("finals=partialAfterFinal")).suffix(2) == ["1 How are you? |", "1 How"])
        #expect(self.lines(try await self.talk("finals=emptySentence")).last == "1  |")
        #expect(self.lines(try await self.talk("finals=sentenceDiffersFromWords")).last == "1 HOW ARE YOU? |")
    }

    @Test("Interims can shrink, be left out, or be all there is")
    func partials() async throws {
        let shrinking = self.lines(try await self.talk("partials=shrinking"))
        #expect(shrinking.prefix(3) == ["0 Good", "0 Good morning.", "0 Good"])
        #expect(self.lines(try await self.talk("partials=none")) == ["0 Good morning. |", "1 How are you? |"])
        #expect(self.lines(try await self.talk("partials=only")) == self.plain.filter { !$0.hasSuffix("|") })
    }

    @Test("Completions can wait for the close, never come, or come late")
    func finalise() async throws {
        let onClose = self.lines(try await self.talk("finalise=onClose"))
        #expect(onClose.suffix(2) == ["0 Good morning. |", "1 How are you? |"])
        let never = self.lines(try await self.talk("finalise=never"))
        #expect(never.allSatisfy { !$0.hasSuffix("|") })
        try await withSandbox([try ScriptedSession(greeting)], faults: ["finalise=10ms"]) { server in
            let client = try await SpeechClient.open(server)
            _ = try await client.next("ready")
            try await client.sendSilence(seconds: 3)
            while try await client.next("transcript")["completed"]?.bool != true {}
        }
    }

    @Test("An empty binary message completes what is held for it")
    func emptyBinary() async throws {
        try await withSandbox([try ScriptedSession(greeting)], faults: ["finalise=onEmptyBinary"]) { server in
            let client = try await SpeechClient.open(server)
            _ = try await client.next("ready")
            try await client.sendSilence(seconds: 3)
            try await client.send(.binary, [])
            while try await client.next("transcript")["completed"]?.bool != true {}
        }
    }

    @Test("Without more audio, what is open is completed after a pause")
    func pause() async throws {
        try await withSandbox([try ScriptedSession(greeting)], configure: { $0.audioPause = .milliseconds(20) }) {
            server in
            let client = try await SpeechClient.open(server)
            _ = try await client.next("ready")
            try await client.sendSilence(seconds: 0.7)
            while try await client.next("transcript")["completed"]?.bool != true {}
        }
    }

    @Test("Times can come in milliseconds")
    func timeUnit() async throws {
        let events = try await self.talk("timeUnit=ms")
        guard case .message(let message)? = events.first else { return }
        #expect(message["utterance"]?["words"]?.array?.first?["end"]?.double == 300)
    }

    @Test("Ids can go on over connections, or be anything")
    func ids() async throws {
        for (value, expected) in [("restart", ["0", "1"]), ("continue", ["2", "3"])] {
            try await withSandbox([try ScriptedSession(greeting)], faults: ["idOnReconnect=\(value)"]) { server in
                var ids: [String] = []
                for _ in 0..<2 {
                    let client = try await SpeechClient.open(server)
                    _ = try await client.next("ready")
                    try await client.sendSilence(seconds: 3)
                    try await client.sendClose()
                    ids = self.lines(try await client.rest()).filter { $0.hasSuffix("|") }.map { String($0.prefix(1)) }
                }
                #expect(ids == expected)
            }
        }
        #expect(self.lines(try await self.talk("idOnReconnect=random")).allSatisfy { $0.hasPrefix("u") })
    }

    @Test("A connection can be lost at a byte or a message, in every manner")
    func drop() async throws {
        #expect(try await self.talk("drop=byte:32000:1011").last == .closed(1011))
        let atMessage = try await self.talk("drop=message:4:1012")
        #expect(self.lines(atMessage) == ["0 Good", "0 Good morning."])
        #expect(atMessage.last == .closed(1012))
    }

    @Test("A connection can end without a close frame, or be reset")
    func end() async throws {
        for (manner, last) in [("1006", SpeechClient.Event.ended), ("reset", .reset)] {
            try await withSandbox(faults: ["drop=byte:32000:\(manner)"]) { server in
                let client = try await SpeechClient.open(server)
                _ = try await client.next("ready")
                // Not a byte more: what arrives at a socket that is closed would turn the one into the other.
                try await client.sendSilence(seconds: 1)
                #expect(try await client.rest().last == last)
            }
        }
    }

    @Test("A dead peer answers nothing, and stays")
    func silence() async throws {
        try await withSandbox([try ScriptedSession(greeting)], faults: ["drop=byte:3200:silence@1"]) { server in
            let client = try await SpeechClient.open(server)
            _ = try await client.next("ready")
            try await client.sendSilence(seconds: 0.1)
            try await client.send(.ping, [1])
            let other = try await SpeechClient.open(server)
            _ = try await other.next("ready")
            try await other.send(.ping, [2])
            #expect(try await other.next() == .pong([2]))
            #expect(server.journal.connections[0].isOpen)
            #expect(server.journal.connections[0].receivedPings == 0)
        }
    }

    @Test("Ready can come twice, late, or after a transcript")
    func ready() async throws {
        for (value, expected) in [
            ("twice", ["ready", "ready"]), ("5ms", ["ready"]), ("afterFirstTranscript", ["transcript", "ready"]),
        ] {
            try await withSandbox(faults: ["ready=\(value)"]) { server in
                let client = try await SpeechClient.open(server)
                for type in expected {
                    guard case .message(let message) = try await client.next() else { continue }
                    #expect(message["type"]?.string == type)
                }
            }
        }
    }

    @Test("Messages can be written in every odd way")
    func json() async throws {
        let whole = [
            "keyOrder", "unknownType", "unknownField", "fragmented", "binaryFrame",
        ]
        for value in whole {
            #expect(self.lines(try await self.talk("json=\(value)")) == self.plain, "\(value)")
        }
        #expect(try await self.talk("json=fragmented").contains(.ping))
        #expect(try await self.talk("json=binaryFrame").first == .binary([0, 1, 2, 3]))
        #expect(try await self.talk("json=trailingComma").first == .malformed)
        #expect(try await self.talk("json=truncated").first == .malformed)
        #expect(try await self.talk("json=invalidUTF8").first == .malformed)
        #expect(try await self.talk("json=tooLarge").first == .malformed)
    }

    @Test("A stall holds transcripts back and loses none; an error message may come before them")
    func stall() async throws {
        try await withSandbox([try ScriptedSession(greeting)], faults: ["stall=20ms", "errorMessage=on"]) { server in
            let client = try await SpeechClient.open(server)
            _ = try await client.next("ready")
            try await client.sendSilence(seconds: 3)
            _ = try await client.next("error")
            var lines: [String] = []
            while lines.count < self.plain.count {
                lines += self.lines([.message(try await client.next("transcript"))])
            }
            #expect(lines == self.plain)
        }
    }

    @Test("Audio that comes too fast closes the connection if the pace is strict")
    func pace() async throws {
        let time = Clock()
        try await withSandbox(faults: ["pace=strict"], configure: { $0.clock = { time.now } }) { server in
            let client = try await SpeechClient.open(server)
            _ = try await client.next("ready")
            try await client.sendSilence(seconds: 1)
            try await client.send(.ping, [])
            #expect(try await client.next() == .pong([]))
            time.advance(by: .seconds(1))
            try await client.sendSilence(seconds: 1.1)
            try await client.send(.ping, [])
            #expect(try await client.next() == .pong([]))
            try await client.sendSilence(seconds: 0.1)
            #expect(try await client.next() == .closed(1008))
        }
    }

    @Test("An idle connection can be closed")
    func idle() async throws {
        try await withSandbox(faults: ["idleClose=20ms"]) { server in
            let client = try await SpeechClient.open(server)
            _ = try await client.next("ready")
            #expect(try await client.next() == .closed(1000))
        }
    }
}
