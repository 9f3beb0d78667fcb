import Synchronization

/// Where a signal finds what it is to stop: the recording that is being recognised now, and the job it belongs to.
final class StopRequests: Sendable {
    struct Target: Sendable {
        /// Hear out what was sent.
        let inOrder: @Sendable () -> Void
        let atOnce: @Sendable () -> Void
    }

    private struct State {
        var current: Target?
        var isRequested = false
        var isAtOnce = false
    }

    private let state = Mutex(State())

    func request(atOnce: Bool) {
        let target = self.state.withLock { state in
            state.isRequested = true
            state.isAtOnce = state.isAtOnce || atOnce
            return state.current
        }
        if atOnce { target?.atOnce() } else { target?.inOrder() }
    }

    /// A target that begins after a request is stopped like one that was there.
    func begin(_ target: Target) {
        let (isRequested, isAtOnce) = self.state.withLock { state in
            state.current = target
            return (state.isRequested, state.isAtOnce)
        }
        if isRequested { isAtOnce ? target.atOnce() : target.inOrder() }
    }

    func end() {
        self.state.withLock { $0.current = nil }
    }

    /// Nothing further is to be begun.
    var isRequested: Bool { self.state.withLock(\.isRequested) }
    var isAtOnce: Bool { self.state.withLock(\.isAtOnce) }
}
