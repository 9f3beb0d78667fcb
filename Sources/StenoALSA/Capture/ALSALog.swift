import CALSAShim
import StenoAudio

/// Where libasound's own words go: to our log, never to standard error.
enum ALSALog {
    private struct Sink {
        var log: (@Sendable (String) -> Void)?
        /// A device that is tried again and again fails with the same words.
        var last = ""
    }

    private static let sink = Locked(Sink())

    /// The last one counts; for the whole process, as libasound has one place for it.
    static func write(to log: @escaping @Sendable (String) -> Void) {
        self.sink.withLock { $0 = Sink(log: log) }
        self.take()
    }

    /// From now on libasound writes nothing to standard error. To be called before it is asked anything; a log need not
    /// be there.
    static func take() { _ = self.isTaken }

    private static let isTaken: Bool = {
        steno_alsa_log_to { line in
            guard let line else { return }
            let text = String(cString: line)
            let log = ALSALog.sink.withLock { sink in
                defer { sink.last = text }
                return sink.last == text ? nil : sink.log
            }
            log?(text)
        }
        return true
    }()
}
