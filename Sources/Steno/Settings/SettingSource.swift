/// A value as it was written, before anybody looked at its kind.
struct RawSetting: Sendable {
    var text: String
    var origin: SettingOrigin
}

/// One place settings come from: the options, the environment, a file.
struct SettingSource: Sendable {
    /// Unique among the sources of one run.
    let name: String
    var values: [SettingKey: RawSetting]
}

extension SettingSource {
    static func options(_ input: SettingsInput) -> SettingSource {
        var values: [SettingKey: RawSetting] = [:]
        for key in SettingKey.allCases where !key.isSecret {
            guard let text = input.options[key.rawValue] else { continue }
            values[key] = RawSetting(text: text, origin: .option(key.optionName ?? key.rawValue))
        }
        return SettingSource(name: "option", values: values)
    }

    static func environment(_ input: SettingsInput) -> SettingSource {
        var values: [SettingKey: RawSetting] = [:]
        for key in SettingKey.allCases {
            guard let name = key.environmentName, let text = input.variable(name) else { continue }
            values[key] = RawSetting(text: text, origin: .environment(name: name))
        }
        return SettingSource(name: "environment", values: values)
    }

    /// The systemd credentials directory; a credential that is not there is not a mistake, one that is unsafe is.
    static func credentials(_ input: SettingsInput, mistakes: inout [String]) -> SettingSource {
        var values: [SettingKey: RawSetting] = [:]
        guard let folder = input.variable("CREDENTIALS_DIRECTORY") else {
            return SettingSource(name: "credential", values: values)
        }
        for key in SettingKey.allCases {
            guard let name = key.credentialName else { continue }
            let path = SettingsInput.joined(folder, name)
            do {
                let text = try PrivateFile.read(path, rule: .noStranger)
                values[key] = RawSetting(text: text, origin: .credential(path: path))
            } catch .missing {
                continue
            } catch {
                mistakes.append(error.mistake(path))
            }
        }
        return SettingSource(name: "credential", values: values)
    }

    static func builtIn(_ input: SettingsInput) -> SettingSource {
        var values: [SettingKey: RawSetting] = [:]
        for key in SettingKey.allCases {
            let text = key == .storageHome ? input.dataFolder : key.defaultText
            guard let text else { continue }
            values[key] = RawSetting(text: text, origin: .builtIn)
        }
        return SettingSource(name: "default", values: values)
    }
}
