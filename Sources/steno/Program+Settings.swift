import Steno
import StenoCore
import StenoSandbox

extension Program {
    /// What settings are made from: options, environment and files.
    func settingsInput(_ options: [String: String] = [:]) -> SettingsInput {
        SettingsInput(options: options, environment: self.environment, configPath: self.options.config)
    }

    /// The settings in force.
    ///
    /// - Parameters:
    ///   - options: values of options by setting name.
    ///   - sandbox: what the person asked for; then no real service and no real credential is even looked at.
    ///   - own: the sandbox that was started in this process, if one was.
    func settings(
        _ options: [String: String] = [:],
        sandbox: SandboxChoice?,
        own: SandboxServer? = nil
    ) throws(SettingsError) -> Settings {
        let input = self.settingsInput(options)
        switch (sandbox, own) {
        case (.at(let address), _): return try Settings.load(input, sandbox: try Self.endpoints(at: address))
        case (.own, let server?): return try Settings.load(input, sandbox: try Self.endpoints(at: server.baseURL))
        case (.own, nil), (nil, _): return try Settings.load(input)
        }
    }

    private static func endpoints(at address: String) throws(SettingsError) -> SandboxEndpoints {
        try SandboxEndpoints(
            base: address,
            credentials: .init(
                juvolyAPIKey: Secret(SandboxCredentials.juvolyMasterKey),
                juvolyClientID: SandboxCredentials.juvolyClientID,
                invoxAppID: Secret(SandboxCredentials.invoxAppID),
                invoxAPIKey: Secret(SandboxCredentials.invoxAPIKey),
                connectVetsAPIKey: Secret(SandboxCredentials.connectVetsKey)
            )
        )
    }
}
