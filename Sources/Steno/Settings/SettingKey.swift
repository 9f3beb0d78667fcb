/// Every setting there is, by its name in the configuration file: `juvoly.api-key` is `api-key` in section `juvoly`.
///
/// The same name gives the others: a secret may also stand in a file of its own, named by `juvoly.api-key-file`, and
/// the systemd credential of an environment variable is that variable in lower case with `-`.
package enum SettingKey: String, CaseIterable, Hashable, Sendable {
    case engine = "recognition.engine"
    case language = "recognition.language"

    case juvolyAPIKey = "juvoly.api-key"
    case juvolyClientID = "juvoly.client-id"
    case juvolyRESTURL = "juvoly.rest-url"
    case juvolySocketURL = "juvoly.socket-url"
    case juvolySessionURL = "juvoly.session-url"
    case juvolyModel = "juvoly.model"
    case juvolyUplink = "juvoly.uplink"
    case juvolyReadyTimeout = "juvoly.ready-timeout"
    case juvolyConnectionLimit = "juvoly.connection-limit"
    case juvolyEndOfStream = "juvoly.end-of-stream"
    case juvolyEndMessage = "juvoly.end-message"
    case juvolySubprotocol = "juvoly.subprotocol"
    case juvolyAnySubprotocol = "juvoly.accept-any-subprotocol"

    case invoxAppID = "invox.app-id"
    case invoxAPIKey = "invox.api-key"
    case invoxBaseURL = "invox.base-url"
    case invoxTokenURL = "invox.token-url"
    case invoxAPIVersion = "invox.api-version"
    case invoxTimeout = "invox.timeout"
    case invoxRepeatUnknown = "invox.repeat-unknown"

    case connectVetsAPIKey = "connectvets.api-key"
    case connectVetsBaseURL = "connectvets.base-url"
    case connectVetsFormat = "connectvets.format"
    case connectVetsLong = "connectvets.long"
    case connectVetsMaxBytes = "connectvets.max-bytes"
    case connectVetsMinDuration = "connectvets.min-duration"
    case connectVetsMaxDuration = "connectvets.max-duration"
    case connectVetsUploadTimeout = "connectvets.upload-timeout"
    case connectVetsWait = "connectvets.wait"

    case nxVETAPIKey = "nxvet.api-key"
    case nxVETOrganisationID = "nxvet.org-id"
    case nxVETBaseURL = "nxvet.base-url"
    case nxVETWebhookSecret = "nxvet.webhook-secret"

    case storageHome = "storage.home"
    case storageKeep = "storage.keep"
    case storageSeal = "storage.seal"

    case tlsCAFile = "tls.ca-file"

    var section: String { String(self.rawValue.prefix { $0 != "." }) }
    /// The name inside its section.
    var name: String { String(self.rawValue.drop { $0 != "." }.dropFirst()) }

    var isSecret: Bool { self.kind == .secret }

    /// The variable that sets it; only those of the command line contract have one.
    var environmentName: String? {
        switch self {
        case .juvolyAPIKey, .juvolyClientID, .juvolyRESTURL, .juvolySocketURL, .juvolySessionURL, .invoxAppID,
            .invoxAPIKey, .invoxBaseURL, .invoxTokenURL, .invoxAPIVersion, .connectVetsAPIKey, .connectVetsBaseURL,
            .nxVETAPIKey, .nxVETOrganisationID, .nxVETBaseURL, .nxVETWebhookSecret:
            String(self.rawValue.map { $0 == "." || $0 == "-" ? "_" : $0 }).uppercased()
        case .storageHome:
            "STENO_HOME"
        default:
            nil
        }
    }

    /// What a program that we start may know: no secret is passed on.
    package static func withoutSecrets(_ environment: [String: String]) -> [String: String] {
        let secrets = Set(Self.allCases.filter(\.isSecret).compactMap(\.environmentName))
        return environment.filter { !secrets.contains($0.key) && $0.key != "CREDENTIALS_DIRECTORY" }
    }

    /// The file in the systemd credentials directory.
    var credentialName: String? {
        guard self != .storageHome else { return nil }
        return self.environmentName.map { String($0.lowercased().map { $0 == "_" ? "-" : $0 }) }
    }

    /// The option that sets it.
    var optionName: String? {
        switch self {
        case .engine: "--engine"
        case .language: "--language"
        case .juvolyModel: "--model"
        case .juvolyUplink: "--uplink"
        case .storageKeep: "--keep"
        default: nil
        }
    }
}
