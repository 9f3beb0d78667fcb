internal import StenoCore
package import StenoHTTP

extension ConnectVetsClient {
    /// The text of the transcript, from the file the note names; `nil` when it names none.
    ///
    /// The file lies on another host, which gets no key of ours (contract §2.1). Links expire: one that does is asked
    /// for once more.
    package func transcript(of note: ConnectVetsNote) async throws(ServiceError) -> String? {
        guard let link = note.transcriptionURL else { return nil }
        do {
            return try await self.download(link)
        } catch {
            guard error.status == 403 || error.status == 404 || error.status == 410 else { throw error }
            guard let fresh = try await self.note(note.id).transcriptionURL else { throw error }
            return try await self.download(fresh)
        }
    }

    private func download(_ link: Secret) async throws(ServiceError) -> String {
        let url: ServiceURL
        do {
            url = try link.reveal { text throws(ServiceURLError) in try ServiceURL(text) }
        } catch {
            throw Self.problem(.rejected, "has an address that cannot be used")
        }
        return try await self.patient.run(self.time) { () throws(ServiceError) in try await self.fetch(url) }
    }

    /// No header of ours but the kind that is wanted, and no redirect is followed.
    private func fetch(_ url: ServiceURL) async throws(ServiceError) -> String {
        let request = HTTPRequest(
            .get,
            url,
            headers: [(name: "accept", value: "text/plain")],
            timeLimit: self.configuration.callTimeLimit
        )
        let answer: HTTPAnswer
        do {
            answer = try await self.transport.send(request)
        } catch {
            throw error.cause == .cancelled
                ? Self.problem(.cancelled, "was not waited for") : Self.problem(.unreachable, "cannot be fetched")
        }
        switch answer.status {
        case 200...299: break
        case 403, 404, 410: throw Self.problem(.rejected, "is no longer where the note says", answer.status)
        case 429, 500...599: throw Self.problem(.unavailable, "cannot be fetched", answer.status)
        default: throw Self.problem(.rejected, "cannot be fetched", answer.status)
        }
        let isPage = answer.header("content-type")?.lowercased().hasPrefix("text/html") == true
        guard answer.completeness == .complete, !isPage, let text = String(validating: answer.body, as: UTF8.self)
        else { throw Self.problem(.unavailable, "cannot be read", answer.status) }
        return text
    }

    /// The link is a credential, so no part of it is in the words.
    private static func problem(_ reason: ServiceError.Reason, _ what: String, _ status: Int? = nil) -> ServiceError {
        let number = status.map { " (\($0))" } ?? ""
        return ServiceError(
            reason,
            service: "ConnectVets",
            status: status,
            message: "The transcript of the note \(what)\(number). Try again later."
        )
    }
}
