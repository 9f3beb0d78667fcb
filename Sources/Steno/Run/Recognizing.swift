package import Logging
package import NIOCore
package import StenoAudio
package import StenoCore
package import StenoJuvoly
import Synchronization

/// Who recognises a recording.
package enum RecognizerChoice: Sendable {
    case juvoly(JuvolyConfiguration, tickets: JuvolySession.Tickets, eventLoop: any EventLoop)
    /// - Parameter speed: times real time; `nil` is as fast as it goes.
    case local(speed: Double?, make: @Sendable () throws -> any StreamRecognizer)
}

/// A recognition on its way: started once, and asked to stop at most twice.
package final class Recognizing: Sendable {
    private enum Session: Sendable {
        case juvoly(JuvolySession)
        case local(LocalSession)
    }

    private let session: Session

    /// - Parameter memory: what an earlier recognition of the same recording left; this one goes on from there.
    package init(
        _ source: any SampleSource,
        by choice: RecognizerChoice,
        resuming memory: RecordingMemory = RecordingMemory(),
        logger: Logger,
        onEvent: @escaping @Sendable (RecognitionEvent) -> Void
    ) {
        switch choice {
        case .juvoly(let configuration, let tickets, let eventLoop):
            self.session = .juvoly(
                JuvolySession(
                    source: source,
                    resuming: memory,
                    configuration: configuration,
                    tickets: tickets,
                    eventLoop: eventLoop,
                    logger: logger,
                    onEvent: onEvent
                )
            )
        case .local(let speed, let make):
            self.session = .local(
                LocalSession(
                    source: source,
                    resuming: memory,
                    speed: speed,
                    makeRecognizer: make,
                    onEvent: onEvent
                )
            )
        }
    }

    package func run() async -> RecognitionResult {
        switch self.session {
        case .juvoly(let session): RecognitionResult(await session.run())
        case .local(let session): RecognitionResult(await session.run())
        }
    }

    /// Asks for a summary of what was heard so far, which comes as an event.
    ///
    /// - Returns: `false` where nobody makes one.
    package func requestSummary() -> Bool {
        switch self.session {
        case .juvoly(let session):
            session.requestSummary()
            return true
        case .local: return false
        }
    }

    /// The first signal drains, the second ends it at once. What was recorded stays.
    package func requestStop(atOnce: Bool) {
        switch self.session {
        case .juvoly(let session): session.requestStop(atOnce: atOnce)
        case .local(let session): session.requestStop()
        }
    }
}
