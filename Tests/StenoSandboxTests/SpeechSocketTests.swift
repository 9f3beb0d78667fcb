import StenoSandbox
import StenoWire
import Testing

@Suite("Speech socket", .timeLimit(.minutes(1)))
struct SpeechSocketTests {
    @Test("A right client is served without a violation: session, ready, words, summary, close")
    func happyPath() async throws {
        try await withSandbox([ScriptedSession(greeting)]) { server in
            let client = try await SpeechClient.open(server)
            #expect(client.upgradeReply.status == 101)
            #expect(client.upgradeReply.headers["sec-websocket-protocol"] == "v2.juvoly")
            #expect(try await client.next() == .message(["type": "ready"]))

            try await client.sendSilence(seconds: 3)
            try await client.send(.ping, [1, 2, 3])
            var sentences: [String] = []
            while true {
                let event = try await client.next()
                if event == .pong([1, 2, 3]) { break }
                guard case .message(let message) = event else { continue }
                if message["completed"]?.bool == true {
                    sentences.append(message["utterance"]?["sentence"]?.string ?? "")
                }
            }
            #expect(sentences == ["Good morning.", "How are you?"])

            try await client.send(["type": "summarizeSoep"])
            let summary = try await client.next("summarySoep")
            let episode = summary["summary"]?["episodes"]?.array?.first
            #expect(episode?["subjective"]?.string == "[sandbox] Good morning.")
            #expect(episode?["objective"]?.string == "[sandbox] How are you?")
            #expect(episode?["plan"]?.string == "")

            try await client.sendClose()
            #expect(try await client.next() == .closed(1000))
            #expect(try await client.next() == .ended)
            #expect(server.violations == [])
            let connection = try #require(server.journal.connections.first)
            #expect(connection.audioBytes == 96_000)
            #expect(connection.audioFrames == 48_000)
            #expect(connection.trailingSilentFrames == 48_000)
            #expect(connection.closeCode == 1000)
            #expect(connection.requests == ["summarizeSoep"])
        }
    }
}
