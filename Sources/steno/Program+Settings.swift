import Steno
import StenoCore
import StenoSandbox
import StenoStore

extension Program {
    /// What settings are made from: options, environment and files.
    func settingsInput(_ options: [String: String] = [:]) -> SettingsInput {
        SettingsInput(options: options, environment: self.environment, configPath: self.options.config)
    }

    /// The settings in force.
    ///
    /// - Parameters:
    ///   - options: values of options by setting name.
    ///   - sandbox: where a sandbox listens; then no real service and no real credential is even looked at.
    func settings(_ options: [String: String] = [:], sandbox: String?) throws(SettingsError) -> Settings {
        try Settings.load(self.settingsInput(options), sandbox: try sandbox.map(Self.endpoints))
    }

    /// The recordings of a home, with their keys.
    ///
    /// - Parameter home: as the settings say; that of a sandbox is a folder in the real one.
    func library(home: String) -> RecordingLibrary {
        RecordingLibrary(home: home, vault: RecordingVault(home: home, self.settingsInput()))
    }

    private static func endpoints(at address: String) throws(SettingsError) -> SandboxEndpoints {
        try SandboxEndpoints(
            base: address,
            credentials: .init(
                juvolyAPIKey: Secret(SandboxCredentials.juvolyMasterKey),
                juvolyClientID: SandboxCredentials.juvolyClientID,
                invoxAppID: Secret(SandboxCredentials.invoxAppID),
                invoxAPIKey: Secret(SandboxCredentials.invoxAPIKey),
                connectVetsAPIKey: Secret(SandboxCredentials.connectVetsKey),
                nxVETAPIKey: Secret(SandboxCredentials.nxVETKey),
                nxVETOrganisationID: SandboxCredentials.nxVETOrganisation,
                nxVETWebhookSecret: Secret(SandboxCredentials.nxVETWebhookSecret)
            )
        )
    }
}
