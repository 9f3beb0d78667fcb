package import StenoHTTP

/// What all deliveries to one target share: how many run at once, and how long nobody may ask.
///
/// When a service asks to wait, or cannot be reached, everybody waits, so a queue of a thousand does not knock a
/// thousand times. After the pause they come one by one, in the order in which they came here; one that never gets
/// through holds up nobody, because its own pauses grow.
package actor DeliveryGate {
    /// Between two tries of a service that cannot be reached: doubled from the first to the longest.
    private static let firstPause = Duration.seconds(1)
    private static let longestPause = Duration.seconds(60)
    /// A service that asks for a longer pause is asked again all the same.
    private static let longestRetryAfter = Duration.seconds(3_600)

    private var free: Int
    private var queue: [(number: Int, turn: CheckedContinuation<Bool, Never>)] = []
    private var number = 0
    private var closedUntil: Duration = .zero
    private var failures = 0

    /// - Parameter width: requests at once.
    package init(width: Int) {
        self.free = max(1, width)
    }

    /// How long nobody may ask.
    package func pause(at now: Duration) -> Duration { max(.zero, self.closedUntil - now) }

    /// Waits for a turn; `leave` ends it.
    ///
    /// - Returns: `false` when the task was cancelled; then there is no turn to end.
    package func enter() async -> Bool {
        if self.free > 0 {
            self.free -= 1
            return true
        }
        self.number += 1
        let number = self.number
        return await withTaskCancellationHandler {
            await withCheckedContinuation { turn in
                if Task.isCancelled { turn.resume(returning: false) } else { self.queue.append((number, turn)) }
            }
        } onCancel: {
            Task { await self.cancel(number) }
        }
    }

    package func leave() {
        guard !self.queue.isEmpty else {
            self.free += 1
            return
        }
        self.queue.removeFirst().turn.resume(returning: true)
    }

    /// What a request told about the service.
    package func learn(_ failure: ServiceError.Reason?, retryAfter: Duration?, now: Duration) {
        switch failure {
        case .throttled:
            self.close(for: retryAfter ?? Self.firstPause * 2, now: now)
        case .unreachable:
            // Doubled at most six times: more than the longest pause.
            let pause = min(Self.firstPause * (1 << min(self.failures, 6)), Self.longestPause)
            self.failures += 1
            self.close(for: max(pause, retryAfter ?? .zero), now: now)
        case .cancelled: break
        case .unavailable, .refused, .misconfigured, .rejected, .unknownOutcome, nil: self.failures = 0
        }
    }

    private func close(for pause: Duration, now: Duration) {
        self.closedUntil = max(self.closedUntil, now + min(max(pause, .zero), Self.longestRetryAfter))
    }

    private func cancel(_ number: Int) {
        guard let index = self.queue.firstIndex(where: { $0.number == number }) else { return }
        self.queue.remove(at: index).turn.resume(returning: false)
    }
}
