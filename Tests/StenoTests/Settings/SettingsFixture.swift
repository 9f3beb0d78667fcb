import FoundationEssentials
import Steno
import StenoCore

/// A home folder of its own for one test: write files, then load settings as a person with that home would get them.
final class SettingsFixture {
    let home: String
    var environment: [String: String] = [:]
    var options: [String: String] = [:]
    var configPath: String?

    init() throws {
        self.home = FileManager.default.temporaryDirectory.path + "/steno-settings-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: self.home, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: self.home)
    }

    var input: SettingsInput {
        SettingsInput(
            options: self.options,
            environment: ["HOME": self.home].merging(self.environment) { _, given in given },
            configPath: self.configPath,
            systemFolder: self.home + "/etc"
        )
    }

    /// Writes a file below the home, with its folders, and gives its path.
    @discardableResult
    func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        let path = "\(self.home)/\(name)"
        let folder = path.split(separator: "/").dropLast().map { "/\($0)" }.joined()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    /// Writes the person's configuration file.
    @discardableResult
    func configure(_ text: String, mode: Int = 0o600) throws -> String {
        try self.write(text, to: ".config/steno/steno.yaml", mode: mode)
    }

    func load(sandbox: SandboxEndpoints? = nil) throws -> Settings {
        try Settings.load(self.input, sandbox: sandbox)
    }

    /// The mistakes with the home written as `~`.
    func mistakes() -> [String] {
        do {
            _ = try self.load()
            return []
        } catch let error as SettingsError {
            return error.mistakes.map { $0.replacing(self.home, with: "~") }
        } catch {
            return ["\(error)"]
        }
    }
}

extension Setting<Secret> {
    var revealed: String { self.value.reveal { $0 } }
}
