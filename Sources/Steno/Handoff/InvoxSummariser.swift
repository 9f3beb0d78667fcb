import StenoHandoff
package import StenoHTTP

/// Has Invox write a summary or a SOAP note from the transcript: asked once, because it may be billed.
package struct InvoxSummariser: TranscriptSummarising {
    private let client: InvoxClient

    /// - Throws: what is missing to use Invox.
    package init(_ settings: Settings, transport: HTTPTransport) throws(SettingsError) {
        let invox = settings.invox
        guard let appID = invox.appID, let apiKey = invox.apiKey, let base = invox.baseURL, let token = invox.tokenURL
        else {
            let missing = [
                ("INVOX_APP_ID", invox.appID == nil), ("INVOX_API_KEY", invox.apiKey == nil),
                ("INVOX_BASE_URL", invox.baseURL == nil), ("INVOX_TOKEN_URL", invox.tokenURL == nil),
            ].filter(\.1).map(\.0)
            throw SettingsError(
                "Invox is not set up: \(missing.joined(separator: ", ")) missing. Set it, or try --sandbox."
            )
        }
        self.client = InvoxClient(
            InvoxClient.Configuration(
                base: base.value,
                tokenURL: token.value,
                appID: appID.value,
                apiKey: apiKey.value,
                apiVersion: invox.apiVersion.value,
                timeLimit: invox.timeout.value,
                connectionTries: 3,
                repeatsUnknown: invox.repeatsUnknown.value
            ),
            transport: transport
        )
    }

    package func summarise(
        _ transcript: TranscriptForSummary,
        tell: @Sendable (RunEvent) -> Void
    ) async -> ExitCode {
        let name = transcript.kind.rawValue
        guard let language = transcript.language else {
            let reason = "Invox needs the language of the summary. Say --language CODE."
            tell(.delivery(DeliveryReport(target: name, state: .failed, reason: reason)))
            return .configuration
        }
        do throws(ServiceError) {
            let summary = try await self.client.summarize(
                SummaryRequest(
                    transcript: transcript.text,
                    format: transcript.kind == .invoxSOAP ? .soap : .summary,
                    language: language
                )
            )
            tell(.summary(Self.written(summary.note, of: transcript)))
            return .success
        } catch {
            let state: DeliveryReport.State =
                switch error.reason {
                case .refused: .refused
                case .unknownOutcome: .unknown
                default: .failed
                }
            tell(.delivery(DeliveryReport(target: name, state: state, reason: error.message)))
            switch error.reason {
            case .refused: return .refused
            case .misconfigured: return .configuration
            default: return .unfinished
            }
        }
    }

    private static func written(_ note: ClinicalNote, of transcript: TranscriptForSummary) -> WrittenSummary {
        let parts: [WrittenSummary.Part] =
            switch note {
            case .text(let text): [.init(title: "", text: text)]
            case .fields(let fields): fields.map { .init(title: $0.name, text: $0.value) }
            }
        return WrittenSummary(
            name: transcript.kind.rawValue,
            parts: parts,
            covers: transcript.covers,
            isPartial: transcript.isPartial
        )
    }
}
