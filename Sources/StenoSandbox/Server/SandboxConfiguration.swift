package import NIOCore
package import StenoCore

/// Who recognises speech in the sandbox.
package enum SandboxRecognition: Sendable {
    /// Conversations from files: exact and fast. Without audio of their own they serve connections in order, the last one
    /// all further connections; those with audio are found by what a connection sends.
    case scripted([ScriptedSession])
    /// A recogniser for each connection, on a thread of its own.
    case engine(@Sendable () throws -> any StreamRecognizer)
}

/// Decodes the audio of a connection that is not raw PCM, as one continuous stream. One connection owns it.
package protocol SandboxAudioDecoder: AnyObject {
    /// Takes the next bytes of the stream and gives the frames that became complete, 16 kHz mono.
    func decode(_ bytes: [UInt8]) throws -> [Int16]
}

/// How a sandbox is set up.
package struct SandboxConfiguration: Sendable {
    package var recognition: SandboxRecognition
    package var faults: SandboxFaults
    /// On 127.0.0.1 only; 0 takes any free port.
    package var port: Int
    /// From the handshake to `ready`.
    package var readyDelay: TimeAmount
    /// From a summary request to its answer.
    package var summaryDelay: TimeAmount
    /// Without audio for this long, open utterances are completed.
    package var audioPause: TimeAmount
    /// How long a note is `pending`, and then `processing`, unless a switch says otherwise.
    package var pendingTime: TimeAmount
    package var processingTime: TimeAmount
    /// Makes the decoder of a connection that asked for no raw PCM; without one, such a connection is refused.
    package var audioDecoder: (@Sendable () -> any SandboxAudioDecoder)?
    /// A part of the note ids, so that the notes of two runs are not mistaken for each other.
    package var noteSeries: UInt32
    /// For the lifetimes of sessions, tokens and notes; a test may put its own in.
    package var clock: @Sendable () -> NIODeadline
    /// Where NxVET's events go: `http://127.0.0.1:PORT/PATH`; `nil` for nowhere.
    package var webhook: String?
    /// From an event that was not taken to the second try; doubled each time (NA-11).
    package var webhookRetry = TimeAmount.minutes(1)

    package init(
        recognition: SandboxRecognition,
        faults: SandboxFaults = SandboxFaults(),
        port: Int = 0,
        readyDelay: TimeAmount = .milliseconds(50),
        summaryDelay: TimeAmount = .milliseconds(200),
        audioPause: TimeAmount = .milliseconds(1_500),
        pendingTime: TimeAmount = .milliseconds(300),
        processingTime: TimeAmount = .milliseconds(700),
        audioDecoder: (@Sendable () -> any SandboxAudioDecoder)? = nil,
        noteSeries: UInt32 = 0,
        clock: @escaping @Sendable () -> NIODeadline = { .now() }
    ) {
        self.recognition = recognition
        self.faults = faults
        self.port = port
        self.readyDelay = readyDelay
        self.summaryDelay = summaryDelay
        self.audioPause = audioPause
        self.pendingTime = pendingTime
        self.processingTime = processingTime
        self.audioDecoder = audioDecoder
        self.noteSeries = noteSeries
        self.clock = clock
    }

    /// The switches of the configuration and of its scripts together.
    var effectiveFaults: SandboxFaults {
        get throws(SandboxError) {
            var faults = self.faults
            if case .scripted(let sessions) = self.recognition {
                for session in sessions {
                    for fault in session.faults { try faults.apply(fault) }
                }
            }
            return faults
        }
    }
}
