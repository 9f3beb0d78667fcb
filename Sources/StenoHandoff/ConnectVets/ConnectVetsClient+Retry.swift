package import StenoHTTP
internal import StenoWire

extension ConnectVetsClient {
    /// What came of the wish to have a note processed again.
    package enum RetryOutcome: Hashable, Sendable {
        /// It is processed again. Looking at its state tells the rest.
        case accepted
        /// It is being processed already.
        case running
    }

    /// Has a note processed again. Its sections may be gone meanwhile (CA-4), so whoever wants them reads them first.
    ///
    /// - Parameter isAnyState: also one that did not fail: that costs a whole processing more.
    package func retry(_ id: String, isAnyState: Bool = false) async throws(ServiceError) -> RetryOutcome {
        let state = try await self.status(of: id)
        switch state.status {
        case .processing: return .running
        case .failed: break
        case .pending, .completed, .unknown:
            guard isAnyState else {
                throw ServiceError(
                    .rejected,
                    service: "ConnectVets",
                    message:
                        "The note is \(state.status.text), not failed. To have it processed again all the same, add --again."
                )
            }
        }
        do {
            return try await self.ask(id)
        } catch {
            // Both routes never, and the same one never twice: the state tells whether it was heard (CC-33).
            guard error.reason == .unknownOutcome, let now = try? await self.status(of: id).status,
                now == .pending || now == .processing, now != state.status
            else { throw error }
            return .accepted
        }
    }

    /// Two routes are documented, and a service may have only one of them (CC-33).
    private func ask(_ id: String) async throws(ServiceError) -> RetryOutcome {
        let routes: [RetryRoute] = self.memory.retryRoute.map { [$0] } ?? [.transcripts, .note]
        for route in routes.dropLast() {
            do {
                return try await self.ask(id, by: route)
            } catch {
                guard error.status == 405 || (error.status == 404 && error.reason != .rejected) else { throw error }
            }
        }
        return try await self.ask(id, by: routes.last ?? .transcripts)
    }

    /// Where a retry is asked for.
    enum RetryRoute: Hashable, Sendable {
        case transcripts, note
    }

    private func ask(_ id: String, by route: RetryRoute) async throws(ServiceError) -> RetryOutcome {
        let (url, body): (ServiceURL, JSONValue) =
            switch route {
            case .transcripts: (self.configuration.base.appending("transcripts", "retry"), ["note_id": .string(id)])
            case .note: (self.notes.appending(id, "retry"), [:])
            }
        let request = HTTPRequest(
            .post,
            url,
            body: .json(body.serialized()),
            timeLimit: self.configuration.callTimeLimit
        )
        do {
            _ = try await Self.whenThrottled(self.patient).run(self.time) { () throws(ServiceError) in
                try await self.send(request, mayActFrom: .firstByte)
            }
            self.memory.retryRoute = route
            return .accepted
        } catch {
            // Refusals while it is processed come with many codes (CA-2).
            switch error.status {
            case 400, 409, 422: return .running
            default: throw error
            }
        }
    }

    /// A 429 did nothing; anything else may have.
    private static func whenThrottled(_ schedule: RetrySchedule) -> RetrySchedule {
        RetrySchedule { $0.reason == .throttled ? schedule.delay($0, $1) : nil }
    }
}
