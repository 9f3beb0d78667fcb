/// One setting as `steno doctor --settings` shows it.
package struct SettingsReportLine: Sendable {
    package let key: SettingKey
    /// Redacted already where it must be; `nil` if the setting is not set.
    package let value: String?
    package let origin: SettingOrigin?
}

extension SettingsReportLine: CustomStringConvertible {
    package var description: String {
        guard let value, let origin else { return "\(self.key.rawValue) is not set" }
        return "\(self.key.rawValue) = \(value)  (from \(origin))"
    }
}
