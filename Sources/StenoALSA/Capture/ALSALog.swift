import CALSAShim
import Synchronization

/// Where libasound's own words go: to our log, never to standard error.
enum ALSALog {
    private static let sink = Mutex<(@Sendable (String) -> Void)?>(nil)

    /// The last one counts; for the whole process, as libasound has one place for it.
    static func write(to log: @escaping @Sendable (String) -> Void) {
        self.sink.withLock { $0 = log }
        steno_alsa_log_to { line in
            guard let line else { return }
            let text = String(cString: line)
            let log = ALSALog.sink.withLock { $0 }
            log?(text)
        }
    }
}
