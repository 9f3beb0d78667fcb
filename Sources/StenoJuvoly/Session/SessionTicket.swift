package import StenoCore

/// A one-time permission to open one socket (`juvoly.md` §5.2).
package struct SessionTicket: Sendable {
    package var clientID: String
    /// Spent by any attempt to open a socket with it (JA-2).
    package var sessionID: Secret

    package init(clientID: String, sessionID: Secret) {
        self.clientID = clientID
        self.sessionID = sessionID
    }
}

/// Makes tickets: with an API key, or through the broker of an organisation. One call is one attempt; whether there is
/// another is the session's decision.
package protocol SessionTicketSource: Sendable {
    func ticket() async -> Result<SessionTicket, SessionTicketFailure>
}

/// Why there is no ticket: the class the session decides by, and the words a person is told.
package struct SessionTicketFailure: Error, Sendable {
    package var failure: SessionStateMachine.CreationFailure
    package var message: String

    package init(_ failure: SessionStateMachine.CreationFailure, message: String) {
        self.failure = failure
        self.message = message
    }
}
