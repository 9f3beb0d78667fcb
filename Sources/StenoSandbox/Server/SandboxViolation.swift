/// The services that the sandbox stands in for.
package enum SandboxService: String, Hashable, Sendable, CaseIterable {
    case juvoly, invox, connectVets, nxVET
    /// The host that holds ConnectVets' transcripts.
    case connectVetsCDN
    /// No service owns the path.
    case unknown
}

/// One request or message that broke a rule of a contract. A client that is right leaves none behind.
package struct SandboxViolation: Hashable, Sendable, CustomStringConvertible {
    package var service: SandboxService
    /// The place in the contract, such as `6.4` or `JA-1`.
    package var rule: String
    /// What was wrong, without any value that was sent.
    package var what: String

    package init(service: SandboxService, rule: String, what: String) {
        self.service = service
        self.rule = rule
        self.what = what
    }

    package var description: String { "\(self.service.rawValue) \(self.rule): \(self.what)" }
}
