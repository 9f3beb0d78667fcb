package import StenoCore
package import StenoHTTP

extension NxVETClient {
    /// Looks at something that NxVET works on until it is done: after 10, 20, 40 … 120 s, for at most 30 minutes
    /// (contract NxVET §7.3). A stand-in on this machine is looked at forty times as often.
    ///
    /// - Parameters:
    ///   - policy: the times.
    ///   - onLook: what was seen, when that is not the end.
    /// - Returns: what was seen last, and whether that is the end.
    package func wait<Value: Sendable>(
        _ policy: EventPolicy = EventPolicy(),
        read: () async throws(ServiceError) -> Value,
        isDone: (Value) -> Bool,
        onLook: (Value) -> Void
    ) async throws(ServiceError) -> (value: Value, isDone: Bool) {
        let start = self.time.now()
        var looks = 0
        while true {
            looks += 1
            let delay = policy.look(afterTries: looks) / (self.configuration.isPaced ? 1 : 40)
            do {
                try await self.time.sleep(delay)
            } catch {
                throw self.errors.general.failure(
                    HTTPFailure(.cancelled),
                    at: self.configuration.base,
                    mayActFrom: .never
                )
            }
            let value = try await read()
            if isDone(value) { return (value, true) }
            guard self.time.now() - start < policy.patience else { return (value, false) }
            onLook(value)
        }
    }
}
