package import StenoCore
package import StenoHTTP
internal import StenoWire

/// The REST side of Juvoly V2: tickets for sockets, and the user's own key.
///
/// Every call is one attempt. What to do after an error is decided by the session's state machine, from
/// `ServiceError.reason`, `isTransient` and `retryAfter`; asking for one more ticket is always harmless (§12.1).
package struct JuvolySessionClient: Sendable {
    /// From the call to the last byte of the answer (§13).
    package static let timeLimit = Duration.seconds(15)

    private let transport: HTTPTransport
    private let time: Timekeeper

    package init(transport: HTTPTransport, time: Timekeeper = .system) {
        self.transport = transport
        self.time = time
    }

    /// Asks for one ticket.
    /// - Throws: `refused` for 401 and 403, `misconfigured` for 404 and 405 and for values that cannot go into
    ///   a handshake, `rejected` for 400, 415 and the like; `throttled`, `unavailable` and `unreachable` are transient.
    package func createSession(from source: SessionSource) async throws(ServiceError) -> SessionTicket {
        let errors = Self.errors(for: source)
        var headers = [(name: "accept", value: "application/json")]
        let url: ServiceURL
        let ownClientID: String?
        switch source {
        case .service(let rest, let apiKey, let clientID):
            guard SessionTicket.isToken(clientID) else { throw Self.unusableClientID }
            url = rest.appending("session")
            ownClientID = clientID
            headers.append(("x-juvoly-api-key", apiKey.reveal { $0 }))
            headers.append(("x-juvoly-client-id", clientID))
        case .broker(let broker, let clientID):
            url = broker
            ownClientID = clientID
        }
        let answer = try await self.send(
            HTTPRequest(.post, url, headers: headers, body: .json("{}"), timeLimit: Self.timeLimit),
            errors: errors
        )
        guard let fields = answer.json, let sessionID = fields["sessionId"]?.string else {
            throw errors.unreadable(answer, at: url)
        }
        let clientID: String? =
            switch source {
            // The answer echoes the client id; the one that was accepted with the key is the one to use.
            case .service: ownClientID
            case .broker: fields["clientId"]?.string ?? ownClientID
            }
        guard let clientID else { throw errors.unreadable(answer, at: url) }
        guard let ticket = SessionTicket(clientID: clientID, sessionID: sessionID) else {
            throw Self.unusableTicket(from: errors.service)
        }
        return ticket
    }

    /// Exchanges a user's e-mail and password for that user's own key (§5.1).
    /// - Parameter masterKey: the organisation's key; a user key cannot fetch another.
    package func fetchUserAPIKey(
        rest: ServiceURL,
        masterKey: Secret,
        clientID: String,
        email: String,
        password: Secret
    ) async throws(ServiceError) -> Secret {
        guard !email.isEmpty, !password.isEmpty, !email.utf8.contains(UInt8(ascii: ":")) else {
            throw ServiceError(
                .misconfigured,
                service: "Juvoly",
                message: "An e-mail address (without ':') and a password are needed to fetch a user key."
            )
        }
        guard SessionTicket.isToken(clientID) else { throw Self.unusableClientID }
        let url = rest.appending("auth", "user-api-key")
        let headers = [
            (name: "accept", value: "application/json"),
            (name: "x-juvoly-api-key", value: masterKey.reveal { $0 }),
            (name: "x-juvoly-client-id", value: clientID),
            (name: "authorization", value: BasicCredentials(name: email, password: password).headerValue),
        ]
        let answer: HTTPAnswer
        do {
            answer = try await self.send(
                HTTPRequest(.get, url, headers: headers, timeLimit: Self.timeLimit),
                errors: Self.serviceErrors
            )
        } catch {
            throw error.status == 401 ? Self.userRefused : error
        }
        guard let key = answer.json?["userApiKey"]?.string, Self.isHeaderValue(key) else {
            throw Self.serviceErrors.unreadable(answer, at: url)
        }
        return Secret(key)
    }

    private func send(_ request: HTTPRequest, errors: ServiceErrors) async throws(ServiceError) -> HTTPAnswer {
        let answer: HTTPAnswer
        do {
            answer = try await self.transport.send(request)
        } catch {
            throw errors.failure(error, at: request.url, mayActFrom: .never)
        }
        guard answer.isSuccess else {
            let delay = answer.retryAfter(secondsSince1970: self.time.secondsSince1970())
            throw errors.status(answer, at: request.url, retryAfter: delay)
        }
        return answer
    }

    /// Visible ASCII, as a key must be to be sent again.
    private static func isHeaderValue(_ text: String) -> Bool {
        (1...4096).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

extension JuvolySessionClient {
    private static let serviceErrors = ServiceErrors(
        service: "Juvoly",
        addressSetting: "JUVOLY_REST_URL",
        keySettings: "JUVOLY_API_KEY and JUVOLY_CLIENT_ID"
    )

    private static let brokerErrors = ServiceErrors(
        service: "The session broker",
        addressSetting: "JUVOLY_SESSION_URL",
        keySettings: "this machine's access to the broker"
    )

    private static func errors(for source: SessionSource) -> ServiceErrors {
        switch source {
        case .service: Self.serviceErrors
        case .broker: Self.brokerErrors
        }
    }

    private static let unusableClientID = ServiceError(
        .misconfigured,
        service: "Juvoly",
        message: "The client id is empty or has characters that cannot stand in a handshake. Check JUVOLY_CLIENT_ID."
    )

    private static func unusableTicket(from service: String) -> ServiceError {
        ServiceError(
            .misconfigured,
            service: service,
            message: "\(service) gave a client or session id with characters that cannot stand in a handshake. "
                + "Check the address it was asked at."
        )
    }

    /// Both causes look alike (§5.1), so both are named.
    private static let userRefused = ServiceError(
        .refused,
        service: "Juvoly",
        status: 401,
        message: "Juvoly refused the e-mail and password, or the user has no subscription (401). Check both; the "
            + "organisation's key and JUVOLY_CLIENT_ID may be at fault too."
    )
}
