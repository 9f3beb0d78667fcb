import NIOCore
import Synchronization

/// The state of the Invox stand-in: tokens, and how often a note was made of the same transcript.
final class InvoxDesk: Sendable {
    /// Tokens that are remembered; the oldest is forgotten first.
    static let tokenLimit = 1_000
    /// Transcripts whose generations are counted.
    static let transcriptLimit = 100_000

    private struct Token {
        var expiry: NIODeadline
        var mayMakeSummaries: Bool
        var isRevokedByUse: Bool
    }

    private struct State {
        var tokens: [String: Token] = [:]
        var order: [String] = []
        var issued = 0
        var tokenRequests = 0
        var summaryRequests = 0
        var generations: [UInt64: Int] = [:]
    }

    /// What a token allows.
    enum Permission {
        case unknown, summaries, nothing
    }

    let faults: InvoxFaults
    private let clock: @Sendable () -> NIODeadline
    private let state = Mutex(State())

    init(faults: InvoxFaults, clock: @escaping @Sendable () -> NIODeadline) {
        self.faults = faults
        self.clock = clock
    }

    func countTokenRequest() -> Int {
        self.state.withLock {
            $0.tokenRequests += 1
            return $0.tokenRequests
        }
    }

    func countSummaryRequest() -> Int {
        self.state.withLock {
            $0.summaryRequests += 1
            return $0.summaryRequests
        }
    }

    func issueToken(request: Int, mayMakeSummaries: Bool) -> String {
        let lifetime = self.faults.tokenLifetime.value(at: request)
        let expiry = self.clock() + .nanoseconds(lifetime.nanoseconds)
        return self.state.withLock {
            $0.issued += 1
            let token = "sandbox-invox-token-\($0.issued)"
            $0.tokens[token] = Token(
                expiry: expiry,
                mayMakeSummaries: mayMakeSummaries,
                isRevokedByUse: lifetime == .revoked
            )
            $0.order.append(token)
            if $0.order.count > Self.tokenLimit { $0.tokens[$0.order.removeFirst()] = nil }
            return token
        }
    }

    func permission(of token: String) -> Permission {
        let now = self.clock()
        return self.state.withLock {
            guard let known = $0.tokens[token], now < known.expiry else { return .unknown }
            if known.isRevokedByUse { $0.tokens[token] = nil }
            return known.mayMakeSummaries ? .summaries : .nothing
        }
    }

    func generated(from transcript: String) {
        let digest = Self.digest(transcript)
        self.state.withLock {
            guard $0.generations[digest] != nil || $0.generations.count < Self.transcriptLimit else { return }
            $0.generations[digest, default: 0] += 1
        }
    }

    func generations(of transcript: String) -> Int {
        let digest = Self.digest(transcript)
        return self.state.withLock { $0.generations[digest] ?? 0 }
    }

    private static func digest(_ text: String) -> UInt64 {
        var hash = FNV1a()
        for byte in text.utf8 { hash.combine(byte) }
        return hash.value
    }
}
