internal import Configuration
internal import Synchronization

/// Decides which source wins: the first one that has the value.
struct SettingsResolver: Sendable {
    private let sources: [SettingSource]
    private let reader: ConfigReader
    private let trail: AccessTrail

    /// - Parameter sources: the most important first.
    init(_ sources: [SettingSource]) {
        let trail = AccessTrail()
        self.sources = sources
        self.trail = trail
        self.reader = ConfigReader(
            providers: sources.map { source in
                let values = source.values.map { key, raw in
                    // Everything is marked secret: the library can be told by a variable to write what it reads to a
                    // file, and an address may hold a token.
                    (AbsoluteConfigKey([key.section, key.name]), ConfigValue(.string(raw.text), isSecret: true))
                }
                return InMemoryProvider(
                    name: source.name,
                    values: Dictionary(values, uniquingKeysWith: { first, _ in first })
                )
            },
            accessReporter: trail
        )
    }

    func raw(_ key: SettingKey) -> RawSetting? {
        guard let text = self.reader.string(forKey: ConfigKey([key.section, key.name]), isSecret: true) else {
            return nil
        }
        let winner = self.sources.first { "InMemoryProvider[\($0.name)]" == self.trail.provider }
        return winner?.values[key].map { RawSetting(text: text, origin: $0.origin) }
    }
}

/// Remembers which provider answered the last question.
private final class AccessTrail: AccessReporter {
    private let last = Mutex<String?>(nil)

    var provider: String? { self.last.withLock { $0 } }

    func report(_ event: AccessEvent) {
        let answering = event.providerResults.first { result in
            guard case .success(let lookup) = result.result else { return false }
            return lookup.value != nil
        }
        self.last.withLock { $0 = answering?.providerName }
    }
}
