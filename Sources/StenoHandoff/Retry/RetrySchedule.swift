internal import StenoHTTP

/// When a call that did not work is made again. The rules differ by service and call; the loop is the same.
struct RetrySchedule: Sendable {
    /// The wait before the next attempt, or `nil` to give up. `attempt` counts from 1.
    let delay: @Sendable (_ error: ServiceError, _ attempt: Int) -> Duration?

    /// Runs `operation` until it succeeds or the schedule gives up; then the last error is thrown.
    /// A cancelled wait ends it as well, with that error.
    func run<Result>(
        _ time: Timekeeper,
        _ operation: () async throws(ServiceError) -> Result
    ) async throws(ServiceError) -> Result {
        var attempt = 1
        while true {
            do {
                return try await operation()
            } catch {
                guard let delay = self.delay(error, attempt) else { throw error }
                do {
                    try await time.sleep(delay)
                } catch _ {
                    throw error
                }
                attempt += 1
            }
        }
    }

    /// 2, 4, 8 … seconds: `first` doubled for each attempt, never above `longest`.
    static func doubling(_ first: Duration, attempt: Int, longest: Duration = .seconds(60)) -> Duration {
        var delay = first
        for _ in 1..<max(attempt, 1) {
            if delay >= longest { return longest }
            delay *= 2
        }
        return min(delay, longest)
    }
}
