internal import Synchronization

/// The events that are being worked on now, and the alarm for the next one.
final class UnderWay: Sendable {
    private struct State {
        var ids: Set<Int64> = []
        var ended: [Int64] = []
        var alarm: Task<Void, Never>?
    }

    private let state = Mutex(State())

    var ids: Set<Int64> { self.state.withLock(\.ids) }

    func begin(_ id: Int64) { self.state.withLock { _ = $0.ids.insert(id) } }

    func end(_ id: Int64) { self.state.withLock { $0.ended.append(id) } }

    func popEnded() -> Int64? { self.state.withLock { $0.ended.popLast() } }

    func forget(_ id: Int64) { self.state.withLock { _ = $0.ids.remove(id) } }

    /// Takes the place of the alarm before.
    func setAlarm(_ alarm: Task<Void, Never>?) {
        let former = self.state.withLock { state in
            let former = state.alarm
            state.alarm = alarm
            return former
        }
        former?.cancel()
    }

    deinit { self.state.withLock { $0.alarm?.cancel() } }
}
