internal import StenoCore
internal import StenoHTTP

/// Decides when the Invox access token is asked for, used and given up (contract Invox §2.1).
///
/// | state | event | next |
/// | --- | --- | --- |
/// | none | needed | requesting; the others wait for the one request |
/// | requesting | received | valid, to be renewed at 110 min or earlier |
/// | requesting | refused (400, 401, 403) | refused: no further request |
/// | requesting | other trouble | none: the next call may try again |
/// | valid | needed after the renewal time | requesting |
/// | valid | rejected by a call (401) | none, unless it was renewed meanwhile |
struct InvoxTokenMachine: Sendable {
    /// An access token and which one it is, so that a late complaint about an old one does not cost the new one.
    struct Token: Hashable, Sendable {
        let value: Secret
        let number: Int
    }

    enum Answer {
        case use(Token)
        /// The caller must ask for one; everybody else is told to wait.
        case request
        case wait
        case refuse(ServiceError)
    }

    /// Ten minutes before the documented two hours are over.
    static let renewal = Duration.seconds(110 * 60)

    private enum State {
        case none
        case requesting
        case valid(Token, renewAt: Duration)
        case refused(ServiceError)
    }

    private var state = State.none
    private var issued = 0

    mutating func tokenNeeded(now: Duration) -> Answer {
        switch self.state {
        case .valid(let token, let renewAt) where now < renewAt:
            return .use(token)
        case .none, .valid:
            self.state = .requesting
            return .request
        case .requesting:
            return .wait
        case .refused(let error):
            return .refuse(error)
        }
    }

    /// - Parameters:
    ///   - lifetime: if the service named one.
    ///   - sentAt: when the request for it was sent; the lifetime began at the far side, later than that.
    mutating func tokenReceived(_ value: Secret, lifetime: Duration?, sentAt: Duration) -> Token {
        self.issued += 1
        let token = Token(value: value, number: self.issued)
        let usable = min(Self.renewal, lifetime.map { $0 * 11 / 12 } ?? Self.renewal)
        self.state = .valid(token, renewAt: sentAt + usable)
        return token
    }

    mutating func requestEnded(with error: ServiceError) {
        self.state = error.reason == .refused ? .refused(error) : .none
    }

    /// A call with this token got a 401.
    mutating func tokenRejected(_ token: Token) {
        if case .valid(let current, _) = self.state, current.number == token.number { self.state = .none }
    }
}
