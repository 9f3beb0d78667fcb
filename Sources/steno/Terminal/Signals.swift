import Dispatch
import Glibc

/// Turns Ctrl-C and its like into calls: the first asks for an orderly end, the second for an end at once.
final class Signals: Sendable {
    // The sources are only kept alive here; they are never touched again before they are cancelled.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    init(_ onSignal: @escaping @Sendable (_ isSecond: Bool) -> Void) {
        // Writing to a reader that is gone is an error to handle, not a reason to die.
        signal(SIGPIPE, SIG_IGN)
        let queue = DispatchQueue(label: "steno.signals")
        let count = SignalCount()
        self.sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { onSignal(count.next() > 1) }
            source.resume()
            return source
        }
    }

    deinit { for source in self.sources { source.cancel() } }
}

/// Only touched on the queue of the signals.
private final class SignalCount: @unchecked Sendable {
    private var count = 0

    func next() -> Int {
        self.count += 1
        return self.count
    }
}
