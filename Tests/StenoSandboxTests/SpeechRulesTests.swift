import NIOCore
import StenoSandbox
import StenoWire
import Testing

@Suite("Rules of the speech socket", .timeLimit(.minutes(1)))
struct SpeechRulesTests {
    /// Lets a ready client do something, and gives what the connection ended with and which rules were broken.
    private func outcome(
        _ faults: [String] = [],
        waitsForReady: Bool = true,
        _ body: (SpeechClient) async throws -> Void
    ) async throws -> (SpeechClient.Event?, [String]) {
        var last: SpeechClient.Event?
        var rules: [String] = []
        try await withSandbox([try ScriptedSession(greeting)], faults: faults) { server in
            let client = try await SpeechClient.open(server)
            if waitsForReady { _ = try await client.next("ready") }
            try await body(client)
            try await client.sendClose()
            last = try await client.rest().last
            rules = server.violations.map(\.rule)
        }
        return (last, rules)
    }

    @Test("Anything before ready closes with 1008 and is recorded")
    func beforeReady() async throws {
        let audio = try await self.outcome(["ready=never"], waitsForReady: false) {
            try await $0.sendSilence(seconds: 0.1)
        }
        #expect(audio == (.closed(1008), ["6.4"]))
        let text = try await self.outcome(["ready=never"], waitsForReady: false) {
            try await $0.send(["type": "summarizeSoep"])
        }
        #expect(text == (.closed(1008), ["6.4"]))
    }

    @Test("An odd number of bytes, or more than a second, closes with 1003 and is recorded")
    func audioSizes() async throws {
        let odd = try await self.outcome { try await $0.send(.binary, [1, 2, 3]) }
        #expect(odd == (.closed(1003), ["8.2"]))
        let long = try await self.outcome { try await $0.send(.binary, [UInt8](repeating: 0, count: 32_002)) }
        #expect(long == (.closed(1003), ["8.2"]))
        let second = try await self.outcome { try await $0.send(.binary, [UInt8](repeating: 0, count: 32_000)) }
        #expect(second == (.closed(1000), []))
        let warned = try await self.outcome(["audioChecks=warn"]) { try await $0.send(.binary, [1, 2, 3]) }
        #expect(warned == (.closed(1000), ["8.2"]))
    }

    @Test(
        "Only the two documented texts may be sent, without a field more",
        arguments: [
            "{\"type\":\"summarizeSoep\",\"language\":\"nl\"}", "{\"type\":\"end\"}", "{}", "[]", "x",
            "{\"type\":\"subscribe\"}", "{\"type\":\"subscribe\",\"subscription\":{\"type\":\"other\"}}",
        ]
    )
    func texts(_ text: String) async throws {
        let outcome = try await self.outcome { try await $0.send(.text, Array(text.utf8)) }
        #expect(outcome == (.closed(1008), ["7"]))
    }

    @Test("A second subscription, and a summary of nothing, are recorded")
    func pointless() async throws {
        let subscription: JSONValue = ["type": "subscribe", "subscription": ["type": "information"]]
        let twice = try await self.outcome {
            try await $0.send(subscription)
            try await $0.send(subscription)
        }
        #expect(twice == (.closed(1000), ["7"]))
        let summary = try await self.outcome {
            try await $0.send(["type": "summarizeSoep"])
            let answer = try await $0.next("summarySoep")
            #expect(answer["summary"]?["episodes"] == .array([]))
        }
        #expect(summary == (.closed(1000), ["10.5"]))
    }

    @Test("Frames that break RFC 6455 fail the connection and are recorded")
    func frames() async throws {
        let unmasked = try await self.outcome {
            try await $0.raw.send(WebSocketFrameWriter.frame(.binary, payload: [0, 0], mask: nil))
        }
        #expect(unmasked == (.closed(1002), ["RFC 6455"]))
        let text = try await self.outcome { try await $0.send(.text, [0xC3, 0x28]) }
        #expect(text == (.closed(1007), ["RFC 6455"]))
    }

    @Test("Data behind the close frame is recorded")
    func behindClose() async throws {
        try await withSandbox { server in
            let client = try await SpeechClient.open(server)
            _ = try await client.next("ready")
            let mask = WebSocketMask(key: 5)
            let close = WebSocketFrameWriter.frame(.close, payload: WebSocketCloseCode.payload(code: 1000), mask: mask)
            try await client.raw.send(close + WebSocketFrameWriter.frame(.binary, payload: [0, 0], mask: mask))
            #expect(try await client.next() == .closed(1000))
            #expect(server.violations.map(\.rule) == ["7"])
        }
    }

    @Test("Information is sent to those who subscribed, and to nobody else")
    func information() async throws {
        let session = try ScriptedSession(path: sample("information"))
        try await withSandbox([session]) { server in
            for isSubscribed in [true, false] {
                let client = try await SpeechClient.open(server)
                _ = try await client.next("ready")
                if isSubscribed {
                    try await client.send(["type": "subscribe", "subscription": ["type": "information"]])
                }
                try await client.sendSilence(seconds: 10)
                try await client.sendClose()
                let types = try await client.rest().compactMap { event -> String? in
                    guard case .message(let message) = event else { return nil }
                    return message["type"]?.string
                }
                #expect(types.filter { $0 == "information" }.count == (isSubscribed ? 2 : 0))
            }
            #expect(server.violations == [])
        }
    }

    @Test("Each kind of summary fault does what it says")
    func summaries() async throws {
        func answers(_ fault: String) async throws -> [SpeechClient.Event] {
            var events: [SpeechClient.Event] = []
            try await withSandbox([try ScriptedSession(greeting)], faults: ["summary=\(fault)"]) { server in
                let client = try await SpeechClient.open(server)
                _ = try await client.next("ready")
                try await client.sendSilence(seconds: 3)
                while try await client.next("transcript")["utterance"]?["id"]?.string != "1" {}
                while try await client.next("transcript")["completed"]?.bool != true {}
                try await client.send(["type": "summarizeSoep"])
                if fault != "never", fault != "close" { events.append(.message(try await client.next("summarySoep"))) }
                if fault == "twice" { events.append(.message(try await client.next("summarySoep"))) }
                try await client.sendClose()
                events += try await client.rest()
            }
            return events
        }
        #expect(try await answers("never") == [.closed(1000)])
        #expect(try await answers("close") == [.closed(1011)])
        #expect(try await answers("twice").count == 3)
        #expect(try await answers("empty").first == .message(["type": "summarySoep", "summary": ["episodes": []]]))
        guard case .message(let message)? = try await answers("missingField").first else { return }
        #expect(message["summary"]?["episodes"]?.array?.first?["plan"] == nil)
    }
}
