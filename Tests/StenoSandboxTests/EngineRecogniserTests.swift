import NIOCore
import StenoCore
import StenoSandbox
import StenoWire
import Synchronization
import Testing

@Suite("Recognition by an engine", .timeLimit(.minutes(1)))
struct EngineRecogniserTests {
    /// Names the count of samples it has heard, once per call.
    private final class Counter: StreamRecognizer {
        private var frames = 0
        private let gate: Gate?

        init(gate: Gate? = nil) {
            self.gate = gate
        }

        func accept(_ samples: UnsafeBufferPointer<Int16>, isBehind: Bool) throws -> [TranscriptUpdate] {
            self.gate?.pass()
            self.frames += samples.count
            return [TranscriptUpdate(id: "\(self.frames)", sentence: "heard", words: [], isCompleted: true)]
        }

        func finish() throws -> [TranscriptUpdate] { [] }
    }

    /// Holds a thread until it is opened.
    private final class Gate: Sendable {
        private let isOpen = Atomic(false)

        func open() { self.isOpen.store(true, ordering: .releasing) }
        func pass() { while !self.isOpen.load(ordering: .acquiring) {} }
    }

    private struct Failure: Error {}

    /// Counts the engines that live.
    private final class Census: Sendable {
        let living = Atomic(0)
    }

    private final class Counted: StreamRecognizer {
        private let census: Census

        init(_ census: Census) {
            self.census = census
            census.living.add(1, ordering: .sequentiallyConsistent)
        }

        deinit { self.census.living.subtract(1, ordering: .sequentiallyConsistent) }

        func accept(_ samples: UnsafeBufferPointer<Int16>, isBehind: Bool) throws -> [TranscriptUpdate] { [] }
        func finish() throws -> [TranscriptUpdate] { [] }
    }

    @Test("When a server has stopped, its engines and their threads are gone")
    func stop() async throws {
        let census = Census()
        try await withSandbox(configure: { $0.recognition = .engine { Counted(census) } }) { server in
            for _ in 0..<4 {
                let client = try await SpeechClient.open(server)
                _ = try await client.next("ready")
                try await client.sendSilence(seconds: 1)
            }
        }
        #expect(census.living.load(ordering: .sequentiallyConsistent) == 0)
    }

    @Test("What the engine hears is sent, in order")
    func hears() async throws {
        try await withSandbox(configure: { $0.recognition = .engine { Counter() } }) { server in
            let client = try await SpeechClient.open(server)
            _ = try await client.next("ready")
            try await client.sendSilence(seconds: 0.5)
            for count in 1...5 {
                let id = try await client.next("transcript")["utterance"]?["id"]?.string
                #expect(id == "\(count * 1_600)")
            }
        }
    }

    @Test("An engine that falls ten seconds behind stops the socket, and nothing is lost when it catches up")
    func backPressure() async throws {
        let gate = Gate()
        try await withSandbox(configure: { $0.recognition = .engine { Counter(gate: gate) } }) { server in
            let client = try await SpeechClient.open(server)
            _ = try await client.next("ready")
            for _ in 0..<30 { try await client.sendAudio([Int16](repeating: 0, count: 16_000)) }
            // Without the bound all thirty would be taken at once; with it, the rest waits in the socket.
            #expect(server.journal.connections[0].audioFrames < 30 * 16_000)
            gate.open()
            var last = ""
            while last != "480000" { last = try await client.next("transcript")["utterance"]?["id"]?.string ?? "" }
        }
    }

    @Test("A subscriber is informed once, when the first word of the list is recognised")
    func information() async throws {
        /// Says the same sentence about an ear each time.
        final class Talker: StreamRecognizer {
            func accept(_ samples: UnsafeBufferPointer<Int16>, isBehind: Bool) throws -> [TranscriptUpdate] {
                [TranscriptUpdate(id: "0", sentence: "The left ear.", words: [], isCompleted: true)]
            }
            func finish() throws -> [TranscriptUpdate] { [] }
        }
        try await withSandbox(configure: { $0.recognition = .engine { Talker() } }) { server in
            let client = try await SpeechClient.open(server)
            _ = try await client.next("ready")
            try await client.send(["type": "subscribe", "subscription": ["type": "information"]])
            try await client.sendSilence(seconds: 0.2)
            let information = try await client.next("information")
            #expect(information["codings"]?.array?.first?["description"]?.string == "[sandbox] the word 'ear' was said")
            #expect(information["resources"]?.array?.count == 1)
            #expect(information["measurements"]?.array?.count == 1)
            try await client.sendClose()
            #expect(try await !client.rest().contains(.message(information)))
        }
    }

    @Test("An engine that cannot start, or fails, closes the connection with 1011")
    func failure() async throws {
        try await withSandbox(configure: { $0.recognition = .engine { throw Failure() } }) { server in
            let client = try await SpeechClient.open(server)
            #expect(try await client.rest().last == .closed(1011))
            #expect(server.violations == [])
        }
    }

    @Test("A stream is decoded before it is recognised, and refused when it cannot be")
    func decoder() async throws {
        /// Each byte is a sample; a zero cannot be decoded.
        final class Decoder: SandboxAudioDecoder {
            func decode(_ bytes: [UInt8]) throws -> [Int16] {
                guard !bytes.contains(0) else { throw Failure() }
                return bytes.map(Int16.init)
            }
        }
        try await withSandbox(configure: {
            $0.recognition = .engine { Counter() }
            $0.audioDecoder = { Decoder() }
        }) { server in
            let client = try await SpeechClient.open(server, target: "/api/v2/socket/generic")
            _ = try await client.next("ready")
            try await client.send(.binary, [1, 2, 3])
            #expect(try await client.next("transcript")["utterance"]?["id"]?.string == "3")
            try await client.send(.binary, [0])
            #expect(try await client.rest().last == .closed(1003))
            #expect(server.violations.map(\.rule) == ["7"])
        }
    }
}
