package import StenoAudio
package import StenoCore

/// A place for a copy, in memory, which refuses when the test says so.
package final class ScriptedCopy: CopySink {
    private struct State {
        var samples: [Int16]
        var safe: Int
        var failure: AudioError?
        var firstOffered: SamplePosition?
        var settled = 0
        var refusals = 0
        /// Looked at after each call.
        var waiters: [Waiter] = []
    }

    private struct Waiter {
        let isDue: (State) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private let state: Locked<State>

    /// - Parameter samples: what is there from an earlier time.
    package init(_ samples: [Int16] = []) {
        self.state = Locked(State(samples: samples, safe: samples.count))
    }

    package var samples: [Int16] { self.state.withLock(\.samples) }
    package var durable: SamplePosition { SamplePosition(frames: Int64(self.state.withLock(\.safe))) }
    /// Where the first samples belonged that it was offered.
    package var firstOffered: SamplePosition? { self.state.withLock(\.firstOffered) }

    /// From now on every call throws this; `nil` works again.
    package func fail(_ failure: AudioError?) { self.state.withLock { $0.failure = failure } }

    package func append(_ samples: UnsafeBufferPointer<Int16>, at position: SamplePosition) throws(AudioError) {
        let samples = Array(samples)
        try self.call { state in
            state.firstOffered = state.firstOffered ?? position
            precondition(position.frames <= Int64(state.samples.count), "offered with a hole before it")
            state.samples += samples.dropFirst(state.samples.count - Int(position.frames))
        }
    }

    package func settle() throws(AudioError) {
        try self.call { state in
            state.safe = state.samples.count
            state.settled += 1
        }
    }

    /// Returns when it was settled so often.
    package func settled(times: Int) async { await self.when { $0.settled >= times } }

    /// Returns when it refused something.
    package func refused() async { await self.when { $0.refusals > 0 } }

    private func when(_ isDue: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isDueNow = self.state.withLock { state in
                if !isDue(state) { state.waiters.append(Waiter(isDue: isDue, continuation: continuation)) }
                return isDue(state)
            }
            if isDueNow { continuation.resume() }
        }
    }

    private func call(_ change: @Sendable (inout State) -> Void) throws(AudioError) {
        let (failure, due) = self.state.withLock { state -> (AudioError?, [CheckedContinuation<Void, Never>]) in
            if state.failure == nil { change(&state) } else { state.refusals += 1 }
            let waiters = state.waiters
            state.waiters = waiters.filter { !$0.isDue(state) }
            return (state.failure, waiters.filter { $0.isDue(state) }.map(\.continuation))
        }
        for continuation in due { continuation.resume() }
        if let failure { throw failure }
    }
}
