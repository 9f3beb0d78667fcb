package import StenoCore
package import StenoHTTP

/// Everything a person can set, checked, each value with the place it came from.
///
/// Order: option, systemd credential, environment, configuration file, default. See `samples/config/steno.yaml`.
package struct Settings: Sendable {
    /// Who recognises the speech.
    package enum Engine: String, CaseIterable, Sendable {
        case juvoly, local
    }

    /// What is sent while speaking.
    package enum Uplink: String, CaseIterable, Sendable {
        case pcm, flac
    }

    /// How the service is told that nothing more will be said (contract Juvoly §8.4).
    package enum EndOfStream: String, CaseIterable, Sendable {
        case silenceThenClose = "silence-then-close"
        case closeFirst = "close-first"
        case emptyBinary = "empty-binary"
        case textMessage = "text-message"
    }

    /// How audio is uploaded.
    package enum UploadFormat: String, CaseIterable, Sendable {
        /// WAV while it fits, else MP3.
        case auto
        case wav, mp3, flac
    }

    /// What becomes of a recording that is longer than a service takes.
    package enum LongRecording: String, CaseIterable, Sendable {
        case split, refuse
    }

    package struct Recognition: Sendable {
        package let engine: Setting<Engine>
        /// ISO 639 code of what is spoken and of the summaries.
        package let language: Setting<String>?
    }

    package struct Juvoly: Sendable {
        package let apiKey: Setting<Secret>?
        package let clientID: Setting<String>?
        package let restURL: Setting<ServiceURL>
        package let socketURL: Setting<ServiceURL>
        /// The organisation's broker; when set, no API key is used.
        package let sessionURL: Setting<ServiceURL>?
        package let model: Setting<String>
        package let uplink: Setting<Uplink>
        package let readyTimeout: Setting<Duration>
        /// The longest a connection lasts on the far side, if that is known.
        package let connectionLimit: Setting<Duration>?
        package let endOfStream: Setting<EndOfStream>
        /// Sent at the end with `text-message`.
        package let endMessage: Setting<String>?
        package let subprotocol: Setting<String>
        package let acceptsAnySubprotocol: Setting<Bool>
    }

    package struct Invox: Sendable {
        package let appID: Setting<Secret>?
        package let apiKey: Setting<Secret>?
        package let baseURL: Setting<ServiceURL>?
        package let tokenURL: Setting<ServiceURL>?
        package let apiVersion: Setting<String>
        package let timeout: Setting<Duration>
        /// Whether a summary whose outcome is unknown may be asked for once more, which may be billed twice.
        package let repeatsUnknown: Setting<Bool>
    }

    package struct ConnectVets: Sendable {
        package let apiKey: Setting<Secret>?
        package let baseURL: Setting<ServiceURL>
        package let format: Setting<UploadFormat>
        package let long: Setting<LongRecording>
        package let maxBytes: Setting<Int>
        package let minDuration: Setting<Duration>
        package let maxDuration: Setting<Duration>
        package let uploadTimeout: Setting<Duration>
        /// How long `--wait` waits, unless twice the recording is longer.
        package let wait: Setting<Duration>
    }

    package struct NxVET: Sendable {
        package let apiKey: Setting<Secret>?
        package let organisationID: Setting<String>?
        package let baseURL: Setting<ServiceURL>
        package let webhookSecret: Setting<Secret>?
    }

    package struct Storage: Sendable {
        package let home: Setting<String>
        /// Days a finished recording is kept.
        package let keepDays: Setting<Int>
        package let isSealed: Setting<Bool>
    }

    package let recognition: Recognition
    package let juvoly: Juvoly
    package let invox: Invox
    package let connectVets: ConnectVets
    package let nxVET: NxVET
    package let storage: Storage
    /// An extra file of certificate authorities.
    package let caFile: Setting<String>?

    /// What is allowed but probably not meant, one sentence each.
    package let warnings: [String]
    /// The configuration file that was read, if any.
    package let configurationFile: String?
    /// Every setting with its value and origin, in the order of the catalogue.
    package let report: [SettingsReportLine]
}
