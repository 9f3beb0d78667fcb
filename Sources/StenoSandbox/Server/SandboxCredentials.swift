/// Every credential the sandbox knows. Fixed and obviously false, so that none can be mistaken for a real one, and a real
/// one sent here by mistake is refused.
package enum SandboxCredentials {
    /// Belongs to the organisation; may fetch a user key.
    package static let juvolyMasterKey = "sandbox-juvoly-master-key"
    /// Belongs to one user; what the user-key call answers.
    package static let juvolyUserKey = "sandbox-juvoly-user-key"
    package static let juvolyClientID = "sandbox-client"
    package static let juvolyEmail = "clinician@sandbox.invalid"
    package static let juvolyPassword = "sandbox-password"

    package static let invoxAppID = "sandbox-invox-app"
    package static let invoxAPIKey = "sandbox-invox-key"
    /// A pair that is known, but whose key lacks the permission for summaries.
    package static let invoxAPIKeyWithoutPermission = "sandbox-invox-key-without-permission"

    package static let connectVetsKey = "sandbox-connectvets-key"
    /// A key that may read and not write.
    package static let connectVetsReadOnlyKey = "sandbox-connectvets-read-only-key"

    package static let nxVETKey = "nxvet_sk_sandbox_key"
    package static let nxVETOrganisation = "sandbox-organisation"
    /// What the stand-in signs its events with.
    package static let nxVETWebhookSecret = "whsec_sandbox_secret"
}
