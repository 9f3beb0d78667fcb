import Glibc
package import StenoAudio
package import StenoCore

/// A recording in memory that stalls, fails and recovers when the test says so, and remembers what it was told.
package final class ScriptedRecording: RecordingSink {
    package enum Call: Hashable, Sendable {
        case append(AudioSpan)
        case missed(AudioGap)
        case finish
    }

    private struct State {
        var samples: [Int16] = []
        var calls: [Call] = []
        var failure: AudioError?
        var readFailure: AudioError?
        var isHeld = false
        var waiters = 0
        /// Rung when `waiters` grows.
        var onHeld: CheckedContinuation<Void, Never>?
    }

    private let state = Locked(State())
    private let gate: Gate

    /// Invariant, and why `@unchecked`: a semaphore is made for many threads; its address never changes.
    private struct Gate: @unchecked Sendable {
        let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    }

    package init() {
        self.gate = Gate()
        sem_init(self.gate.semaphore, 0, 0)
    }

    deinit {
        sem_destroy(self.gate.semaphore)
        self.gate.semaphore.deallocate()
    }

    /// Everything it was handed, zeros where it was told of gaps.
    package var samples: [Int16] { self.state.withLock(\.samples) }
    package var calls: [Call] { self.state.withLock(\.calls) }
    package var gaps: [AudioGap] { self.calls.compactMap { if case .missed(let gap) = $0 { gap } else { nil } } }

    /// From now on every `append` waits, as on a disk that does not answer.
    package func hold() { self.state.withLock { $0.isHeld = true } }

    /// Returns when the recorder waits.
    package func held() async {
        await withCheckedContinuation { continuation in
            let isHeld = self.state.withLock { state in
                if state.waiters == 0 { state.onHeld = continuation }
                return state.waiters > 0
            }
            if isHeld { continuation.resume() }
        }
    }

    package func release() {
        let waiters = self.state.withLock { state in
            state.isHeld = false
            return state.waiters
        }
        for _ in 0..<waiters { sem_post(self.gate.semaphore) }
    }

    /// From now on every call that writes throws this; `nil` works again.
    package func fail(_ failure: AudioError?) { self.state.withLock { $0.failure = failure } }

    /// From now on every `read` throws this.
    package func failReading(_ failure: AudioError?) { self.state.withLock { $0.readFailure = failure } }

    package func append(
        _ samples: UnsafeBufferPointer<Int16>,
        at position: SamplePosition
    ) throws(AudioError) {
        let (mustWait, onHeld) = self.state.withLock { state in
            if state.isHeld { state.waiters += 1 }
            return (state.isHeld, state.isHeld ? state.onHeld.take() : nil)
        }
        onHeld?.resume()
        if mustWait {
            while sem_wait(self.gate.semaphore) != 0 {}
            self.state.withLock { $0.waiters -= 1 }
        }
        let span = AudioSpan(start: position, end: position + Int64(samples.count))
        try self.record(.append(span)) { $0.samples.replaceTail(from: position, with: Array(samples)) }
    }

    package func missed(_ gap: AudioGap) throws(AudioError) {
        let silence = Signal.silence(frames: Int(gap.span.frames))
        try self.record(.missed(gap)) { $0.samples.replaceTail(from: gap.span.start, with: silence) }
    }

    package func finish() throws(AudioError) { try self.record(.finish) { _ in } }

    package func read(
        at position: SamplePosition,
        into buffer: UnsafeMutableBufferPointer<Int16>
    ) throws(AudioError) -> Int {
        try self.state.withLock { state throws(AudioError) in
            if let failure = state.readFailure { throw failure }
            guard position.frames >= 0, position.frames < Int64(state.samples.count) else { return 0 }
            return buffer.update(fromContentsOf: state.samples[Int(position.frames)...].prefix(buffer.count))
        }
    }

    package var durable: SamplePosition { SamplePosition(frames: Int64(self.samples.count)) }

    private func record(_ call: Call, _ change: (inout State) -> Void) throws(AudioError) {
        try self.state.withLock { state throws(AudioError) in
            if let failure = state.failure { throw failure }
            state.calls.append(call)
            change(&state)
        }
    }
}

extension [Int16] {
    /// - Precondition: `position` is the end, or before it.
    fileprivate mutating func replaceTail(from position: SamplePosition, with samples: [Int16]) {
        precondition(position.frames <= Int64(self.count), "the recording was handed audio with a hole before it")
        self.removeLast(self.count - Int(position.frames))
        self += samples
    }
}
