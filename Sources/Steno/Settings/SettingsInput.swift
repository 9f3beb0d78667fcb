/// Everything settings are made from, so that a test can give all of it.
package struct SettingsInput: Sendable {
    /// Values of options by setting name (`juvoly.model`), only those the person wrote. Never a secret.
    package var options: [String: String]
    package var environment: [String: String]
    /// `--config`; then this file must exist.
    package var configPath: String?
    /// Where the file for the whole machine lies.
    package var systemFolder: String

    package init(
        options: [String: String] = [:],
        environment: [String: String],
        configPath: String? = nil,
        systemFolder: String = "/etc/steno"
    ) {
        self.options = options
        self.environment = environment
        self.configPath = configPath
        self.systemFolder = systemFolder
    }

    /// A variable that is set to nothing counts as not set.
    func variable(_ name: String) -> String? {
        self.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// `$XDG_CONFIG_HOME/steno`, else `~/.config/steno`; `nil` without a home. A relative path is ignored, as the XDG
    /// specification asks.
    package var configurationFolder: String? { self.folder("XDG_CONFIG_HOME", underHome: ".config") }

    /// `$XDG_DATA_HOME/steno`, else `~/.local/share/steno`.
    var dataFolder: String? { self.folder("XDG_DATA_HOME", underHome: ".local/share") }

    private func folder(_ name: String, underHome: String) -> String? {
        if let base = self.variable(name), base.hasPrefix("/") { return Self.joined(base, "steno") }
        return self.variable("HOME").map { Self.joined(Self.joined($0, underHome), "steno") }
    }

    static func joined(_ folder: String, _ name: String) -> String {
        folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }
}
