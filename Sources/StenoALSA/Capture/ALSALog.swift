import CALSAShim
import Synchronization

/// Where libasound's own words go: to our log, never to standard error.
enum ALSALog {
    private struct Sink {
        var log: (@Sendable (String) -> Void)?
        /// A device that is tried again and again fails with the same words.
        var last = ""
    }

    private static let sink = Mutex(Sink())

    /// The last one counts; for the whole process, as libasound has one place for it.
    static func write(to log: @escaping @Sendable (String) -> Void) {
        self.sink.withLock { $0 = Sink(log: log) }
        steno_alsa_log_to { line in
            guard let line else { return }
            let text = String(cString: line)
            let log = ALSALog.sink.withLock { sink in
                defer { sink.last = text }
                return sink.last == text ? nil : sink.log
            }
            log?(text)
        }
    }
}
