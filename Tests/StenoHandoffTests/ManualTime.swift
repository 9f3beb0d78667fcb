import StenoHTTP
import Synchronization

/// Time that only passes when somebody waits, and remembers how long they waited. Chance is always the same.
final class ManualTime: Sendable {
    private let state = Mutex<(now: Duration, sleeps: [Duration])>((.zero, []))

    /// Every wait so far, in whole milliseconds.
    var sleeps: [Duration] { self.state.withLock { $0.sleeps } }
    var now: Duration { self.state.withLock { $0.now } }

    func advance(by duration: Duration) {
        self.state.withLock { $0.now += duration }
    }

    var timekeeper: Timekeeper {
        Timekeeper(
            now: { self.now },
            secondsSince1970: { 784_111_777 + self.now.components.seconds },
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock {
                    $0.now += duration
                    $0.sleeps.append(duration)
                }
            },
            chance: { 0 }
        )
    }
}
