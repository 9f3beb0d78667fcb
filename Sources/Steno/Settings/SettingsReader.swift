internal import StenoCore
internal import StenoHTTP

/// Turns what was written into values, and collects every mistake on the way, so that a person mends all of them at
/// once.
struct SettingsReader {
    private let resolver: SettingsResolver
    private let home: String?
    private(set) var mistakes: [String] = []
    private(set) var report: [SettingsReportLine] = []

    /// - Parameter home: what `~` stands for.
    init(_ resolver: SettingsResolver, home: String?, mistakes: [String]) {
        self.resolver = resolver
        self.home = home
        self.mistakes = mistakes
    }

    mutating func secret(_ key: SettingKey) -> Setting<Secret>? {
        self.read(key, show: { _ in "‹redacted›" }) { text in
            guard text.utf8.count <= 4_096, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                return .mistake("has a space, a line break or another character that no key has.")
            }
            return .value(Secret(text))
        }
    }

    mutating func text(_ key: SettingKey) -> Setting<String>? {
        self.read(key, show: { $0 }) { text in
            if let problem = Self.problem(of: text, kind: key.kind) { return .mistake(problem) }
            return .value(text)
        }
    }

    mutating func url(_ key: SettingKey) -> Setting<ServiceURL>? {
        let family: ServiceURL.Family = key.kind == .socketURL ? .socket : .web
        return self.read(key, show: { $0.origin + $0.path + ($0.query == nil ? "" : "?‹redacted›") }) { text in
            do throws(ServiceURLError) {
                return .value(try ServiceURL(text, family: family))
            } catch {
                return .mistake(error.description)
            }
        }
    }

    mutating func choice<Value: RawRepresentable & Sendable>(_ key: SettingKey, as type: Value.Type) -> Setting<Value>?
    where Value.RawValue == String {
        self.read(key, show: { $0.rawValue }) { text in
            if let value = Value(rawValue: text) { return .value(value) }
            guard case .choice(let names) = key.kind else { return .mistake("unknown.") }
            return .mistake("'\(Self.shown(text))' is none of \(names.joined(separator: ", ")).")
        }
    }

    mutating func flag(_ key: SettingKey) -> Setting<Bool>? {
        self.read(key, show: { $0 ? "yes" : "no" }) { text in
            switch text.lowercased() {
            case "yes", "true", "on", "1": .value(true)
            case "no", "false", "off", "0": .value(false)
            default: .mistake("'\(Self.shown(text))' is neither yes nor no.")
            }
        }
    }

    mutating func count(_ key: SettingKey) -> Setting<Int>? {
        self.read(key, show: { String($0) }) { text in
            guard case .count(let range) = key.kind, let value = Int(text), range.contains(value) else {
                let bounds =
                    if case .count(let range) = key.kind { "\(range.lowerBound) to \(range.upperBound)" } else { "0" }
                return .mistake("'\(Self.shown(text))' is not a whole number from \(bounds).")
            }
            return .value(value)
        }
    }

    mutating func duration(_ key: SettingKey) -> Setting<Duration>? {
        self.read(key, show: { DurationText.format($0) }) { text in
            guard let value = DurationText.parse(text) else {
                return .mistake("'\(Self.shown(text))' is not a length of time. Write it as 30 s, 2 min or 1 h.")
            }
            guard case .duration(let range) = key.kind, range.contains(value) else {
                let bounds =
                    if case .duration(let range) = key.kind {
                        "\(DurationText.format(range.lowerBound)) to \(DurationText.format(range.upperBound))"
                    } else {
                        ""
                    }
                return .mistake("'\(Self.shown(text))' is outside \(bounds).")
            }
            return .value(value)
        }
    }

    /// An absolute path; `~/` is the person's home. Only options and variables may be relative to where one stands.
    mutating func path(_ key: SettingKey) -> Setting<String>? {
        let home = self.home
        guard let setting = self.read(key, show: { $0 }, convert: { Outcome.value(Self.expanded($0, home: home)) })
        else {
            return nil
        }
        if case .configuration = setting.origin, !setting.value.hasPrefix("/") {
            self.mistakes.append("\(setting.origin.place(of: key)): the path must begin with / or ~/.")
            return nil
        }
        return setting
    }

    /// Records what only shows when values are seen together.
    mutating func require(_ key: SettingKey, _ problem: String) {
        let origin = self.report.last { $0.key == key }?.origin ?? .builtIn
        self.mistakes.append("\(origin.place(of: key)): \(problem)")
    }

    /// Shows `value` instead of what was read.
    mutating func correctReport(of key: SettingKey, to value: String) {
        guard let index = self.report.lastIndex(where: { $0.key == key }) else { return }
        self.report[index] = SettingsReportLine(key: key, value: value, origin: self.report[index].origin)
    }

    static func expanded(_ path: String, home: String?) -> String {
        guard path.hasPrefix("~/"), let home else { return path }
        return SettingsInput.joined(home, String(path.dropFirst(2)))
    }

    private enum Outcome<Value> {
        case value(Value)
        case mistake(String)
    }

    private mutating func read<Value: Sendable>(
        _ key: SettingKey,
        show: (Value) -> String,
        convert: (String) -> Outcome<Value>
    ) -> Setting<Value>? {
        guard let raw = self.resolver.raw(key) else {
            self.report.append(SettingsReportLine(key: key, value: nil, origin: nil))
            return nil
        }
        // Files and shells leave line ends behind.
        let text = raw.text.trimmingASCIIWhitespace()
        let outcome: Outcome<Value> = text.isEmpty ? .mistake("is empty. Give a value, or remove it.") : convert(text)
        switch outcome {
        case .value(let value):
            self.report.append(SettingsReportLine(key: key, value: show(value), origin: raw.origin))
            return Setting(value, from: raw.origin)
        case .mistake(let problem):
            self.mistakes.append("\(raw.origin.place(of: key)): \(problem)")
            return nil
        }
    }
}

extension SettingsReader {
    private static func problem(of text: String, kind: SettingKind) -> String? {
        switch kind {
        case .token:
            let isToken = text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
            return isToken && text.utf8.count <= 1_024 ? nil : "has a character that cannot stand in a handshake."
        case .language:
            let isCode = (2...3).contains(text.utf8.count) && text.utf8.allSatisfy { (0x61...0x7A).contains($0) }
            return isCode ? nil : "'\(Self.shown(text))' is not a language code of ISO 639, such as nl or en."
        case .date:
            let isDate = text.utf8.count == 10 && HTTPDate.secondsSince1970("\(text)T00:00:00Z") != nil
            return isDate ? nil : "'\(Self.shown(text))' is not a date such as 2026-03-01."
        default:
            let hasControl = text.unicodeScalars.contains { $0.properties.generalCategory == .control }
            return hasControl || text.utf8.count > 4_096 ? "has a line break or another control character." : nil
        }
    }

    /// What the person wrote, short and harmless, for a message.
    private static func shown(_ text: String) -> String {
        String(
            text.prefix(24).map {
                $0.isASCII && $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F } ? $0 : "?"
            }
        )
    }
}

extension String {
    /// Without spaces, tabs and line ends at both ends.
    func trimmingASCIIWhitespace() -> String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let bytes = self.utf8
        guard let first = bytes.firstIndex(where: { !isBlank($0) }),
            let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(self[first...last])
    }
}
