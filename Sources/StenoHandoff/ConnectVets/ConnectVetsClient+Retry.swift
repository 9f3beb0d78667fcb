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
                        "The note is \(state.status.text), not failed. To have it processed again all the same, add --force."
                )
            }
        }
        do {
            return try await self.ask(
                self.configuration.base.appending("transcripts", "retry"),
                ["note_id": .string(id)]
            )
        } catch {
            // Two routes are documented, and a service may have only one of them (CC-33).
            guard Self.isMissingRoute(error) else { throw error }
        }
        return try await self.ask(self.notes.appending(id, "retry"), [:])
    }

    private func ask(_ url: ServiceURL, _ body: JSONValue) async throws(ServiceError) -> RetryOutcome {
        let request = HTTPRequest(
            .post,
            url,
            body: .json(body.serialized()),
            timeLimit: self.configuration.callTimeLimit
        )
        do {
            _ = try await self.send(request, mayActFrom: .firstByte)
            return .accepted
        } catch {
            // Refusals while it is processed come with many codes (CA-2).
            switch error.status {
            case 400, 409, 422: return .running
            default: throw error
            }
        }
    }

    /// 405, or a 404 that is not about the note.
    private static func isMissingRoute(_ error: ServiceError) -> Bool {
        error.status == 405 || (error.status == 404 && error.reason != .rejected)
    }
}
