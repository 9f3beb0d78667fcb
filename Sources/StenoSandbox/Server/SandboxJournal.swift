/// What reached the sandbox, for assertions: names and sizes, never a value and never a body.
package struct SandboxJournal: Hashable, Sendable {
    /// One HTTP request, handshakes included.
    package struct Request: Hashable, Sendable {
        package var service: SandboxService
        package var method: String
        /// Without the query.
        package var path: String
        package var queryNames: [String]
        /// As sent, in order.
        package var headerNames: [String]
        /// Bytes of the body that arrived.
        package var bodyBytes: Int
        /// What was answered; `nil` while the answer is outstanding.
        package var status: Int?
    }

    /// One speech connection.
    package struct Connection: Hashable, Sendable {
        package var model: String
        /// Bytes of the binary messages, before any decoding.
        package var audioBytes: Int = 0
        package var audioMessages: Int = 0
        /// Frames of 16 kHz mono, after decoding.
        package var audioFrames: Int64 = 0
        /// How many frames at the end were all zero.
        package var trailingSilentFrames: Int64 = 0
        /// FNV-1a (64 bit) of the decoded frames up to and with the last one that was not zero, little-endian.
        package var audioDigest: UInt64 = FNV1a().value
        package var largestAudioMessage: Int = 0
        /// Text messages from the client, by their `type`.
        package var requests: [String] = []
        package var sentMessages: Int = 0
        package var receivedPings: Int = 0
        /// The code of the client's close frame; 1005 for an empty one; `nil` while there was none.
        package var closeCode: Int?
        package var isOpen = true
    }

    package var requests: [Request] = []
    package var connections: [Connection] = []

    package init() {}

    package func requests(_ service: SandboxService) -> [Request] { self.requests.filter { $0.service == service } }
}

/// FNV-1a, 64 bit: tells recordings apart in tests. Not for anything that must withstand an adversary.
package struct FNV1a: Hashable, Sendable {
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    package init() {}

    package mutating func combine(_ byte: UInt8) {
        self.value = (self.value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    /// Adds a sample, low byte first.
    package mutating func combine(_ sample: Int16) {
        let bits = UInt16(bitPattern: sample)
        self.combine(UInt8(truncatingIfNeeded: bits))
        self.combine(UInt8(truncatingIfNeeded: bits >> 8))
    }
}
