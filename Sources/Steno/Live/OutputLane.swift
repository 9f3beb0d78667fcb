import Dispatch
import Synchronization

/// A thread that writes to one place, so that a place that takes nothing holds up nobody.
///
/// Events are left in a queue, by any thread, without waiting. While the place is slow the queue keeps what has to be
/// said and only the newest of what is merely shown.
package final class OutputLane: Sendable {
    private struct State {
        var queue = EventQueue()
        var isRung = false
        var isRedrawing = false
        var isSuspended = false
        var isEnding = false
        var isOver = false
        var failures: [OutputError] = []
        var paintLatency = PaintLatency()
    }

    private enum Work {
        case events(EventQueue.Batch, isRedrawing: Bool)
        case suspend
        case end(EventQueue.Batch)
    }

    /// What an output that works needs at most to write what is left.
    private static let grace = DispatchTimeInterval.milliseconds(500)

    private let state = Mutex(State())
    /// Something is to be looked at in `state`.
    private let doorbell = DispatchSemaphore(value: 0)
    private let suspended = DispatchSemaphore(value: 0)
    private let ended: AsyncStream<Void>
    private let end: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - outputs: only its own thread touches them from here on.
    ///   - onNobody: nobody will ever get the result.
    package init(_ name: String, _ outputs: RunOutputs, onNobody: @escaping @Sendable () -> Void = {}) {
        let (ended, end) = AsyncStream<Void>.makeStream()
        self.ended = ended
        self.end = end
        OutputThread.start(name) {
            self.run(outputs, onNobody)
            end.finish()
        }
    }

    /// Any thread. Never waits.
    package func receive(_ event: RunEvent, at time: ContinuousClock.Instant = .now) {
        self.ring { $0.queue.append(event, at: time) }
    }

    /// What is drawn may be wrong by now.
    package func redraw() { self.ring { $0.isRedrawing = true } }

    /// Takes away what is drawn before the program is stopped. Waits a little for it, no longer than a person would.
    package func suspend() {
        // An answer to an earlier call may have come too late for it.
        while self.suspended.wait(timeout: .now()) == .success {}
        self.ring { $0.isSuspended = true }
        _ = self.suspended.wait(timeout: .now() + .milliseconds(200))
    }

    package func resume() {
        self.ring { state in
            state.isSuspended = false
            state.isRedrawing = true
        }
    }

    /// Writes what is left, and ends.
    ///
    /// - Parameter insist: called when it took as long as `limit`; what is left then has as long again.
    /// - Returns: false when that was not enough; without a limit it takes as long as it takes.
    package func finish(
        within limit: Duration? = nil,
        insist: @escaping @Sendable () -> Void = {}
    ) async -> Bool {
        self.ring { $0.isEnding = true }
        let ended = self.ended
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                for await _ in ended {}
                return true
            }
            if let limit {
                group.addTask {
                    do {
                        try await Task.sleep(for: limit)
                        insist()
                        try await Task.sleep(for: limit)
                    } catch {}
                    return false
                }
            }
            defer { group.cancelAll() }
            return await group.next() ?? false && self.state.withLock(\.isOver)
        }
    }

    /// Nobody wants to wait any more: `finish` returns within half a second. Any thread, at any time.
    package func abandon() {
        let end = self.end
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.grace) { end.finish() }
    }

    /// What could not be written so far.
    package var failures: [OutputError] { self.state.withLock(\.failures) }
    package var paintLatency: PaintLatency { self.state.withLock(\.paintLatency) }
    /// How many events wait.
    package var backlog: Int { self.state.withLock(\.queue.count) }

    private func ring(_ change: (inout State) -> Void) {
        let isFirst = self.state.withLock { state in
            change(&state)
            defer { state.isRung = true }
            return !state.isRung
        }
        if isFirst { self.doorbell.signal() }
    }

    private func run(_ outputs: RunOutputs, _ onNobody: () -> Void) {
        var outputs = outputs
        var isTold = false
        var next: ContinuousClock.Instant?
        while true {
            self.wait(until: next)
            switch self.work() {
            case .events(let batch, let isRedrawing):
                if isRedrawing { outputs.redraw() }
                for event in batch.events { outputs.receive(event) }
                next = outputs.paint(interimSince: batch.interimSince)
            case .suspend:
                outputs.close()
                self.suspended.signal()
                next = nil
            case .end(let batch):
                for event in batch.events { outputs.receive(event) }
                outputs.close()
                self.tell(of: outputs, isOver: true)
                return
            }
            self.tell(of: outputs, isOver: false)
            if outputs.isForNobody, !isTold {
                isTold = true
                onNobody()
            }
        }
    }

    private func wait(until time: ContinuousClock.Instant?) {
        guard let time else { return self.doorbell.wait() }
        let nanoseconds = max(0, min((time - .now) / .nanoseconds(1), 60e9))
        _ = self.doorbell.wait(timeout: .now() + .nanoseconds(Int(nanoseconds)))
    }

    private func work() -> Work {
        self.state.withLock { state in
            state.isRung = false
            if state.isEnding { return .end(state.queue.take()) }
            // What was said stays in the queue until the program goes on.
            if state.isSuspended { return .suspend }
            defer { state.isRedrawing = false }
            return .events(state.queue.take(), isRedrawing: state.isRedrawing)
        }
    }

    private func tell(of outputs: RunOutputs, isOver: Bool) {
        self.state.withLock { state in
            state.failures = outputs.failures
            state.paintLatency = outputs.paintLatency
            state.isOver = isOver
        }
    }
}
