package import StenoHTTP

/// What became of a note while we waited.
package enum NoteOutcome: Sendable {
    /// Ready. Not valid means usable, but flagged for review (CA-16).
    case completed(ConnectVetsNote, isValid: Bool)
    /// The service could not process it; its own words, if any. The audio is safe with us.
    case failed(ServerText?)
    /// Not ready within the limit. Keep the id and look again later.
    case stillProcessing(NoteStatus)
}

extension ConnectVetsClient {
    /// Looks at the note until it is ready, by the pace of §11.2, and fetches it then.
    /// - Parameters:
    ///   - limit: how long to wait; twice the recording if that is longer.
    ///   - recording: how long the recording is.
    ///   - onStatus: called after every look.
    /// - Throws: what waiting cannot mend. Trouble on the way only makes the next look later.
    package func wait(
        for id: String,
        limit: Duration = .seconds(900),
        recording: Duration = .zero,
        onStatus: (@Sendable (NoteStatus) -> Void)? = nil
    ) async throws(ServiceError) -> NoteOutcome {
        let start = self.time.now()
        let limit = max(limit, recording * 2)
        var last = NoteStatus.unknown
        while true {
            var pause = self.interval(after: self.time.now() - start)
            do {
                let (status, isValid) = try await self.statusOnce(of: id)
                last = status
                onStatus?(status)
                if status.isTerminal { return try await self.finish(id, status: status, isValid: isValid ?? true) }
            } catch {
                guard error.isTransient else { throw error }
                pause = max(pause, error.retryAfter ?? .zero)
            }
            guard self.time.now() - start + pause <= limit else { return .stillProcessing(last) }
            do {
                try await self.time.sleep(pause)
            } catch {
                return .stillProcessing(last)
            }
        }
    }

    /// One look, for who waits in a way of his own; `stillProcessing` is worth another after `pollInterval`.
    package func look(at id: String) async throws(ServiceError) -> NoteOutcome {
        let (status, isValid) = try await self.statusOnce(of: id)
        guard status.isTerminal else { return .stillProcessing(status) }
        return try await self.finish(id, status: status, isValid: isValid ?? true)
    }

    package var pollInterval: Duration { self.configuration.pollInterval }

    /// Every 5 s for 2 min, then 10 s, after 10 min 30 s.
    private func interval(after elapsed: Duration) -> Duration {
        let first = self.configuration.pollInterval
        if elapsed < .seconds(120) { return first }
        return elapsed < .seconds(600) ? max(first, .seconds(10)) : max(first, .seconds(30))
    }

    private func finish(_ id: String, status: NoteStatus, isValid: Bool) async throws(ServiceError) -> NoteOutcome {
        if status == .completed { return .completed(try await self.note(id), isValid: isValid) }
        // The reason is not documented; when it cannot be read, the failure is still one.
        guard let note = try? await self.note(id) else { return .failed(nil) }
        return .failed(note.failure.flatMap { ServerText($0) })
    }
}
