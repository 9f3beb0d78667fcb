/// A value and where it came from.
package struct Setting<Value: Sendable>: Sendable {
    package let value: Value
    package let origin: SettingOrigin

    package init(_ value: Value, from origin: SettingOrigin) {
        self.value = value
        self.origin = origin
    }
}

extension Setting: Equatable where Value: Equatable {}

/// Where a value came from, so that a person can find and change it.
package enum SettingOrigin: Hashable, Sendable {
    case option(String)
    /// A file in the systemd credentials directory.
    case credential(path: String)
    case environment(name: String)
    case configuration(path: String, line: Int)
    /// A file that the configuration names.
    case keyFile(path: String, configuration: String, line: Int)
    /// What `steno login juvoly` stored.
    case storedUserKey(path: String)
    case sandbox
    case builtIn
}

extension SettingOrigin: CustomStringConvertible {
    package var description: String {
        switch self {
        case .option(let name): "option \(name)"
        case .credential(let path): "credential \(path)"
        case .environment(let name): "environment \(name)"
        case .configuration(let path, let line): "\(path):\(line)"
        case .keyFile(let path, let configuration, let line): "key file \(path), named in \(configuration):\(line)"
        case .storedUserKey(let path): "user key \(path)"
        case .sandbox: "sandbox"
        case .builtIn: "default"
        }
    }

    /// How a mistake in `key` begins: the place, and the name by which the value is known there.
    func place(of key: SettingKey) -> String {
        switch self {
        case .option(let name): name
        case .credential(let path), .storedUserKey(let path), .keyFile(let path, _, _): path
        case .environment(let name): "\(name) (environment)"
        case .configuration(let path, let line): "\(path):\(line): \(key.rawValue)"
        case .sandbox, .builtIn: key.rawValue
        }
    }
}
