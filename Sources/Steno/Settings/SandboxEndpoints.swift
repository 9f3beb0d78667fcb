package import StenoCore
internal import StenoHTTP

/// Where a sandbox listens and what it accepts as credentials. All addresses are on this machine.
package struct SandboxEndpoints: Sendable {
    package struct Credentials: Sendable {
        package var juvolyAPIKey: Secret
        package var juvolyClientID: String
        package var invoxAppID: Secret
        package var invoxAPIKey: Secret
        package var connectVetsAPIKey: Secret
        package var nxVETAPIKey: Secret
        package var nxVETOrganisationID: String
        package var nxVETWebhookSecret: Secret

        package init(
            juvolyAPIKey: Secret,
            juvolyClientID: String,
            invoxAppID: Secret,
            invoxAPIKey: Secret,
            connectVetsAPIKey: Secret,
            nxVETAPIKey: Secret,
            nxVETOrganisationID: String,
            nxVETWebhookSecret: Secret
        ) {
            self.juvolyAPIKey = juvolyAPIKey
            self.juvolyClientID = juvolyClientID
            self.invoxAppID = invoxAppID
            self.invoxAPIKey = invoxAPIKey
            self.connectVetsAPIKey = connectVetsAPIKey
            self.nxVETAPIKey = nxVETAPIKey
            self.nxVETOrganisationID = nxVETOrganisationID
            self.nxVETWebhookSecret = nxVETWebhookSecret
        }
    }

    /// What each address setting becomes.
    private let addresses: [SettingKey: String]
    private let credentials: Credentials

    /// - Parameter base: `http://127.0.0.1:PORT`, with or without the last slash. Each service answers below it under
    ///   the path it has in the real world.
    /// - Throws: if `base` is not plain `http` on this machine.
    package init(base: String, credentials: Credentials) throws(SettingsError) {
        let url: ServiceURL
        do throws(ServiceURLError) {
            url = try ServiceURL(base)
        } catch {
            throw SettingsError("--sandbox: \(error)")
        }
        guard url.scheme == .http, url.isLoopback, url.path.isEmpty || url.path == "/", url.query == nil else {
            throw SettingsError("--sandbox: the address must be http://localhost:PORT, without a path.")
        }
        let origin = url.origin
        self.addresses = [
            .juvolyRESTURL: "\(origin)/api/v2/rest",
            .juvolySocketURL: "ws\(origin.dropFirst(4))/api/v2/socket/",
            .invoxBaseURL: origin,
            .invoxTokenURL: "\(origin)\(Self.invoxTokenPath)",
            .connectVetsBaseURL: "\(origin)/notes/v1",
            .nxVETBaseURL: "\(origin)/api",
        ]
        self.credentials = credentials
    }

    /// The vendor's own path is not known (IA-1), so the sandbox chose one.
    package static let invoxTokenPath = "/oauth/token"

    var source: SettingSource {
        var texts = self.addresses
        texts[.juvolyAPIKey] = self.credentials.juvolyAPIKey.reveal { $0 }
        texts[.juvolyClientID] = self.credentials.juvolyClientID
        texts[.invoxAppID] = self.credentials.invoxAppID.reveal { $0 }
        texts[.invoxAPIKey] = self.credentials.invoxAPIKey.reveal { $0 }
        texts[.connectVetsAPIKey] = self.credentials.connectVetsAPIKey.reveal { $0 }
        texts[.nxVETAPIKey] = self.credentials.nxVETAPIKey.reveal { $0 }
        texts[.nxVETOrganisationID] = self.credentials.nxVETOrganisationID
        texts[.nxVETWebhookSecret] = self.credentials.nxVETWebhookSecret.reveal { $0 }
        return SettingSource(
            name: "sandbox",
            values: texts.mapValues { RawSetting(text: $0, origin: .sandbox) }
        )
    }
}

extension SettingSource {
    /// The same without any key, address or identity of a service.
    var withoutServiceAccess: SettingSource {
        var source = self
        source.values = source.values.filter { key, _ in
            switch key.kind {
            case .secret, .webURL, .socketURL: false
            default: key != .juvolyClientID && key != .nxVETOrganisationID
            }
        }
        return source
    }
}
