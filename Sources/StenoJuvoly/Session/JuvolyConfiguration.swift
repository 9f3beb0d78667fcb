package import StenoCore

/// Where and how to talk to Juvoly's socket.
package struct JuvolyConfiguration: Sendable {
    /// What is put on the wire.
    package enum Uplink: String, Sendable, CaseIterable {
        /// Raw 16 kHz mono 16-bit samples.
        case pcm
        /// One continuous FLAC stream for each connection: about half the bytes.
        case flac
    }

    /// The base of the socket address; the model is appended.
    package var socketBase: String
    package var model: String
    package var uplink: Uplink
    package var policy: SessionPolicy
    package var acceptsAnySubprotocol: Bool
    /// A PEM file of certificates to trust beside the system's.
    package var extraCAFile: String?
    /// On a stop, audio that was not sent yet stays unsent: a file can be finished later, a microphone cannot.
    package var discardsUnsentOnStop: Bool

    package init(
        socketBase: String,
        model: String = "generic",
        uplink: Uplink = .pcm,
        policy: SessionPolicy = SessionPolicy(),
        acceptsAnySubprotocol: Bool = false,
        extraCAFile: String? = nil,
        discardsUnsentOnStop: Bool = true
    ) {
        self.socketBase = socketBase
        self.model = model
        self.uplink = uplink
        self.policy = policy
        self.acceptsAnySubprotocol = acceptsAnySubprotocol
        self.extraCAFile = extraCAFile
        self.discardsUnsentOnStop = discardsUnsentOnStop
    }
}
