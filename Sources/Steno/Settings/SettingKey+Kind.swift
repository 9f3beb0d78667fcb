/// What a setting may hold.
enum SettingKind: Hashable, Sendable {
    case text
    /// Shown nowhere. Visible ASCII only, because it goes into a header.
    case secret
    case webURL
    case socketURL
    case path
    case flag
    case count(ClosedRange<Int>)
    case duration(ClosedRange<Duration>)
    case choice([String])
    /// RFC 9110 token characters, for values that stand in a handshake.
    case token
    /// Lower-case ISO 639 code of two or three letters.
    case language
    /// `YYYY-MM-DD`.
    case date
}

extension SettingKey {
    var kind: SettingKind {
        switch self {
        case .juvolyAPIKey, .invoxAppID, .invoxAPIKey, .connectVetsAPIKey, .nxVETAPIKey, .nxVETWebhookSecret: .secret
        case .juvolyRESTURL, .juvolySessionURL, .invoxBaseURL, .invoxTokenURL, .connectVetsBaseURL, .nxVETBaseURL:
            .webURL
        case .juvolySocketURL: .socketURL
        case .juvolyClientID, .juvolySubprotocol: .token
        case .juvolyModel, .juvolyEndMessage, .nxVETOrganisationID: .text
        case .storageHome, .tlsCAFile: .path
        case .engine: .choice(Settings.Engine.allCases.map(\.rawValue))
        case .juvolyUplink: .choice(Settings.Uplink.allCases.map(\.rawValue))
        case .juvolyEndOfStream: .choice(Settings.EndOfStream.allCases.map(\.rawValue))
        case .language: .language
        case .invoxAPIVersion: .date
        case .juvolyAnySubprotocol, .invoxRepeatUnknown, .storageSeal: .flag
        case .juvolyReadyTimeout: .duration(.seconds(1) ... .seconds(300))
        case .juvolyConnectionLimit: .duration(.seconds(60) ... .seconds(604_800))
        case .invoxTimeout: .duration(.seconds(5) ... .seconds(600))
        case .connectVetsFormat: .choice(Settings.UploadFormat.allCases.map(\.rawValue))
        case .connectVetsLong: .choice(Settings.LongRecording.allCases.map(\.rawValue))
        case .connectVetsMaxBytes: .count(1_000...1_000_000_000)
        case .connectVetsMinDuration: .duration(.zero ... .seconds(3_600))
        case .connectVetsMaxDuration: .duration(.seconds(1) ... .seconds(86_400))
        case .connectVetsUploadTimeout: .duration(.seconds(10) ... .seconds(7_200))
        case .connectVetsWait: .duration(.seconds(10) ... .seconds(86_400))
        case .storageKeep: .count(0...36_500)
        }
    }

    /// What holds when nothing sets it, as it would be written; `nil` if it is then not set.
    var defaultText: String? {
        switch self {
        case .engine: Settings.Engine.juvoly.rawValue
        case .juvolyRESTURL: "https://services.juvoly.nl/api/v2/rest"
        case .juvolySocketURL: "wss://services.juvoly.nl/api/v2/socket/"
        case .juvolyModel: "generic"
        case .juvolyUplink: Settings.Uplink.pcm.rawValue
        case .juvolyReadyTimeout: "30 s"
        case .juvolyEndOfStream: Settings.EndOfStream.silenceThenClose.rawValue
        case .juvolySubprotocol: "v2.juvoly"
        case .juvolyAnySubprotocol, .invoxRepeatUnknown: "no"
        case .invoxAPIVersion: "2026-03-01"
        case .invoxTimeout: "120 s"
        case .connectVetsBaseURL: "https://api.connectvets.com.br/notes/v1"
        case .connectVetsFormat: Settings.UploadFormat.auto.rawValue
        case .connectVetsLong: Settings.LongRecording.split.rawValue
        case .connectVetsMaxBytes: "25000000"
        case .connectVetsMinDuration: "10 s"
        case .connectVetsMaxDuration: "60 min"
        case .connectVetsUploadTimeout: "10 min"
        case .connectVetsWait: "15 min"
        case .nxVETBaseURL: "https://app.nx.vet/api"
        case .storageKeep: "30"
        case .storageSeal: "yes"
        case .language, .juvolyAPIKey, .juvolyClientID, .juvolySessionURL, .juvolyConnectionLimit, .juvolyEndMessage,
            .invoxAppID, .invoxAPIKey, .invoxBaseURL, .invoxTokenURL, .connectVetsAPIKey, .nxVETAPIKey,
            .nxVETOrganisationID, .nxVETWebhookSecret, .storageHome, .tlsCAFile:
            nil
        }
    }
}
