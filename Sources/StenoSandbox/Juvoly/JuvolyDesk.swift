import NIOCore
import StenoWire
import Synchronization

/// The state of the Juvoly stand-in that outlives a connection: session ids, and how often each thing was asked for.
final class JuvolyDesk: Sendable {
    /// Sessions that are remembered; the oldest is forgotten first, and is then as unknown as one that was never issued.
    static let sessionLimit = 10_000

    /// What the handshake finds under a session id.
    enum Ticket: Hashable {
        case valid
        case unknown
        case spent
        case expired
    }

    private struct Session {
        var expiry: NIODeadline
        var isSpent = false
    }

    private struct State {
        var sessions: [String: Session] = [:]
        var order: [String] = []
        var issued = 0
        var sessionRequests = 0
        var userKeyRequests = 0
        var handshakes = 0
        var connections = 0
        var summaryRequests = 0
        var utteranceIDs = 0
        var hasHeardSpeech = false
    }

    let faults: JuvolyFaults
    private let clock: @Sendable () -> NIODeadline
    private let state = Mutex(State())

    init(faults: JuvolyFaults, clock: @escaping @Sendable () -> NIODeadline) {
        self.faults = faults
        self.clock = clock
    }

    var now: NIODeadline { self.clock() }

    func countSessionRequest() -> Int { self.count(\.sessionRequests) }
    func countUserKeyRequest() -> Int { self.count(\.userKeyRequests) }
    func countHandshake() -> Int { self.count(\.handshakes) }
    func countConnection() -> Int { self.count(\.connections) }
    func countSummaryRequest() -> Int { self.count(\.summaryRequests) }

    /// The next number for utterances that are counted across connections.
    func takeUtteranceID() -> Int { self.count(\.utteranceIDs) - 1 }

    /// Whether any connection ever completed an utterance that has text.
    var hasHeardSpeech: Bool { self.state.withLock { $0.hasHeardSpeech } }

    func speechWasHeard() { self.state.withLock { $0.hasHeardSpeech = true } }

    private func count(_ counter: any WritableKeyPath<State, Int> & Sendable) -> Int {
        self.state.withLock {
            $0[keyPath: counter] += 1
            return $0[keyPath: counter]
        }
    }

    /// A new session id: deterministic, and usable as a subprotocol token.
    func issueSession(request: Int) -> String {
        let lifetime = self.faults.sessionLifetime.value(at: request)
        let expiry = self.clock() + .nanoseconds(lifetime.nanoseconds)
        return self.state.withLock {
            $0.issued += 1
            let id = "sandbox-session-\($0.issued)"
            $0.sessions[id] = Session(expiry: expiry)
            $0.order.append(id)
            if $0.order.count > Self.sessionLimit {
                $0.sessions[$0.order.removeFirst()] = nil
            }
            return id
        }
    }

    /// Looks a session id up and spends it: an attempt spends it even when the handshake is refused later (JA-2).
    func redeem(_ id: String) -> Ticket {
        let now = self.clock()
        return self.state.withLock {
            guard let session = $0.sessions[id] else { return .unknown }
            $0.sessions[id]?.isSpent = true
            if session.isSpent { return .spent }
            return now >= session.expiry ? .expired : .valid
        }
    }
}
