internal import StenoCore
internal import StenoHTTP

extension Settings {
    /// Reads and checks all settings.
    /// - Parameter sandbox: when given, every service address and key is the sandbox's; real credentials are not even
    ///   looked at, and recordings keep to a folder of their own.
    /// - Throws: every mistake found, each with its place.
    package static func load(_ input: SettingsInput, sandbox: SandboxEndpoints? = nil) throws(SettingsError)
        -> Settings
    {
        var mistakes: [String] = []
        let (file, path) = try Self.configuration(input)
        mistakes += file.mistakes
        var sources = [SettingSource.options(input)]
        if sandbox == nil { sources.append(.credentials(input, mistakes: &mistakes)) }
        sources.append(.environment(input))
        let given = Set(sources.flatMap(\.values.keys))
        var configured = SettingSource(name: "file", values: file.values)
        if sandbox == nil {
            configured.addKeyFiles(file.keyFiles, unless: given, home: input.variable("HOME"), mistakes: &mistakes)
        }
        sources.append(configured)
        if let sandbox {
            sources = sources.map(\.withoutServiceAccess)
            sources.insert(sandbox.source, at: 0)
        } else {
            sources.append(.storedUserKey(input, mistakes: &mistakes, isNeeded: !sources.hasValue(of: .juvolyAPIKey)))
        }
        sources.append(.builtIn(input))
        let resolver = SettingsResolver(sources)
        var reader = SettingsReader(resolver, home: input.variable("HOME"), mistakes: mistakes)
        return try Self.make(&reader, configurationFile: path, isSandbox: sandbox != nil)
    }

    private static func configuration(_ input: SettingsInput) throws(SettingsError) -> (SettingsFile, path: String?) {
        let candidates =
            input.configPath.map { [$0] }
            ?? [input.configurationFolder, input.systemFolder].compactMap(\.self).map {
                SettingsInput.joined($0, "steno.yaml")
            }
        for path in candidates {
            do throws(PrivateFile.Problem) {
                return (SettingsFile(parsing: try PrivateFile.read(path), path: path), path)
            } catch {
                if error == .missing, input.configPath == nil { continue }
                throw SettingsError(error.mistake(path))
            }
        }
        return (SettingsFile(parsing: "", path: ""), nil)
    }

    private static func make(
        _ reader: inout SettingsReader,
        configurationFile: String?,
        isSandbox: Bool
    ) throws(SettingsError) -> Settings {
        let recognition = reader.recognition()
        let juvoly = reader.juvoly()
        let invox = reader.invox()
        let connectVets = reader.connectVets()
        let nxVET = reader.nxVET()
        let storage = reader.storage(isSandbox: isSandbox)
        let caFile = reader.path(.tlsCAFile)
        reader.checkCombinations(juvoly: juvoly, connectVets: connectVets)
        guard reader.mistakes.isEmpty, let recognition, let juvoly, let invox, let connectVets, let nxVET, let storage
        else { throw SettingsError(reader.mistakes) }
        return Settings(
            recognition: recognition,
            juvoly: juvoly,
            invox: invox,
            connectVets: connectVets,
            nxVET: nxVET,
            storage: storage,
            caFile: caFile,
            warnings: Self.warnings(connectVets: connectVets, juvoly: juvoly),
            configurationFile: configurationFile,
            report: reader.report
        )
    }

    private static func warnings(connectVets: ConnectVets, juvoly: Juvoly) -> [String] {
        var warnings: [String] = []
        if connectVets.baseURL.value.host.lowercased().hasSuffix(".com") {
            warnings.append(
                "The ConnectVets address ends in .com; the service's own ends in .com.br "
                    + "(from \(connectVets.baseURL.origin))."
            )
        }
        if let sessionURL = juvoly.sessionURL, let key = juvoly.apiKey, key.origin != .sandbox {
            warnings.append(
                "A session broker is set (from \(sessionURL.origin)), so the Juvoly API key (from \(key.origin)) is "
                    + "not used. Remove it from this machine."
            )
        }
        return warnings
    }
}

extension [SettingSource] {
    fileprivate func hasValue(of key: SettingKey) -> Bool {
        self.contains { $0.values[key] != nil }
    }
}

extension SettingSource {
    /// A key file is only opened when nothing more important gives the key.
    fileprivate mutating func addKeyFiles(
        _ keyFiles: [SettingKey: RawSetting],
        unless given: Set<SettingKey>,
        home: String?,
        mistakes: inout [String]
    ) {
        for (key, named) in keyFiles.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where !given.contains(key) {
            guard case .configuration(let file, let line) = named.origin else { continue }
            let place = "\(file):\(line): \(key.rawValue)-file"
            let path = SettingsReader.expanded(named.text.trimmingASCIIWhitespace(), home: home)
            guard path.hasPrefix("/") else {
                mistakes.append("\(place): the path must begin with / or ~/.")
                continue
            }
            do {
                let text = try PrivateFile.read(path)
                let origin = SettingOrigin.keyFile(path: path, configuration: file, line: line)
                self.values[key] = RawSetting(text: text, origin: origin)
            } catch {
                mistakes.append("\(place): \(error.mistake(path))")
            }
        }
    }

    fileprivate static func storedUserKey(
        _ input: SettingsInput,
        mistakes: inout [String],
        isNeeded: Bool
    ) -> SettingSource {
        var source = SettingSource(name: "user key", values: [:])
        guard isNeeded, let path = UserKeyStore(input)?.path else { return source }
        do {
            source.values[.juvolyAPIKey] = RawSetting(
                text: try PrivateFile.read(path),
                origin: .storedUserKey(path: path)
            )
        } catch .missing {
            return source
        } catch {
            mistakes.append(error.mistake(path))
        }
        return source
    }
}
