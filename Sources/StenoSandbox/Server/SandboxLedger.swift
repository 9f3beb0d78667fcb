import Synchronization

/// Where every part of the sandbox writes down what it saw. Shared by all connections and by the tests.
final class SandboxLedger: Sendable {
    /// Entries beyond these are counted nowhere and dropped: a sandbox that runs for weeks must not grow.
    static let requestLimit = 100_000
    static let violationLimit = 10_000

    private struct State {
        var journal = SandboxJournal()
        var violations: [SandboxViolation] = []
    }

    private let state = Mutex(State())

    var journal: SandboxJournal { self.state.withLock { $0.journal } }
    var violations: [SandboxViolation] { self.state.withLock { $0.violations } }

    func violated(_ service: SandboxService, _ rule: String, _ what: String) {
        self.state.withLock {
            guard $0.violations.count < Self.violationLimit else { return }
            $0.violations.append(SandboxViolation(service: service, rule: rule, what: what))
        }
    }

    /// - Returns: the entry's number for `answered`, or `nil` when the journal is full.
    func received(_ head: HTTPRequestHead, service: SandboxService) -> Int? {
        self.state.withLock {
            guard $0.journal.requests.count < Self.requestLimit else { return nil }
            $0.journal.requests.append(
                SandboxJournal.Request(
                    service: service,
                    method: head.method,
                    path: head.path,
                    queryNames: head.query.map(\.name),
                    headerNames: head.fields.map(\.name),
                    bodyBytes: 0
                )
            )
            return $0.journal.requests.count - 1
        }
    }

    func answered(_ entry: Int?, bodyBytes: Int, status: Int) {
        guard let entry else { return }
        self.state.withLock {
            $0.journal.requests[entry].bodyBytes = bodyBytes
            $0.journal.requests[entry].status = status
        }
    }

    /// - Returns: the entry's number for `update`, or `nil` when the journal is full.
    func opened(model: String) -> Int? {
        self.state.withLock {
            guard $0.journal.connections.count < Self.requestLimit else { return nil }
            $0.journal.connections.append(SandboxJournal.Connection(model: model))
            return $0.journal.connections.count - 1
        }
    }

    func update(_ connection: Int?, _ change: (inout SandboxJournal.Connection) -> Void) {
        guard let connection else { return }
        self.state.withLock { change(&$0.journal.connections[connection]) }
    }
}
