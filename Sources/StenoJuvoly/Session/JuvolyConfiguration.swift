package import StenoCore
package import StenoHTTP

/// Where and how to talk to Juvoly's socket.
package struct JuvolyConfiguration: Sendable {
    /// What is put on the wire.
    package enum Uplink: String, Sendable, CaseIterable {
        /// Raw 16 kHz mono 16-bit samples.
        case pcm
        /// One continuous FLAC stream for each connection: about half the bytes.
        case flac
    }

    /// How the service is told that nothing more will be said (`juvoly.md` §8.4). None of them is documented, so the
    /// default sends nothing but audio.
    package enum EndOfStream: Hashable, Sendable {
        case silenceThenClose
        /// Close at once; messages are taken until the answer comes.
        case closeFirst
        /// One empty binary message, then as the default.
        case emptyBinary
        /// This text message, then as the default.
        case textMessage(String)
    }

    /// The base of the socket address; the model is appended.
    package var socketBase: ServiceURL
    package var model: String
    package var uplink: Uplink
    package var policy: SessionPolicy
    package var endOfStream: EndOfStream
    /// The first value of the handshake, before client id and session id (JC-5).
    package var subprotocol: String
    package var acceptsAnySubprotocol: Bool
    package var trust: TrustAnchors
    /// On a stop, audio that was not sent yet stays unsent: a file can be finished later, a microphone cannot.
    package var discardsUnsentOnStop: Bool

    package init(
        socketBase: ServiceURL,
        model: String = "generic",
        uplink: Uplink = .pcm,
        policy: SessionPolicy = SessionPolicy(),
        endOfStream: EndOfStream = .silenceThenClose,
        subprotocol: String = "v2.juvoly",
        acceptsAnySubprotocol: Bool = false,
        trust: TrustAnchors = TrustAnchors(),
        discardsUnsentOnStop: Bool = true
    ) {
        self.socketBase = socketBase
        self.model = model
        self.uplink = uplink
        self.policy = policy
        self.endOfStream = endOfStream
        self.subprotocol = subprotocol
        self.acceptsAnySubprotocol = acceptsAnySubprotocol
        self.trust = trust
        self.discardsUnsentOnStop = discardsUnsentOnStop
    }
}
