import StenoCore
package import StenoHandoff
package import StenoHTTP

/// Every service that a recording can be handed over to, set up once, with one queue for all that goes there.
package struct DeliveryServices: Sendable {
    package let settings: Settings
    package let isSandboxed: Bool
    package let queue: DeliveryQueue
    private let connectVets: ConnectVetsClient?
    private let invox: InvoxClient?

    package init(_ settings: Settings, isSandboxed: Bool, transport: HTTPTransport, queue: DeliveryQueue = .init()) {
        self.settings = settings
        self.isSandboxed = isSandboxed
        self.queue = queue
        self.connectVets = settings.connectVets.apiKey.map { key in
            ConnectVetsClient(Self.configuration(settings.connectVets, key.value), transport: transport)
        }
        self.invox = Self.configuration(settings.invox).map { InvoxClient($0, transport: transport) }
    }

    /// What a delivery to the target belongs to; `nil` for a target that nothing is sent to.
    package func realm(of target: String) -> String? {
        self.settings.deliveryRealm(of: target, isSandboxed: self.isSandboxed)
    }

    /// - Throws: what is missing to use the target.
    package func check(_ target: String) throws(SettingsError) {
        _ = try self.target(target, DeliveryMaterial())
    }

    /// - Throws: what is missing to use the target.
    package func target(_ target: String, _ material: DeliveryMaterial) throws(SettingsError) -> any DeliveryTarget {
        switch Settings.deliveryBase(of: target) {
        case ConnectVetsDelivery.name:
            guard let client = self.connectVets else {
                throw SettingsError("CONNECTVETS_API_KEY is not set, so no note can be made. Set it, or try --sandbox.")
            }
            return ConnectVetsDelivery(
                client: client,
                settings: self.settings.connectVets,
                isNear: self.settings.connectVets.baseURL.value.isLoopback,
                spoolFolder: self.settings.storage.home.value + "/spool",
                material: material
            )
        case SummaryKind.invox.rawValue, SummaryKind.invoxSOAP.rawValue:
            guard let client = self.invox else { throw Self.missing(self.settings.invox) }
            let kind = SummaryKind(rawValue: Settings.deliveryBase(of: target)) ?? .invox
            return InvoxDelivery(kind: kind, client: client, material: material)
        default:
            throw SettingsError("This steno hands nothing over to '\(target)'.")
        }
    }

    private static func configuration(
        _ settings: Settings.ConnectVets,
        _ key: Secret
    ) -> ConnectVetsClient.Configuration {
        ConnectVetsClient.Configuration(
            base: settings.baseURL.value,
            apiKey: key,
            // Only one page of the vendor names a shortest length, so the service decides (CC-27); we only warn.
            limits: AudioLimits(
                bytes: Int64(settings.maxBytes.value),
                shortest: .zero,
                longest: settings.maxDuration.value
            ),
            uploadTimeLimit: settings.uploadTimeout.value,
            pollInterval: settings.baseURL.value.isLoopback ? .milliseconds(200) : .seconds(5)
        )
    }

    private static func configuration(_ settings: Settings.Invox) -> InvoxClient.Configuration? {
        guard let appID = settings.appID, let apiKey = settings.apiKey, let base = settings.baseURL,
            let token = settings.tokenURL
        else { return nil }
        return InvoxClient.Configuration(
            base: base.value,
            tokenURL: token.value,
            appID: appID.value,
            apiKey: apiKey.value,
            apiVersion: settings.apiVersion.value,
            timeLimit: settings.timeout.value,
            connectionTries: 1,
            repeatsUnknown: settings.repeatsUnknown.value
        )
    }

    private static func missing(_ settings: Settings.Invox) -> SettingsError {
        let missing = [
            ("INVOX_APP_ID", settings.appID == nil), ("INVOX_API_KEY", settings.apiKey == nil),
            ("INVOX_BASE_URL", settings.baseURL == nil), ("INVOX_TOKEN_URL", settings.tokenURL == nil),
        ].filter(\.1).map(\.0)
        return SettingsError(
            "Invox is not set up: \(missing.joined(separator: ", ")) missing. Set it, or try --sandbox."
        )
    }
}
