import Steno

/// The one way from everything that happens in a live recording to its outputs, in order.
struct LiveEvents: Sendable {
    let stream: AsyncStream<RunEvent>
    private let continuation: AsyncStream<RunEvent>.Continuation

    init() {
        // Nothing of it may be dropped, so what waits for a slow output is bounded by what is said in the recording.
        (self.stream, self.continuation) = AsyncStream<RunEvent>.makeStream()
    }

    func tell(_ event: RunEvent) {
        self.continuation.yield(event)
    }

    func finish() {
        self.continuation.finish()
    }
}
